using Strata.Hub.Catalogues;
using Strata.Model.Catalogues;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>What the search page's address asks the index for.</summary>
internal static class SearchQuery
{
    /// <summary>Reads <c>q</c>, <c>kind</c>, <c>owner</c>, <c>platform</c>, <c>feature</c> and <c>state</c>; a kind or state that there is not is none.</summary>
    public static CatalogueQuery Of(PageQuery query, CatalogueCursor? after) => new(query["q"])
    {
        Kind = Enum.TryParse<HitKind>(query["kind"], ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null,
        Owner = Given(query["owner"]),
        Platform = Given(query["platform"]),
        Feature = Given(query["feature"]),
        State = Enum.TryParse<ReleaseState>(query["state"], ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        After = after,
        Limit = query.Rows,
    };

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
