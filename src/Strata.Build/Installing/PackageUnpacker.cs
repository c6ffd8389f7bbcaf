using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>Lays out the content of .deb and .ipk packages and notes them in the tree's database. No script of a package runs, so neither the target's processor nor root's programs are needed.</summary>
/// <remarks>The packages' archives are read by dpkg-deb, which knows their compressions; what it gives is checked and written by us.</remarks>
internal sealed class PackageUnpacker(PackagePool pool) : IPackageInstaller
{
    /// <inheritdoc/>
    public async Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation)
    {
        var packages = new LockedPackage[locked.Packages.Count];
        var times = new long[packages.Length];
        await Parallel.ForAsync(0, packages.Length, cancellation, async (number, stop) =>
        {
            var package = locked.Packages[number];
            var control = await ControlFiles.ReadAsync(pool.FileOf(package), package.Name, stop);
            packages[number] = package with { SkippedScripts = control.Scripts is { Count: > 0 } scripts ? [.. scripts] : null };
            times[number] = await DebInstaller.TimeOfAsync(pool.FileOf(package), package.Name, stop);
        });
        return locked with { Packages = [.. packages], Time = times.DefaultIfEmpty(0).Max() };
    }

    /// <inheritdoc/>
    public async Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        var trees = await MountedTrees.OpenAsync(lowers, upper, null, scratch, cancellation);
        try
        {
            if (locked.Packages.Count > 0) await UnpackAsync(locked, trees.ChildRoot, lowers, cancellation);
            return trees;
        }
        catch
        {
            await trees.DisposeAsync();
            throw;
        }
    }

    private async Task UnpackAsync(PackageLock locked, string root, IReadOnlyList<string> lowers, CancellationToken cancellation)
    {
        using var tree = new RootedTree(root);
        var records = PackageRecords.Open(tree, locked.Feed, lowers);
        foreach (var package in locked.Packages)
        {
            var file = pool.FileOf(package);
            records.Add(await ControlFiles.ReadAsync(file, package.Name, cancellation), await UnpackAsync(file, package.Name, tree, cancellation));
        }
        tree.Finish();
        records.Save();
    }

    /// <summary>Lays out the content of one package; gives what it holds, in its order.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    /// <exception cref="ArchiveRefusedException">It holds what has no place in the tree.</exception>
    internal static async Task<IReadOnlyList<TarEntry>> UnpackAsync(string file, string name, RootedTree tree, CancellationToken cancellation)
    {
        var files = new List<TarEntry>();
        var outcome = await new ExternalTool("dpkg-deb", ["--fsys-tarfile", file]).StreamAsync(
            async stream =>
            {
                using var reader = new TarLayerReader(stream);
                while (await reader.NextAsync(cancellation) is { } entry)
                {
                    await tree.PutAsync(entry, reader.Content, cancellation);
                    files.Add(entry);
                }
            },
            cancellation);
        return outcome.IsSuccess ? files : throw ControlFiles.Broken(name, outcome);
    }
}
