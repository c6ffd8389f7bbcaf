using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>Installs Debian packages: the machine's apt puts them in order, the tree's own dpkg installs them in a chroot.</summary>
/// <remarks>apt is given the package files and no lists, so that it can take nothing else, and a build from a vendored folder is the same as one from a feed.</remarks>
internal sealed class DebInstaller(PackagePool pool, string oci) : IPackageInstaller
{
    /// <inheritdoc/>
    public async Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation)
    {
        var time = 0L;
        foreach (var package in locked.Packages) time = Math.Max(time, await TimeOfAsync(pool.FileOf(package), package.Name, cancellation));
        return locked with { Time = time };
    }

    /// <inheritdoc/>
    public Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        if (locked.Packages.Count == 0) return MountedTrees.OpenAsync(lowers, upper, null, scratch, cancellation);
        var packages = scratch.Folder("packages");
        var names = pool.Lay(locked, packages);
        return MountedTrees.OpenAsync(lowers, upper, new(Command(names, locked.Architecture, scratch), packages, Emulation.For(oci)), scratch, cancellation);
    }

    /// <summary>When a package was made. Some makers write no times into the outer archive; then its control files tell.</summary>
    internal static async Task<long> TimeOfAsync(string file, string name, CancellationToken cancellation)
    {
        await using (var stream = File.OpenRead(file))
        {
            if (DebPackage.Time(stream) is > 0 and var time) return time;
        }
        return (await ControlFiles.ReadAsync(file, name, cancellation)).Time;
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
