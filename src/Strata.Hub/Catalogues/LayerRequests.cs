using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Finds the layer, and the version of it, that a request names; whatever its reader may not see is not there.</summary>
internal static class LayerRequests
{
    /// <summary>The layer, or the refusal.</summary>
    public static (Layer? Layer, IResult? Refusal) Layer(HttpContext context, HubState state, Caller caller)
    {
        var name = context.Request.RouteValues["name"]?.ToString() ?? "";
        return LayerViews.Find(state, name, caller) is { } layer ? (layer, null) : (null, Problems.Answer(StatusCodes.Status404NotFound, LayerCare.Missing(name)));
    }

    /// <summary>The layer and the version, or the refusal.</summary>
    public static (Layer? Layer, LayerRelease? Release, IResult? Refusal) Version(HttpContext context, HubState state, Caller caller)
    {
        var (layer, refusal) = Layer(context, state, caller);
        if (layer is null) return (null, null, refusal);
        (var release, refusal) = Version(layer, context.Request.RouteValues["version"]?.ToString());
        return (layer, release, refusal);
    }

    /// <summary>A version of a layer by its text, or the refusal.</summary>
    public static (LayerRelease? Release, IResult? Refusal) Version(Layer layer, string? text)
    {
        if (!SemanticVersion.TryParse(text, out var version, out var problem)) return (null, Problems.Answer(StatusCodes.Status400BadRequest, problem));
        return layer.Find(version) is { } release ? (release, null) : (null, Problems.Answer(
            StatusCodes.Status404NotFound, $"{layer.Key} has no version {version}; there {(layer.Releases.Count == 1 ? "is" : "are")} {Some(layer)}."));
    }

    private static string Some(Layer layer)
    {
        const int most = 5;
        return string.Join(", ", layer.Releases.Take(most).Select(r => r.Version)) + (layer.Releases.Count > most ? $" and {layer.Releases.Count - most} older ones" : "");
    }
}
