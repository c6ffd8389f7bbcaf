using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;

namespace Strata.Build.Installing;

/// <summary>Installs Debian packages: the machine's apt puts them in order, the tree's own dpkg installs them in a chroot.</summary>
/// <remarks>apt is given the package files and no lists, so that it can take nothing else, and a build from a vendored folder is the same as one from a feed.</remarks>
internal sealed class DebInstaller(PackagePool pool) : IPackageInstaller
{
    /// <inheritdoc/>
    public Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation) =>
        Task.FromResult(locked with { Time = locked.Packages.Select(p => TimeOf(pool.FileOf(p))).DefaultIfEmpty(0).Max() });

    /// <inheritdoc/>
    public Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        if (locked.Packages.Count == 0) return MountedTrees.OpenAsync(lowers, upper, null, scratch, cancellation);
        var packages = scratch.Folder("packages");
        var names = pool.Lay(locked, packages);
        return MountedTrees.OpenAsync(lowers, upper, new(Command(names, locked.Architecture, scratch), packages), scratch, cancellation);
    }

    internal static long TimeOf(string file)
    {
        using var stream = File.OpenRead(file);
        return DebPackage.Time(stream);
    }

    private static IReadOnlyList<string> Command(IReadOnlyList<string> names, string architecture, ScratchFolder scratch)
    {
        var root = scratch.At(TreeChange.MergedName);
        var tool = AptRoot.Bare(
            ["-y", "--allow-downgrades", "install", .. names.Select(n => $"{root}{TreeChange.PackagesAt}/{n}")],
            scratch.Folder("apt"),
            architecture,
            [
                $"Dir::State::status={root}/var/lib/dpkg/status",
                $"DPkg::Chroot-Directory={root}",
                "Dpkg::Options::=--force-unsafe-io",
                "Dpkg::Options::=--log=/dev/null",
            ]);
        return [tool.Name, .. tool.Arguments];
    }
}
