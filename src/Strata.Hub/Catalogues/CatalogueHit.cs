using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Something that a search found, in one layer and for one platform.</summary>
/// <param name="Name">The layer's codename, the library's name, or the file's path.</param>
/// <param name="Release">The version that was published last of those that hold it and pass the filters; of a layer its newest that does.</param>
/// <param name="Platform">As the layer's image names it; null for a layer.</param>
public sealed record CatalogueHit(HitKind Kind, string Name, Layer Layer, LayerRelease Release, string? Platform)
{
    /// <summary>The library's version; null for the others.</summary>
    public string? Version { get; init; }

    /// <summary>The library's licence; null when it states none, and for the others.</summary>
    public string? License { get; init; }

    /// <summary>The library's type; null for the others.</summary>
    public string? Type { get; init; }

    /// <summary>What the library or file is to the loader.</summary>
    public EquatableList<string> Sonames { get; init; } = [];

    /// <summary>The versions that hold it, published last first; none for a layer. At most 64; a thing that came and went more often is told of its last ones.</summary>
    public EquatableList<VersionSpan> Spans { get; init; } = [];
}
