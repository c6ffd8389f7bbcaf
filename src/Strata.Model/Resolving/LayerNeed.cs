using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Model.Resolving;

/// <summary>One layer that a service asks for, whichever notation it was written in.</summary>
/// <param name="Layer">Codename, alias or UUID; <c>name.oem-domain</c> for another OEM's layer (decision 8).</param>
/// <param name="Range">The versions that fit.</param>
public sealed record LayerNeed(string Layer, VersionRange Range)
{
    /// <summary>Where it was written, <c>config.yaml:14</c>; for people, and no part of the need's identity.</summary>
    public string? WrittenAt { get; init; }

    /// <summary>Equal when layer and range are.</summary>
    public bool Equals(LayerNeed? other) => other is not null && Layer == other.Layer && Range == other.Range;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, Range);

    /// <summary><c>pylibs &gt;=1.0.0 &lt;2.0.0</c>.</summary>
    public override string ToString() => $"{Layer} {Range}";
}

/// <summary>A service with its needs in declared order: the first declared layer is topmost (decision 5).</summary>
/// <param name="Service">The service's codename, for messages.</param>
/// <param name="Needs">In declared order.</param>
public sealed record ServiceNeeds(string Service, EquatableList<LayerNeed> Needs)
{
    /// <summary>Domain of the service's provider, which sees only what is shared with it; null sees all that the catalogue holds.</summary>
    public string? Owner { get; init; }

    /// <summary>Content that the unit has for this service already: a yanked version among it may stay.</summary>
    public EquatableList<DiffId> Held { get; init; } = [];

    /// <summary>Whether the service's provider may know of a layer.</summary>
    internal bool Sees(Layer layer) => Owner is null || layer.IsSharedWith(Owner);

    /// <summary>Whether it may know of the layer whose version this is.</summary>
    internal bool Sees(Catalogue catalogue, LayerRelease release) => catalogue.Find(release.Layer) is { } layer && Sees(layer);
}
