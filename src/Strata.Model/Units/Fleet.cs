using Strata.Model.Identity;

namespace Strata.Model.Units;

/// <summary>Units and what each holds, as a file says it for those that have not yet spoken for themselves.</summary>
/// <remarks>Source: docs/formats/fleet.md. A hub shows it until a unit reports; a simulator plays it.</remarks>
/// <param name="Units">By system id, each once.</param>
public sealed record Fleet(EquatableList<FleetUnit> Units)
{
    /// <summary>No unit at all.</summary>
    public static Fleet Empty { get; } = new([]);
}

/// <summary>A unit of a fleet.</summary>
/// <param name="SystemId">The name in its certificate.</param>
/// <param name="Owner">Domain of its OEM.</param>
public sealed record FleetUnit(string SystemId, string Owner)
{
    /// <summary>Name of a unit model of the owner; null when it is of none.</summary>
    public string? Model { get; init; }

    /// <summary>Name of a target of the owner, for a unit of no model; null when none is known.</summary>
    public string? Target { get; init; }

    /// <summary>Domain of the fleet owner in whose fleet it runs; null when it runs in none.</summary>
    public string? FleetOwner { get; init; }

    /// <summary>Labels of the owner's subjects that it is in.</summary>
    public EquatableList<string> Subjects { get; init; } = [];

    /// <summary>What it can run; empty when nobody knows.</summary>
    public EquatableList<Platform> Platforms { get; init; } = [];

    /// <summary>The services on it.</summary>
    public EquatableList<FleetItem> Services { get; init; } = [];

    /// <summary>The layers in its store.</summary>
    public EquatableList<FleetItem> Layers { get; init; } = [];

    /// <summary>Its store; null when nobody knows.</summary>
    public FleetStorage? Storage { get; init; }
}

/// <summary>A service or layer in one version.</summary>
/// <param name="Owner">Domain of its service provider or OEM; null means the only one of that name, or the unit's OEM.</param>
public sealed record FleetItem(string? Owner, string Codename, SemanticVersion Version);

/// <summary>The part of a unit's disk that services and layers may take.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Used">Bytes; at most <paramref name="Total"/>.</param>
public sealed record FleetStorage(long Total, long Used);
