using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Describing;

/// <summary>A layer's description and what its makers said otherwise.</summary>
/// <param name="Mismatches">One for each thing of which the makers say one thing and the content another, with both.</param>
public sealed record DescribedLayer(LayerDescription Description, EquatableList<LayerFinding> Mismatches);
