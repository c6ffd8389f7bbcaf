using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>Feeds whose packages the machine's own apt can tell apart: a Debian archive, folders of .deb, folders of .ipk.</summary>
/// <param name="feeds">At least one; all of one format.</param>
/// <param name="oci">The target's architecture by OCI's name.</param>
/// <param name="refresh">Fetch an archive's package lists anew first.</param>
internal sealed partial class AptFeed(BuildCache cache, PackagePool pool, IReadOnlyList<PackageFeed> feeds, string oci, bool refresh) : IPackageSolver, IPackageFetcher, IDisposable
{
    private readonly AptRoot _apt = new(cache, feeds, oci);
    private readonly SemaphoreSlim _preparing = new(1);
    private bool _isPrepared;

    private string Architecture { get; } = PackageArchitectures.Debian(oci);

    /// <inheritdoc/>
    public async Task<FeedAnswer> ResolveAsync(PackageQuery query, CancellationToken cancellation)
    {
        if (query.Requests.Where(r => !PackageName().IsMatch(r.Name)).ToList() is { Count: > 0 } misnamed)
            return new FeedAnswer.Refused([.. misnamed.Select(r => new RecipeMistake(r.At, $"'{Quote.Short(r.Name)}' cannot be the name of a package; correct it, or map it under 'names' in the target file."))]);
        await PrepareAsync(cancellation);
        using var scratch = cache.NewScratch();
        var status = scratch.At("status");
        await File.WriteAllTextAsync(status, PackageDatabase.StatusFor(feeds[0], query.Lowers, Architecture), cancellation);
        var known = cache.At("resolutions", Key(query, status).Hex + ".json");
        if (File.Exists(known)) return new FeedAnswer.Locked(Completed(PackageLockJson.Read(await File.ReadAllBytesAsync(known, cancellation)), query));

        var outcome = await _apt.Tool("apt-get", ["-qq", "-y", "--print-uris", "install", .. query.Names], scratch.Root, [$"Dir::State::status={status}", "APT::Cmd::Pattern-Only=true"]).RunAsync(cancellation);
        if (!outcome.IsSuccess) return new FeedAnswer.Refused(await ExplainAsync(outcome, query, scratch, status, cancellation));
        var packages = new List<LockedPackage>();
        foreach (var line in outcome.Lines) packages.Add(await PackageAsync(line, cancellation));
        var kind = feeds.Any(f => f.Kind == FeedKind.Debian) ? FeedKind.Debian : feeds[0].Kind;
        var locked = new PackageLock(kind, feeds.FirstOrDefault(f => f.Suite is not null)?.Suite, Architecture, [.. packages.OrderBy(p => p.Name, StringComparer.Ordinal)]);
        cache.Folder("resolutions");
        await BuildCache.WriteAsync(known, file => file.WriteAsync(PackageLockJson.Write(locked), cancellation).AsTask());
        return new FeedAnswer.Locked(Completed(locked, query));
    }

    /// <inheritdoc/>
    public async Task FetchAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (pool.Missing(locked).Count == 0) return;
        using var held = await cache.LockAsync("packages", cancellation); // two builds of one feed want mostly the same ones
        var folders = new FolderFetcher(pool, feeds);
        if (feeds.All(f => f.Suite is null))
        {
            await folders.FetchAsync(locked, progress, cancellation);
            return;
        }
        await folders.CopyAsync(locked, null, cancellation);
        if (pool.Missing(locked) is not { Count: > 0 } missing) return;
        await DownloadAsync(missing, progress, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _preparing.Dispose();

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation);
        try
        {
            if (!_isPrepared) await _apt.PrepareAsync(refresh, cancellation);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    private PackageLock Completed(PackageLock locked, PackageQuery query) => locked with { Mode = feeds[0].Mode, Base = query.Base, Requests = query.Names };

    private async Task DownloadAsync(IReadOnlyList<LockedPackage> missing, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        using var scratch = cache.NewScratch();
        var status = scratch.At("empty-status");
        await File.WriteAllTextAsync(status, "", cancellation);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = WatchAsync(scratch.At("fetched"), missing.Sum(p => p.Size), progress, watching.Token);
        // "download" takes packages one by one, without what they depend on, and puts them into the current folder.
        var tool = _apt.Tool("apt-get", ["-q", "download", .. missing.Select(p => $"{p.Name}:{p.Architecture}={p.Version}")], scratch.Root, [$"Dir::State::status={status}"]);
        var outcome = await new ExternalTool(tool.Name, tool.Arguments) { Folder = scratch.Folder("fetched") }.RunAsync(cancellation);
        await watching.CancelAsync();
        await watch;
        if (!outcome.IsSuccess)
        {
            var unknown = missing.FirstOrDefault(p => outcome.Complaints.Any(c => NotThere().IsMatch(c) && c.Contains($"'{p.Name}", StringComparison.Ordinal)));
            throw unknown is null ? _apt.Unreachable(outcome) : Gone(unknown);
        }
        foreach (var package in missing)
        {
            var file = Path.Combine(scratch.At("fetched"), AptName(package));
            if (!File.Exists(file)) throw Gone(package);
            await pool.KeepAsync(package, file, $"the feed '{_apt.Name}'", cancellation);
        }
    }

    private FeedUnavailableException Gone(LockedPackage package) => new(
        $"The package feed '{_apt.Name}' no longer has {package.Name} {package.Version}; run again with --refresh and without --locked to take what it has now, or build from a folder of 'strata layer vendor'.");

    private static async Task WatchAsync(string folder, long total, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (progress is null) return;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
                progress.Report((new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Exists ? f.Length : 0), total));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the download ends the watch; the caller's own stop is seen by the download.
        }
    }

    private async Task<IReadOnlyList<RecipeMistake>> ExplainAsync(ToolOutcome outcome, PackageQuery query, ScratchFolder scratch, string status, CancellationToken cancellation)
    {
        var missing = outcome.Complaints.Select(c => Unknown().Match(c)).Where(m => m.Success).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        if (missing.Count == 0)
        {
            // What depends on what stands in the text that apt writes for people, which it keeps to itself when it prints addresses.
            var tried = await _apt.Tool("apt-get", ["-s", "install", .. query.Names], scratch.Root, [$"Dir::State::status={status}", "APT::Cmd::Pattern-Only=true"]).RunAsync(cancellation);
            var why = tried.Lines.Select(l => l.Trim()).Where(l => l.Contains("Depends:", StringComparison.Ordinal) || l.Contains("Conflicts:", StringComparison.Ordinal)).Take(10);
            return [new(query.Requests[0].At, $"the feed '{_apt.Name}' cannot install these packages together: {string.Join(' ', outcome.Complaints.Concat(why).Select(Quote.Short))}")];
        }
        var names = await _apt.Tool("apt-cache", ["pkgnames"], scratch.Root, [$"Dir::State::status={status}"]).RunAsync(cancellation);
        var known = names.Lines.ToList();
        return [.. query.Requests.Where(r => missing.Contains(r.Name)).Select(r => new RecipeMistake(r.At, UnknownPackage.Sentence(r, _apt.Name, known, query.Mapped, [.. _apt.Folders?.LeftOut[r.Name] ?? []])))];
    }

    // 'URI' file size SHA256:hex; from a folder without the digest.
    private async Task<LockedPackage> PackageAsync(string line, CancellationToken cancellation)
    {
        var match = PrintedUri().Match(line);
        if (!match.Success) throw new ToolFailedException($"apt-get wrote a line that is not understood: {Quote.Short(line)}.");
        var uri = Uri.UnescapeDataString(match.Groups["uri"].Value);
        if (uri.StartsWith("copy:", StringComparison.Ordinal) && _apt.Folders is { } folders)
        {
            var number = int.Parse(Path.GetFileNameWithoutExtension(uri), CultureInfo.InvariantCulture);
            return await OfferedAsync(folders, folders.Packages[number], cancellation);
        }
        var pool = uri.IndexOf("/pool/", StringComparison.Ordinal);
        var parts = match.Groups["file"].Value.Split('_');
        return new(
            parts[0],
            Uri.UnescapeDataString(parts[1]),
            parts[2][..^4],
            Digest.Parse("sha256:" + match.Groups["sha"].Value),
            pool >= 0 ? uri[(pool + 1)..] : uri[(uri.LastIndexOf('/') + 1)..],
            long.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture));
    }

    private static async Task<LockedPackage> OfferedAsync(FolderIndex folders, OfferedPackage offered, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(folders.Scan.FullPath(offered.File));
        var sha256 = Digest.FromHash(await SHA256.HashDataAsync(file, cancellation));
        return new(offered.Name, offered.Version, offered.Architecture, sha256, offered.File.Path, offered.File.Size);
    }

    private static string AptName(LockedPackage package) =>
        $"{package.Name}_{package.Version.Replace(":", "%3a", StringComparison.Ordinal)}_{package.Architecture}.deb";

    private Digest Key(PackageQuery query, string status)
    {
        var text = new StringBuilder($"apt {PackageLock.CurrentFormat} {Architecture}\n{_apt.Identity()}\n");
        foreach (var feed in feeds) text.Append(feed.KindName).Append(' ').Append(feed.Suite).Append('\n');
        text.Append(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(status)))).Append('\n');
        foreach (var name in query.Names) text.Append(name).Append('\n');
        return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // Debian policy 5.6.7, and the capitals and underscores that other makers use; a hyphen at the end would mean "remove" to apt.
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9+._-]*[A-Za-z0-9+.]$")]
    private static partial Regex PackageName();

    [GeneratedRegex("(Unable to locate package |Package ')(?<name>[^ ']+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Unknown();

    [GeneratedRegex("was not found|Unable to locate|Can't find", RegexOptions.ExplicitCapture)]
    private static partial Regex NotThere();

    [GeneratedRegex("^'(?<uri>[^']+)' (?<file>[^ ]+\\.deb) (?<size>[0-9]+) *(SHA256:(?<sha>[0-9a-f]{64}))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex PrintedUri();
}
