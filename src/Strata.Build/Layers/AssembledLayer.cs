using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>A packed layer with its documents.</summary>
/// <param name="Findings">What its maker should look at, ordered by rule and path; no part of <c>layer.json</c>.</param>
public sealed record AssembledLayer(LayerDescription Description, EquatableList<LayerFinding> Findings);
