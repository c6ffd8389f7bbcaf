using System.Security.Cryptography;
using Strata.Build.Caching;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>Packages that builds keep, each under the digest of its content.</summary>
internal sealed class PackagePool(BuildCache cache)
{
    /// <summary>Where a package lies, or would.</summary>
    public string FileOf(LockedPackage package) => cache.At("packages", package.Sha256.Hex);

    /// <summary>The packages of <paramref name="locked"/> that are not there, each once.</summary>
    public IReadOnlyList<LockedPackage> Missing(PackageLock locked) =>
        [.. locked.Packages.Where(p => !File.Exists(FileOf(p))).DistinctBy(p => p.Sha256)];

    /// <summary>Moves a file in, after a look at its content.</summary>
    /// <param name="file">On the cache's file system.</param>
    /// <param name="giver">Who gave it, for the message.</param>
    /// <exception cref="FeedUnavailableException">It is another package than the lock pins.</exception>
    public async Task KeepAsync(LockedPackage package, string file, string giver, CancellationToken cancellation)
    {
        await using (var content = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            if (content.Length != package.Size || Digest.FromHash(await SHA256.HashDataAsync(content, cancellation)) != package.Sha256)
                throw new FeedUnavailableException($"What {giver} gave for {package.Name} {package.Version} is not what was promised: its size or SHA-256 differs. Try again, and if it stays so, resolve the packages anew or mend the feed.");
            content.Flush(flushToDisk: true);
        }
        cache.Folder("packages");
        File.Move(file, FileOf(package), overwrite: true);
    }

    /// <summary>Copies a file in, after a look at the copy's content.</summary>
    /// <exception cref="FeedUnavailableException">It is another package than the lock pins.</exception>
    public async Task CopyAsync(LockedPackage package, string file, string giver, CancellationToken cancellation)
    {
        using var scratch = cache.NewScratch();
        var copy = scratch.At("package");
        await using (var source = File.OpenRead(file))
        await using (var target = new FileStream(copy, FileMode.CreateNew, FileAccess.Write))
            await source.CopyToAsync(target, cancellation);
        await KeepAsync(package, copy, giver, cancellation);
    }

    /// <summary>Lays the packages of <paramref name="locked"/> into a folder, under names that their package manager takes.</summary>
    /// <returns>The names, in the order of the lock.</returns>
    public IReadOnlyList<string> Lay(PackageLock locked, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var package in locked.Packages) File.Copy(FileOf(package), Path.Combine(folder, package.FileName));
        return [.. locked.Packages.Select(p => p.FileName)];
    }
}
