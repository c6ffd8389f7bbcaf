using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Hub.State;

/// <summary>An item as a unit last reported it in a full status.</summary>
/// <param name="Version">As it came over the wire (decision 7).</param>
internal sealed record ReportedItem(string Id, string Type, string Version, string State, string? Error);

/// <summary>An instance as a unit last reported it.</summary>
internal sealed record ReportedInstance(string ItemId, string SubjectId, int Index, string Version, string State, string? Error);

/// <summary>A unit's store.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Used">Bytes.</param>
internal sealed record StorageRow(long Total, long Used);

/// <summary>What a unit said of itself.</summary>
/// <param name="Platforms">Distinct platforms of its nodes; empty when it named none.</param>
internal sealed record UnitReport(
    EquatableList<Platform> Platforms, EquatableList<ReportedItem> Items, EquatableList<ReportedInstance> Instances)
{
    /// <summary>Its nodes; empty in reports that an earlier release kept.</summary>
    public EquatableList<NodeRow> Nodes { get; init; } = [];

    /// <summary>The part of its disk that services and layers may take; null when it did not say.</summary>
    public StorageRow? Storage { get; init; }

    public static UnitReport Nothing { get; } = new([], [], []);
}

/// <summary>What a unit shall have, with the reasons for it.</summary>
/// <param name="State">Goes on the wire.</param>
/// <param name="Obstacles">Why something that is assigned is not in it, or is there in its last version; empty when all is well.</param>
/// <param name="CatalogueSequence">The snapshot it was resolved from.</param>
internal sealed record UnitDesired(DesiredState State, EquatableList<string> Obstacles, long CatalogueSequence)
{
    public static UnitDesired Nothing { get; } = new(DesiredState.Empty, [], 0);
}

/// <summary>A unit that an OEM registered.</summary>
/// <param name="SystemId">CN of its certificate.</param>
/// <param name="Target">Name of the target it runs; null when it is not known, and then its base is not checked.</param>
internal sealed record UnitRow(Guid Id, string SystemId, string Owner, string? Target)
{
    /// <summary>Id of its model; null when it is of none. Its <see cref="Target"/> is then the model's.</summary>
    public Guid? Model { get; init; }

    /// <summary>Domain of the fleet owner in whose fleet it runs; null when it runs in none.</summary>
    public string? FleetOwner { get; init; }

    public UnitReport Report { get; init; } = UnitReport.Nothing;

    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Null until it was planned for the first time.</summary>
    public UnitDesired? Desired { get; init; }
}

/// <summary>A layer in a composed image, for people.</summary>
internal sealed record ComposedLayer(string Owner, string Codename, SemanticVersion Version, LayerBlob Blob);

/// <summary>A service version composed with chosen layers.</summary>
/// <param name="Index">Digest of the OCI index; the composition's name.</param>
/// <param name="WireVersion">What units are told (decision 7).</param>
/// <param name="Lock">Digest of the lock document, which is among <paramref name="Documents"/>' blobs.</param>
/// <param name="Layers">Shared layers and parents of all its platforms, topmost first.</param>
/// <param name="OwnLayers">The service's own content.</param>
/// <param name="Documents">Index, manifests, configurations.</param>
/// <param name="Reasons">The resolver's explanation.</param>
internal sealed record Composition(
    Digest Index,
    Guid ServiceId,
    SemanticVersion Version,
    string WireVersion,
    Digest Lock,
    EquatableList<ComposedLayer> Layers,
    EquatableList<LayerBlob> OwnLayers,
    EquatableList<Digest> Documents,
    EquatableList<string> Reasons)
{
    /// <summary>Every blob that a unit with this item may have.</summary>
    public IEnumerable<Digest> Blobs => Documents.Concat(OwnLayers.Select(l => l.Digest)).Concat(Layers.Select(l => l.Blob.Digest));
}
