using Microsoft.OpenApi;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary><c>search/</c>: layers, libraries and files in all versions that the caller may see.</summary>
internal sealed class SearchEndpoint(HubWriter writer, ICatalogueIndex index)
{
    public void Map(ApiRoutes api) => api.Get("search/", ObjectKind.Layer, Search)
        .Says("Finds layers, libraries and files in all versions that the caller may see.").Gives<SearchDocument>()
        .Asks("q", $"What to search for, 1 to {CatalogueQuery.LongestText} characters. It has to be given.")
        .Asks("kind", "Only hits of this kind.", values: [.. Enum.GetNames<HitKind>().Select(k => k.ToLowerInvariant())])
        .Asks("owner", "Only layers of this OEM.").Asks("platform", "Only layers for this platform.").Asks("feature", "Only layers with this OS feature.")
        .Asks("state", "Only versions in this state.", values: [.. Enum.GetNames<ReleaseState>().Select(s => s.ToLowerInvariant())])
        .Asks("limit", $"Hits at most; {Requests.MostOnAPage} when it is not given or more.", JsonSchemaType.Integer)
        .Asks("cursor", "The next_cursor of the answer before: goes on there.")
        .IsHeavy().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private IResult Search(HttpContext context, Caller caller)
    {
        var (query, mistakes) = Read(context);
        if (query is null) return Problems.Answer(StatusCodes.Status400BadRequest, mistakes);
        try
        {
            var found = index.Search(writer.State, caller, query);
            return TypedResults.Json(new SearchDocument([.. found.Hits.Select(Of)], found.Next?.ToString(), found.Behind), LayerApiJson.Default.SearchDocument);
        }
        catch (IOException)
        {
            return Problems.Answer(StatusCodes.Status503ServiceUnavailable, "The search is out of order for the moment; the layers are all there. Try again.");
        }
    }

    private static (CatalogueQuery? Query, List<string> Mistakes) Read(HttpContext context)
    {
        var (query, mistakes) = (context.Request.Query, new List<string>());
        var text = query["q"].ToString().Trim();
        if (text.Length == 0) mistakes.Add("q: say what to search for.");
        else if (text.Length > CatalogueQuery.LongestText) mistakes.Add($"q: it has {text.Length} characters; at most {CatalogueQuery.LongestText} are searched for.");
        CatalogueCursor? after = null;
        if (query["cursor"].ToString() is { Length: > 0 } cursor && !CatalogueCursor.TryParse(cursor, out after)) mistakes.Add("cursor: the next_cursor of an earlier answer of this search is expected.");
        var asked = new CatalogueQuery(text)
        {
            Kind = QueryWords.One<HitKind>(query, "kind", mistakes),
            Owner = QueryWords.Text(query, "owner"),
            Platform = QueryWords.Text(query, "platform"),
            Feature = QueryWords.Text(query, "feature"),
            State = QueryWords.One<ReleaseState>(query, "state", mistakes),
            After = after,
            Limit = Math.Max(1, Requests.Part(context).Limit),
        };
        return mistakes.Count > 0 ? (null, mistakes) : (asked, mistakes);
    }

    private static SearchHitDocument Of(CatalogueHit hit) => new(
        hit.Kind.ToString().ToLowerInvariant(), hit.Name, hit.Version, hit.Type, hit.License, [.. hit.Sonames],
        hit.Layer.Id, hit.Layer.Key.Codename, hit.Layer.Key.Owner, hit.Release.Version.ToString(), hit.Platform,
        [.. hit.Spans.Select(s => new VersionSpanDocument(s.First.ToString(), s.Last.ToString(), s.IsOpen))]);
}
