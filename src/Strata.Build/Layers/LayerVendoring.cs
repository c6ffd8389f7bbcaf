using Strata.Build.Feeds;
using Strata.Build.Recipes;

namespace Strata.Build.Layers;

/// <summary>A layer whose packages are kept.</summary>
/// <param name="Name">Of the recipe.</param>
/// <param name="Lock">The packages.</param>
/// <param name="Written">Bytes; what was kept before is not written again.</param>
public sealed record VendoredLayer(string Name, PackageLock Lock, long Written);

/// <summary>What keeping packages came to. There are two cases and no third.</summary>
public abstract record LayerVendoring
{
    private LayerVendoring() { }

    /// <summary>The folder holds all that the layers are built from, parents before their children.</summary>
    public sealed record Kept(IReadOnlyList<VendoredLayer> Layers) : LayerVendoring;

    /// <summary>Nothing was written; every mistake is listed.</summary>
    public sealed record Refused(IReadOnlyList<RecipeMistake> Mistakes) : LayerVendoring;
}
