using Strata.Artifacts.Json;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>layers/</c> and <c>catalogue/</c>.</summary>
internal sealed class LayerEndpoints(HubWriter writer, LayerViews views)
{
    public void Map(ApiRoutes api)
    {
        api.Get("layers/", ObjectKind.Layer, List);
        api.Get("layers/{name}/", ObjectKind.Layer, Show);
        api.Get("layers/{name}/versions/{version}/", ObjectKind.Layer, ShowVersionAsync);
        api.Get("catalogue/", ObjectKind.Layer, Export);
    }

    private IResult List(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var search = context.Request.Query["search"].ToString();
        var seen = state.Catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l)))
            .Where(l => search.Length == 0 || l.Aliases.Append(l.Key.Codename).Append(l.Title ?? "").Any(t => t.Contains(search, StringComparison.OrdinalIgnoreCase)));
        return Requests.Page(context, seen, layer => LayerViews.Of(state, layer, Sees(caller)), ApiJson.Default.PageLayerDocument);
    }

    private IResult Show(HttpContext context, Caller caller)
    {
        var (state, name) = (writer.State, Name(context));
        return LayerViews.Find(state, name, caller) is { } layer
            ? TypedResults.Json(LayerViews.Of(state, layer, Sees(caller)), ApiJson.Default.LayerDocument)
            : Missing(name);
    }

    private async Task<IResult> ShowVersionAsync(HttpContext context, Caller caller)
    {
        var (state, name, text) = (writer.State, Name(context), context.Request.RouteValues["version"]?.ToString());
        if (LayerViews.Find(state, name, caller) is not { } layer) return Missing(name);
        if (!SemanticVersion.TryParse(text, out var version, out var problem)) return Problems.Answer(StatusCodes.Status400BadRequest, problem);
        if (layer.Releases.FirstOrDefault(r => r.Version == version) is not { } release)
            return Problems.Answer(
                StatusCodes.Status404NotFound,
                $"{layer.Key} has no version {version}; there are {string.Join(", ", layer.Releases.Select(r => r.Version))}.");
        return TypedResults.Json(await views.OfAsync(state, layer, release, Sees(caller), context.RequestAborted), ApiJson.Default.LayerVersionDocument);
    }

    private IResult Export(HttpContext context, Caller caller)
    {
        var catalogue = writer.State.Catalogue;
        return TypedResults.Json(CatalogueDocument.Of(catalogue, layer => caller.Sees(Guarded.Of(layer))), ModelJson.Default.CatalogueDocument);
    }

    private static Func<ServiceRow, bool> Sees(Caller caller) => service => caller.Sees(Guarded.Of(service));

    private static string Name(HttpContext context) => context.Request.RouteValues["name"]?.ToString() ?? "";

    private static IResult Missing(string name) => Problems.Answer(
        StatusCodes.Status404NotFound, $"There is no layer '{Quote.Short(name)}', or it is not shared with you. 'strata layers list' shows those that are.");
}
