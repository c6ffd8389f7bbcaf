using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>All of the portal.</summary>
internal sealed class PortalEndpoints(HubWriter writer, PortalSessions sessions, PortalAssets assets, PageRenderer pages, SignInPages signIn, CataloguePages catalogue, LayerCarePages care, BundlePages bundles, ServicePages services, AccessPages access, UnitPages units, SubjectPages subjects, Doors doors, ILogger<PortalRoutes> logger)
{
    // Where somebody starts who just signed in: the first that the role may read.
    private static readonly (ObjectKind Kind, string Path)[] Homes = [(ObjectKind.Layer, "/layers"), (ObjectKind.Unit, "/units")];

    public void Map(IEndpointRouteBuilder builder)
    {
        assets.Map(builder);
        var routes = new PortalRoutes(builder, sessions, assets, pages, writer, doors, logger);
        signIn.Map(routes);
        catalogue.Map((path, page) => routes.Get(
            path, path.StartsWith("/targets", StringComparison.Ordinal) ? ObjectKind.Target : ObjectKind.Layer, (context, visit) => page(context, visit.Known)));
        routes.Get("/", ObjectKind.Me, (_, visit) => Task.FromResult<IResult>(TypedResults.LocalRedirect(Homes.First(h => visit.May(Verb.Read, h.Kind)).Path)));
        care.Map(routes);
        bundles.Map(routes);
        services.Map(routes);
        access.Map(routes);
        units.Map(routes);
        subjects.Map(routes);
        // Whoever asks at this door for what is not there is a person.
        routes.Open(HttpMethods.Get, "/{**path}", (_, _) => pages.NotFoundAsync("page"));
    }
}
