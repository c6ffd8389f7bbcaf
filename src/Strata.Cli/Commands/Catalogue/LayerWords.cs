using Strata.Cli.Hub;

namespace Strata.Cli.Commands.Catalogue;

/// <summary>What an OEM decided about a layer, in words for a terminal.</summary>
internal static class LayerWords
{
    /// <summary>Who may use it, to whom it is recommended, and how new versions start, a line each; what is as always is not said.</summary>
    public static IEnumerable<string> Of(LayerInfo layer)
    {
        if (layer.Sharing is { } sharing)
        {
            yield return $"shared       {(sharing.IsOpen ? "with every service provider" : sharing.SharedWith.Length == 0 ? "with nobody" : $"with {string.Join(", ", sharing.SharedWith)} alone")}";
            if (sharing.HiddenFrom.Length > 0) yield return $"hidden       from {string.Join(", ", sharing.HiddenFrom)}";
            if (sharing.IsRecommended || sharing.RecommendedTo.Length > 0)
                yield return $"recommended  to {(sharing.IsRecommended ? "everybody who may use it" : string.Join(", ", sharing.RecommendedTo))}";
        }
        else if (layer.IsRecommended)
        {
            yield return "recommended  to you";
        }
        if (layer.StartsAsCandidate) yield return "new versions start as candidates";
    }
}
