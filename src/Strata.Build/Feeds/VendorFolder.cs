using System.Security.Cryptography;
using Strata.Build.Caching;

namespace Strata.Build.Feeds;

/// <summary>A folder that holds locks and the packages they pin: enough to build the layers again when no feed is there any more.</summary>
/// <remarks><c>layers/NAME/packages.lock</c>, and <c>packages/</c> with each package under its path in the feed. Source: docs/formats/target.md, "Vendoring".</remarks>
/// <param name="root">Full path.</param>
internal sealed class VendorFolder(string root, PackagePool pool) : IPackageFetcher
{
    /// <summary>Keeps a lock and the packages it pins; each file whole or not at all, the lock last.</summary>
    /// <returns>Bytes that were written; what lay there already is not written again.</returns>
    public async Task<long> KeepAsync(string layer, PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        long written = 0, done = 0;
        foreach (var package in locked.Packages)
        {
            var file = FileOf(package);
            if (!await IsSameAsync(file, pool.FileOf(package), cancellation))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await using var source = File.OpenRead(pool.FileOf(package));
                await BuildCache.WriteAsync(file, target => source.CopyToAsync(target, cancellation));
                written += package.Size;
            }
            progress?.Report((done += package.Size, locked.Size));
        }
        var name = LockFolder.FileOf(root, layer);
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        await BuildCache.WriteAsync(name, file => file.WriteAsync(PackageLockJson.Write(locked), cancellation).AsTask());
        return written;
    }

    /// <inheritdoc/>
    public async Task FetchAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var missing = pool.Missing(locked);
        if (missing.FirstOrDefault(p => !File.Exists(FileOf(p))) is { } gone)
            throw new FeedUnavailableException($"The folder {root} does not hold {gone.Name} {gone.Version} at packages/{gone.Path}; make it anew with 'strata layer vendor'.");
        var done = 0L;
        foreach (var package in missing)
        {
            await pool.CopyAsync(package, FileOf(package), $"the folder {root}", cancellation);
            progress?.Report((done += package.Size, missing.Sum(p => p.Size)));
        }
    }

    private string FileOf(LockedPackage package) => Path.Combine(root, "packages", package.Path);

    private static async Task<bool> IsSameAsync(string file, string other, CancellationToken cancellation)
    {
        if (!File.Exists(file) || new FileInfo(file).Length != new FileInfo(other).Length) return false;
        await using Stream one = File.OpenRead(file), two = File.OpenRead(other);
        byte[] first = await SHA256.HashDataAsync(one, cancellation), second = await SHA256.HashDataAsync(two, cancellation);
        return first.AsSpan().SequenceEqual(second);
    }
}
