using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>Services: their versions, what layers they need and what those needs resolve to.</summary>
internal sealed class ServicePages(HubWriter writer, PageRenderer pages)
{
    private const int RowsOfOne = 5; // a version lists its needs and its stacks for each OEM

    public void Map(PortalRoutes routes)
    {
        routes.Get("/services", ObjectKind.Service, (context, visit) =>
        {
            var (state, query) = (writer.State, PageQuery.Of(context));
            var found = state.Services.Values.Where(s => visit.Known.Sees(Guarded.Of(s)) && s.Codename.Contains(query["q"], StringComparison.OrdinalIgnoreCase))
                .OrderBy(s => s.Codename, StringComparer.Ordinal).ThenBy(s => s.Owner, StringComparer.Ordinal).ToList();
            return pages.PageAsync<ServicesPage>(new() { [nameof(ServicesPage.Services)] = query.Part(found).Select(Line), [nameof(ServicesPage.Query)] = query });
        });
        routes.Get("/services/{id:guid}", ObjectKind.Service, (context, visit) =>
        {
            var state = writer.State;
            if (state.Services.GetValueOrDefault(Guid.Parse(context.Request.RouteValues["id"]!.ToString()!)) is not { } service || !visit.Known.Sees(Guarded.Of(service)))
                return pages.NotFoundAsync("service");
            var query = PageQuery.Of(context);
            query = query with { Rows = Math.Max(1, query.Rows / RowsOfOne) };
            var one = service.Versions.Where(v => v.Version.ToString() == query["version"]).ToArray();
            var part = one.Length > 0 ? new(one, 0, 1) : query.Part(service.Versions);
            return pages.PageAsync<ServicePage>(new()
            {
                [nameof(ServicePage.Service)] = ServiceEndpoints.Of(state, service with { Versions = [.. part.Rows] }, visit.Known),
                [nameof(ServicePage.Versions)] = part.Select(v => v.Version.ToString()),
                [nameof(ServicePage.Query)] = query,
                [nameof(ServicePage.IsOne)] = one.Length > 0,
                [nameof(ServicePage.Layers)] = state.Catalogue.Layers.Where(l => visit.Known.Sees(Guarded.Of(l))).ToDictionary(l => $"{l.Key.Owner}/{l.Key.Codename}", l => l.Id),
            });
        });
    }

    private static ServiceLine Line(ServiceRow service) => new(
        service.Id, service.Codename, service.Title, service.Owner, service.Versions.Count, service.Versions is [{ } newest, ..] ? newest.Version.ToString() : null);
}
