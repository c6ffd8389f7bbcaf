using Strata.Build.Feeds;
using Strata.Build.Recipes;
using Strata.Build.Trees;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>How layers are built.</summary>
public sealed record LayerBuildOptions
{
    /// <summary>Where recipes are looked up and what the configuration sets.</summary>
    public RecipeOptions Recipes { get; init; } = new();

    /// <summary>The folder in which <c>layers/</c> is written.</summary>
    public required string Deploy { get; init; }

    /// <summary>Take what was built before when nothing that goes into it has changed. Default true.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Fetch the feed's package lists anew first. Default false.</summary>
    public bool Refresh { get; init; }

    /// <summary>A deploy folder or one of <c>layer vendor</c>, whose locks say which packages are taken; null to ask the feed. Default null.</summary>
    public string? Locks { get; init; }

    /// <summary>A folder of <c>layer vendor</c>, whose locks and packages are taken; no feed is asked. Default null.</summary>
    public string? Vendor { get; init; }

    /// <summary>Refuse a layer with findings instead of reporting them. Default false.</summary>
    public bool Strict { get; init; }
}

/// <summary>A layer that lies ready.</summary>
/// <param name="Archive">The archive in the deploy folder; <c>layer.json</c> and <c>packages.lock</c> stand beside it.</param>
/// <param name="WasCached">Nothing was built: all that goes into it was the same as before.</param>
/// <param name="Elapsed">Time that this layer took, its parents not counted.</param>
/// <param name="PackTime">Part of it that went into difference, packing and hashing; zero when it was cached.</param>
/// <param name="Notes">What its maker should know of.</param>
/// <param name="Lock">The packages in it.</param>
public sealed record BuiltLayer(Recipe Recipe, LayerDescription Description, string Archive, bool WasCached, TimeSpan Elapsed, TimeSpan PackTime, IReadOnlyList<TreeNote> Notes, PackageLock Lock)
{
    /// <summary>What its maker should look at, by the rules of docs/formats/checks.md.</summary>
    public EquatableList<LayerFinding> Findings { get; init; } = [];
}

/// <summary>What a build came to. There are two cases and no third.</summary>
public abstract record LayerBuild
{
    private LayerBuild() { }

    /// <summary>All layers lie ready, parents before their children.</summary>
    public sealed record Built(IReadOnlyList<BuiltLayer> Layers) : LayerBuild;

    /// <summary>Nothing was written; every mistake is listed.</summary>
    public sealed record Refused(IReadOnlyList<RecipeMistake> Mistakes) : LayerBuild;
}

/// <summary>What a build is at.</summary>
/// <param name="Layer">Name of the recipe.</param>
/// <param name="Doing">For people: <c>downloading</c>, <c>installing</c>, <c>packing</c>.</param>
/// <param name="Done">Bytes; 0 when nothing is counted.</param>
/// <param name="Total">Bytes; 0 when nothing is counted.</param>
public readonly record struct LayerBuildProgress(string Layer, string Doing, long Done, long Total);
