using System.Runtime.CompilerServices;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>In which states and for which platforms a layer has versions, however many these are. Gathered once for each layer as it stands, not for each request.</summary>
internal static class LayerVariants
{
    private static readonly ConditionalWeakTable<Layer, (ReleaseState State, Platform Platform)[]> Known = [];

    /// <summary>Each pair that some image of some version has, once, in no order.</summary>
    public static (ReleaseState State, Platform Platform)[] Of(Layer layer) => Known.GetValue(layer, Gather);

    private static (ReleaseState State, Platform Platform)[] Gather(Layer layer)
    {
        var found = new HashSet<(ReleaseState, Platform)>();
        foreach (var release in layer.Releases.AsSpan())
            foreach (var image in release.Images.AsSpan()) found.Add((release.Lifecycle.State, image.Platform));
        return [.. found];
    }
}
