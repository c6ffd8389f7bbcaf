using System.Reflection;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.Publishing;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>The portal: pages rendered here and sent whole, without scripts, circuits or anything from elsewhere (decision 14).</summary>
internal sealed class PortalEndpoints(HubWriter writer, PortalSessions sessions, UnitViews units, BundleEndpoints bundles, CataloguePages catalogue, PageRenderer pages)
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private const int MostBundles = 200;
    private readonly byte[] _stylesheet = Resource("portal.css");
    private readonly byte[] _catalogueStylesheet = Resource("catalogue.css");
    private readonly byte[] _icon = Resource("icon.svg");

    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/portal.css", context => Task.FromResult<IResult>(TypedResults.Bytes(_stylesheet, "text/css; charset=utf-8")), open: true);
        Get(routes, "/catalogue.css", context => Task.FromResult<IResult>(TypedResults.Bytes(_catalogueStylesheet, "text/css; charset=utf-8")), open: true);
        Get(routes, "/icon.svg", context => Task.FromResult<IResult>(TypedResults.Bytes(_icon, "image/svg+xml")), open: true);
        Get(routes, "/sign-in", SignInAsync, open: true);
        Get(routes, "/", _ => Task.FromResult<IResult>(TypedResults.Redirect("/layers")));
        catalogue.Map((path, page) => Get(routes, path, context => page(context, Console)));
        Get(routes, "/bundles", _ => pages.PageAsync<BundlesPage>(new()
        {
            [nameof(BundlesPage.Bundles)] = writer.State.Bundles.Values.OrderByDescending(b => b.ReceivedAt).Take(MostBundles).Select(bundles.Of).ToArray(),
        }));
        Get(routes, "/units", _ =>
        {
            var state = writer.State;
            return pages.PageAsync<UnitsPage>(new() { [nameof(UnitsPage.Units)] = state.Units.Values.Select(u => units.Of(state, u)).ToArray() });
        });
    }

    private void Get(IEndpointRouteBuilder routes, string path, Func<HttpContext, Task<IResult>> answer, bool open = false) =>
        routes.MapMethods(path, [HttpMethods.Get], async context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer"; // the sign-in link carries a token
            headers.CacheControl = "no-store";
            var result = open || sessions.IsSignedIn(context.Request.Cookies[PortalSessions.Cookie])
                ? await answer(context)
                : await pages.NoteAsync("Not signed in", "Open the sign-in link that the hub printed when it started; it is also in its hub.json. A link works once: restart the hub for a new one.", StatusCodes.Status401Unauthorized);
            await result.ExecuteAsync(context);
        }).At(Listener.Portal);

    private async Task<IResult> SignInAsync(HttpContext context)
    {
        if (sessions.SignIn(context.Request.Query["token"].ToString()) is not { } session)
            return await pages.NoteAsync("Not signed in", "This link was used before, or is of an earlier start of the hub. Take the newest from hub.json, or restart the hub.", StatusCodes.Status403Forbidden);
        context.Response.Cookies.Append(PortalSessions.Cookie, session, new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        // A page and no redirect: after one, a browser would not send a strict cookie to a visitor who came from elsewhere.
        return await pages.PageAsync<NotePage>(new() { [nameof(NotePage.Title)] = "Signed in", [nameof(NotePage.Text)] = "This browser may now see the hub.", [nameof(NotePage.Next)] = "/layers" });
    }

    // Whoever may see the portal holds the hub.
    private static readonly Caller Console = new("console", ClientRole.Admin, "", Guid.Empty, null);

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
