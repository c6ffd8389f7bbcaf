using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>Brings RPM packages into a tree by the machine's own rpm, which checks their digests and dependencies and writes the tree's database; with scripts, or without.</summary>
/// <remarks>Packages of every architecture that the target takes are let through: rpm knows only the machine's own. Source: rpm(8).</remarks>
internal sealed class RpmInstaller(PackagePool pool, string oci) : IPackageInstaller
{
    /// <inheritdoc/>
    public async Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation)
    {
        if (locked.Packages.Count == 0) return locked;
        var files = await RpmQuery.FilesAsync([.. locked.Packages.Select(pool.FileOf)], cancellation);
        var isUnpacked = locked.Mode == FeedMode.Unpack;
        return locked with
        {
            Packages = [.. locked.Packages.Zip(files, (package, file) => package with { SkippedScripts = isUnpacked && file.Scripts.Count > 0 ? [.. file.Scripts] : null })],
            Time = files.Max(f => f.Time),
        };
    }

    /// <inheritdoc/>
    public Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        if (locked.Packages.Count == 0) return MountedTrees.OpenAsync(lowers, upper, null, scratch, cancellation);
        var (database, _) = PackageDatabase.RpmFolder(lowers);
        var packages = scratch.Folder("packages");
        var names = pool.Lay(locked, packages);
        var root = scratch.At(TreeChange.MergedName);
        List<string> command =
        [
            // rpm notes this as the hour of the installation.
            "env", "HOME=/nonexistent", $"SOURCE_DATE_EPOCH={locked.Time}", "rpm", "--root", root, "--dbpath", "/" + database, "--force-debian",
            "--upgrade", "--oldpackage", "--nosignature", "--ignorearch", "--ignoreos",
            .. locked.Mode == FeedMode.Unpack ? ["--noscripts", "--notriggers"] : Array.Empty<string>(),
            .. names.Select(n => $"{packages}/{n}"),
        ];
        return MountedTrees.OpenAsync(lowers, upper, new(command, packages, locked.Mode == FeedMode.Install ? Emulation.For(oci) : null), scratch, cancellation);
    }
}
