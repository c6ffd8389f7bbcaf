using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>Services: their versions, what layers they need and what those needs resolve to.</summary>
internal sealed class ServicePages(HubWriter writer, PageRenderer pages)
{
    private const int MostVersions = 20; // on a page: each lists its needs and stacks

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
            var shown = service with { Versions = [.. service.Versions.Take(MostVersions)] };
            return pages.PageAsync<ServicePage>(new()
            {
                [nameof(ServicePage.Service)] = ServiceEndpoints.Of(state, shown, visit.Known),
                [nameof(ServicePage.Total)] = service.Versions.Count,
                [nameof(ServicePage.Layers)] = state.Catalogue.Layers.Where(l => visit.Known.Sees(Guarded.Of(l))).ToDictionary(l => $"{l.Key.Owner}/{l.Key.Codename}", l => l.Id),
            });
        });
    }

    private static ServiceLine Line(ServiceRow service) => new(
        service.Id, service.Codename, service.Title, service.Owner, service.Versions.Count, service.Versions is [{ } newest, ..] ? newest.Version.ToString() : null);
}
