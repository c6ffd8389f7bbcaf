using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>One thing that a layer's content is checked for.</summary>
/// <param name="Name">What reports and scripts call it.</param>
/// <param name="Why">What goes wrong otherwise, as docs/formats/checks.md states it.</param>
public sealed record LayerRule(string Name, string Why)
{
    /// <summary>A finding by this rule.</summary>
    /// <param name="path">Relative to the root; empty when it is about the layer.</param>
    /// <param name="message">One sentence.</param>
    public LayerFinding Finding(string path, string message) => new(Name, path, message);
}
