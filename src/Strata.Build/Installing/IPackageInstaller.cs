using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;

namespace Strata.Build.Installing;

/// <summary>Knows one package format: what its files say of themselves, and how they get into a tree.</summary>
internal interface IPackageInstaller
{
    /// <summary>The lock with what only the packages themselves tell: the newest time, and the scripts that will not run.</summary>
    /// <exception cref="InvalidDataException">A file is no package.</exception>
    Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation);

    /// <summary>Brings the packages on top of <paramref name="lowers"/>.</summary>
    /// <param name="lowers">Topmost first; the last one is the base.</param>
    /// <param name="upper">An empty folder; holds what was changed, as overlayfs writes it.</param>
    /// <exception cref="Processes.ToolFailedException">A package did not install.</exception>
    Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation);
}
