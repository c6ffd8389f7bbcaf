using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>What a layer asks of a feed.</summary>
/// <param name="Layer">Name of the recipe.</param>
/// <param name="At">The recipe.</param>
/// <param name="Base">The base of the target.</param>
/// <param name="Requests">What has to be installed afterwards.</param>
/// <param name="Lowers">The trees beneath, topmost first; the last one is the base. What their package database names is not fetched again.</param>
internal sealed record PackageQuery(string Layer, SourcePosition At, Digest Base, IReadOnlyList<PackageRequest> Requests, IReadOnlyList<string> Lowers)
{
    /// <summary>Names that recipes may use and that the target maps to those of the feed.</summary>
    public IReadOnlyList<string> Mapped { get; init; } = [];

    /// <summary>The names in the feed, each once, in ordinal order.</summary>
    public EquatableList<string> Names => [.. Requests.Select(r => r.Name).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>Finds the packages that have to be added so that all that is asked for is installed.</summary>
internal interface IPackageSolver
{
    /// <summary>The packages, pinned.</summary>
    /// <exception cref="FeedUnavailableException">The feed was not reached.</exception>
    Task<FeedAnswer> ResolveAsync(PackageQuery query, CancellationToken cancellation);
}

/// <summary>Brings pinned packages into the pool.</summary>
internal interface IPackageFetcher
{
    /// <summary>Brings what is not there yet; each package is checked against its digest.</summary>
    /// <param name="progress">Bytes here, of bytes in all.</param>
    /// <exception cref="FeedUnavailableException">The feed was not reached, or no longer has a package.</exception>
    Task FetchAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation);
}
