using Strata.Artifacts.Describing;

namespace Strata.Build.Layers;

/// <summary>What only a layer's recipe knows, for a layer that is packed from two trees: the file that <c>layer diff --describe</c> takes.</summary>
/// <param name="Claims">What it says of the layer.</param>
/// <param name="Whiteouts">Deletions to add.</param>
/// <param name="Visible">Top folders of the parent tree that services see.</param>
/// <remarks>Source: docs/formats/layer-json.md, "layer diff --describe".</remarks>
public sealed record LayerValues(LayerClaims Claims, IReadOnlyList<string> Whiteouts, IReadOnlyList<string> Visible);
