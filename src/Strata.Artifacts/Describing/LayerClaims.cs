using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Describing;

/// <summary>What is said of a layer by those who made it: recipe, target and build. The content is asked whether it is so.</summary>
public sealed record LayerClaims
{
    /// <inheritdoc cref="LayerDescription.Name"/>
    public required string Name { get; init; }

    /// <inheritdoc cref="LayerDescription.Codename"/>
    public required string Codename { get; init; }

    /// <inheritdoc cref="LayerDescription.Version"/>
    public required SemanticVersion Version { get; init; }

    /// <inheritdoc cref="LayerDescription.Platform"/>
    public required Platform Platform { get; init; }

    /// <inheritdoc cref="LayerDescription.Summary"/>
    public string? Summary { get; init; }

    /// <summary>Licence as the recipe states it; null when it states none.</summary>
    public string? License { get; init; }

    /// <summary>Packages that the recipe asks for.</summary>
    public EquatableList<string> Features { get; init; } = [];

    /// <summary>What the feed calls a feature that the recipe calls otherwise.</summary>
    public IReadOnlyDictionary<string, string> FeedNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Description of the layer that it was built on; null when that was the base alone.</summary>
    public LayerDescription? Parent { get; init; }

    /// <inheritdoc cref="LayerDescription.Base"/>
    public BaseIdentity? Base { get; init; }

    /// <summary>Latest time that entries may have, in seconds since 1970: the lock's, or SOURCE_DATE_EPOCH. Null: the newest entry's own.</summary>
    public long? Time { get; init; }

    /// <summary>What os-release calls the version of the system, of the tree that the layer gives with all beneath it; empty when it has none.</summary>
    public EquatableList<string> OsVersions { get; init; } = [];
}
