using Microsoft.OpenApi;
using Strata.Artifacts.Json;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>layers/</c> and <c>catalogue/</c>.</summary>
internal sealed class LayerEndpoints(HubWriter writer, LayerCatalogue layers)
{
    public void Map(ApiRoutes api)
    {
        api.Get("layers/", ObjectKind.Layer, ListAsync).Says("Layers with their newest versions.", "Libraries, licences, sonames and paths are searched by `search/`.").ListsByOffset<LayerDocument>().ReadsOn()
            .Searches("codename, aliases, title and id").Asks("owner", "Only layers of this OEM.").Asks("platform", "Only layers for this platform.")
            .Asks("feature", "Only layers with this OS feature.").Asks("state", "Only layers with a version in this state.", values: [.. Enum.GetValues<ReleaseState>().Select(s => s.ToString().ToLowerInvariant())])
            .Asks("used", "Only layers that a service on a unit uses, or that none does.", JsonSchemaType.Boolean).Refuses(StatusCodes.Status400BadRequest);
        api.Get("layers/{name}/", ObjectKind.Layer, Show).Says("A layer with all its versions.").Gives<LayerDocument>();
        api.Get("layers/{name}/versions/", ObjectKind.Layer, ShowVersions).Says("A layer's versions, newest first.").ListsByOffset<LayerVersionEntry>();
        api.Get("layers/{name}/versions/{version}/", ObjectKind.Layer, ShowVersionAsync)
            .Says("A version: its archives, what they share, who signed it, and its layer.json for each platform.").Gives<LayerVersionDocument>().Refuses(StatusCodes.Status400BadRequest);
        api.Get("catalogue/", ObjectKind.Layer, Export).Says("Everything that layers are resolved by, as `strata resolve --catalogue` reads it.").Gives<CatalogueDocument>();
    }

    private async Task<IResult> ListAsync(HttpContext context, Caller caller)
    {
        var (state, query, mistakes) = (writer.State, context.Request.Query, new List<string>());
        var filter = new LayerFilter
        {
            Text = query["search"].ToString(),
            Owner = QueryWords.Text(query, "owner"),
            Platform = QueryWords.Text(query, "platform"),
            Feature = QueryWords.Text(query, "feature"),
            State = QueryWords.One<ReleaseState>(query, "state", mistakes),
            IsUsed = QueryWords.Flag(query, "used", mistakes),
        };
        var after = LayerCursor.After(query, mistakes);
        if (mistakes.Count > 0) return Problems.Answer(StatusCodes.Status400BadRequest, mistakes);
        var usage = new LayerUsage(state, caller);
        var found = await layers.FindAsync(state, caller, usage, filter, context.RequestAborted);
        var (offset, limit) = Requests.Part(context);
        if (after is not null) offset = found.TakeWhile(l => LayerCursor.IsUpTo(l, after)).Count();
        var items = found.Skip(offset).Take(limit).ToList();
        var next = items.Count > 0 && offset + items.Count < found.Count ? LayerCursor.Of(items[^1]) : null;
        return TypedResults.Json(
            new Page<LayerDocument>([.. items.Select(layer => LayerCatalogue.Of(layer, usage, LayerCatalogue.VersionsListed))], found.Count, offset, next), ApiJson.Default.PageLayerDocument);
    }

    private IResult Show(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var (layer, refusal) = LayerRequests.Layer(context, state, caller);
        return layer is null ? refusal! : TypedResults.Json(LayerCatalogue.Of(layer, new(state, caller), int.MaxValue), ApiJson.Default.LayerDocument);
    }

    private IResult ShowVersions(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var (layer, refusal) = LayerRequests.Layer(context, state, caller);
        if (layer is null) return refusal!;
        var usage = new LayerUsage(state, caller);
        return Requests.Page(context, layer.Releases, release => LayerCatalogue.Of(release, usage), LayerApiJson.Default.PageLayerVersionEntry);
    }

    private async Task<IResult> ShowVersionAsync(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var (layer, release, refusal) = LayerRequests.Version(context, state, caller);
        return layer is null || release is null
            ? refusal!
            : TypedResults.Json(await layers.OfAsync(state, caller, layer, release, context.RequestAborted), ApiJson.Default.LayerVersionDocument);
    }

    private IResult Export(HttpContext context, Caller caller)
    {
        var catalogue = writer.State.Catalogue;
        return TypedResults.Json(CatalogueDocument.Of(catalogue, layer => caller.Sees(Guarded.Of(layer))), ModelJson.Default.CatalogueDocument);
    }
}
