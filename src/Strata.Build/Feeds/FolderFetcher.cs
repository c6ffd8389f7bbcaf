namespace Strata.Build.Feeds;

/// <summary>Takes packages out of the folders of a target's feeds.</summary>
internal sealed class FolderFetcher(PackagePool pool, IReadOnlyList<PackageFeed> feeds) : IPackageFetcher
{
    /// <inheritdoc/>
    public async Task FetchAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        await CopyAsync(locked, progress, cancellation);
        if (pool.Missing(locked) is [var gone, ..])
            throw new FeedUnavailableException($"The package feed '{string.Join("', '", feeds.Select(f => f.Name))}' no longer has {gone.Name} {gone.Version} at {gone.Path}; build without --locked to take what it has now, or from a folder of 'strata layer vendor'.");
    }

    /// <summary>Brings what lies in a folder, and leaves the rest.</summary>
    public async Task CopyAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var missing = pool.Missing(locked);
        var done = 0L;
        foreach (var package in missing)
        {
            var file = feeds.Where(f => f.Folder is not null).Select(f => Path.Combine(f.Folder!, package.Path)).FirstOrDefault(File.Exists);
            if (file is not null) await pool.CopyAsync(package, file, "the feed", cancellation);
            progress?.Report((done += package.Size, missing.Sum(p => p.Size)));
        }
    }
}
