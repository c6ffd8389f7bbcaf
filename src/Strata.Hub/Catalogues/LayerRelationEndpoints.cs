using Microsoft.OpenApi;
using Strata.Artifacts.Layers;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>How layers and versions stand to one another: <c>layers/{name}/used-by|graph|compare/</c>.</summary>
internal sealed class LayerRelationEndpoints(HubWriter writer, Comparisons comparisons)
{
    private static readonly string[] Sides = ["from", "to"];

    public void Map(ApiRoutes api)
    {
        api.Get("layers/{name}/used-by/", ObjectKind.Layer, UsedBy).Says("Service versions on units in whose image any version of a layer is.").ListsByOffset<LayerUserDocument>().Searches("service and owner").IsHeavy();
        api.Get("layers/{name}/graph/", ObjectKind.Layer, Graph).Says("What a layer stands on and what stands on it, by the newest version of each.").Gives<LayerGraphDocument>();
        api.Get("layers/{name}/compare/", ObjectKind.Layer, CompareAsync)
            .Says("What differs between two versions of a layer, and which version step that asks for.").Gives<LayerComparisonDocument>()
            .Asks("from", "The older version. It has to be given.").Asks("to", "The newer version. It has to be given.").Asks("platform", "Such as `linux/amd64`; the first that both have, when it is not given.")
            .Asks("limit", $"Lines of each list at most; {Requests.MostOnAPage} when it is not given or more.", JsonSchemaType.Integer).Asks("offset", "Lines of each list to pass over.", JsonSchemaType.Integer)
            .IsHeavy().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status500InternalServerError);
    }

    private IResult UsedBy(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var (layer, refusal) = LayerRequests.Layer(context, state, caller);
        return layer is null ? refusal! : LayerContentEndpoints.Users(context, new LayerUsage(state, caller).Of(layer.Key));
    }

    private IResult Graph(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var (layer, refusal) = LayerRequests.Layer(context, state, caller);
        if (layer is null) return refusal!;
        var graph = LayerGraph.Of(state, layer, caller);
        var nodes = graph.Edges.SelectMany(e => new[] { e.Upper, e.Lower }).Append(LayerGraph.Node(layer, layer)).DistinctBy(n => n.Id);
        return TypedResults.Json(
            new LayerGraphDocument(
                [.. nodes.Select(n => new GraphNodeDocument(n.Id, n.Kind == "service" ? "service" : "layer", n.Name, n.Owner))],
                [.. graph.Edges.Select(e => new GraphEdgeDocument(e.Upper.Id, e.Lower.Id, e.Upper.Kind == "service" ? "uses" : "parent"))],
                graph.More),
            LayerApiJson.Default.LayerGraphDocument);
    }

    private async Task<IResult> CompareAsync(HttpContext context, Caller caller)
    {
        var (layer, refusal) = LayerRequests.Layer(context, writer.State, caller);
        if (layer is null) return refusal!;
        var query = context.Request.Query;
        var missing = Sides.Where(name => query[name].ToString().Length == 0).Select(name => $"{name}: say a version of {layer.Key}.").ToList();
        if (missing.Count > 0) return Problems.Answer(StatusCodes.Status400BadRequest, missing);
        (var from, refusal) = LayerRequests.Version(layer, query["from"]);
        if (from is null) return refusal!;
        (var to, refusal) = LayerRequests.Version(layer, query["to"]);
        if (to is null) return refusal!;

        var both = from.Images.Join(to.Images, i => i.Platform, i => i.Platform, (old, next) => (Old: old, New: next)).ToList();
        var platform = query["platform"].ToString();
        if (both.FirstOrDefault(b => platform.Length == 0 || b.Old.Platform.ToString() == platform || b.Old.Platform.Architecture == platform) is not ({ } oldImage, { } newImage))
        {
            return Problems.Answer(StatusCodes.Status404NotFound, both.Count == 0
                ? $"{from} and {to} have no platform in common: {string.Join(", ", from.Images.Select(i => i.Platform))} and {string.Join(", ", to.Images.Select(i => i.Platform))}."
                : $"{from} and {to} do not both have the platform '{Quote.Short(platform)}'; both have {string.Join(", ", both.Select(b => b.Old.Platform))}.");
        }
        return await comparisons.OfAsync(oldImage.Digest, newImage.Digest, context.RequestAborted) is { } found
            ? TypedResults.Json(Of(context, layer, (from, oldImage), (to, newImage), found), LayerApiJson.Default.LayerComparisonDocument)
            : Problems.Answer(StatusCodes.Status500InternalServerError, $"The hub's store has lost an archive of {from} or {to}. Tell its operator.");
    }

    private static LayerComparisonDocument Of(HttpContext context, Layer layer, (LayerRelease Release, LayerImage Image) from, (LayerRelease Release, LayerImage Image) to, LayerComparison found)
    {
        var (offset, limit) = Requests.Part(context);
        return new(
            layer.Id, layer.Key.Codename, layer.Key.Owner, from.Image.Platform.ToString(),
            Side(from, found.Old), Side(to, found.New), Word(found.Needed),
            Part(found.Libraries, l => new LibraryChangeDocument(l.Type, l.Name, l.Old, l.New, Word(l.Needs))),
            Part(found.Paths, p => new PathChangeDocument(p.Path, p.What, Word(p.Needs))),
            Part(found.Symbols, s => new SymbolChangeDocument(s.Soname, s.Symbol, s.IsRemoved ? "removed" : "added", Word(s.Needs))));

        Page<TDocument> Part<T, TDocument>(EquatableList<T> all, Func<T, TDocument> document) => new([.. all.Skip(offset).Take(limit).Select(document)], all.Count, offset);
    }

    private static ComparedSideDocument Side((LayerRelease Release, LayerImage Image) side, ComparedLayer found) =>
        new(side.Release.Version.ToString(), side.Image.Digest, found.DiffId, found.Size, found.UnpackedSize, found.Entries);

    private static string Word(VersionStep step) => step.ToString().ToLowerInvariant();
}
