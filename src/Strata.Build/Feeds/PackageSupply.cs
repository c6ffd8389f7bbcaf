using Strata.Build.Caching;
using Strata.Build.Layers;
using Strata.Build.Targets;

namespace Strata.Build.Feeds;

/// <summary>Where one build's packages are found and come from.</summary>
internal sealed class PackageSupply : IDisposable
{
    private readonly IDisposable? _feed;

    private PackageSupply(PackagePool pool, IPackageSolver solver, IPackageFetcher fetcher, IDisposable? feed) =>
        (Pool, Solver, Fetcher, _feed) = (pool, solver, fetcher, feed);

    /// <summary>The packages that are at hand.</summary>
    public PackagePool Pool { get; }

    /// <summary>Says which packages it takes.</summary>
    public IPackageSolver Solver { get; }

    /// <summary>Brings them.</summary>
    public IPackageFetcher Fetcher { get; }

    /// <summary>The target's feeds, or what the options put in their place: locks that were made before, a folder of kept packages.</summary>
    public static PackageSupply For(BuildCache cache, Target target, LayerBuildOptions options)
    {
        var pool = new PackagePool(cache);
        var first = target.Feeds.Count > 0 ? target.Feeds[0] : null;
        if (options.Vendor is { } kept)
        {
            var root = Path.GetFullPath(kept);
            return new(pool, new LockFolder(root, first), new VendorFolder(root, pool), null);
        }
        if (first?.Kind == FeedKind.Rpm)
        {
            var rpm = new DnfFeed(cache, target.Feeds, target.Platform.Architecture);
            return new(pool, options.Locks is { } pinned ? new LockFolder(Path.GetFullPath(pinned), first) : rpm, new FolderFetcher(pool, target.Feeds), rpm);
        }
        var feed = new AptFeed(cache, pool, target.Feeds, target.Platform.Architecture, options.Refresh);
        return new(pool, options.Locks is { } locks ? new LockFolder(Path.GetFullPath(locks), first) : feed, feed, feed);
    }

    /// <inheritdoc/>
    public void Dispose() => _feed?.Dispose();
}
