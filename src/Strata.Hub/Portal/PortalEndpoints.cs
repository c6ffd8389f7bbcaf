using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Pages;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Portal;

/// <summary>The portal: pages rendered here and sent whole, without scripts, circuits or anything from elsewhere (decision 14).</summary>
internal sealed class PortalEndpoints(HubWriter writer, PortalSessions sessions, LayerViews layers, UnitViews units, BundleEndpoints bundles, IServiceProvider services, ILoggerFactory logs)
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const int MostBundles = 200;
    private readonly byte[] _stylesheet = Resource("portal.css");
    private readonly byte[] _icon = Resource("icon.svg");

    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/portal.css", context => Task.FromResult<IResult>(TypedResults.Bytes(_stylesheet, "text/css; charset=utf-8")), open: true);
        Get(routes, "/icon.svg", context => Task.FromResult<IResult>(TypedResults.Bytes(_icon, "image/svg+xml")), open: true);
        Get(routes, "/sign-in", SignInAsync, open: true);
        Get(routes, "/", _ => Task.FromResult<IResult>(TypedResults.Redirect("/layers")));
        Get(routes, "/layers", _ =>
        {
            var state = writer.State;
            return PageAsync<LayersPage>(new() { [nameof(LayersPage.Layers)] = state.Catalogue.Layers.Select(l => LayerViews.Of(state, l, Everything)).ToArray() });
        });
        Get(routes, "/layers/{id}", LayerAsync);
        Get(routes, "/layers/{id}/{version}", VersionAsync);
        Get(routes, "/bundles", _ => PageAsync<BundlesPage>(new()
        {
            [nameof(BundlesPage.Bundles)] = writer.State.Bundles.Values.OrderByDescending(b => b.ReceivedAt).Take(MostBundles).Select(bundles.Of).ToArray(),
        }));
        Get(routes, "/units", _ =>
        {
            var state = writer.State;
            return PageAsync<UnitsPage>(new() { [nameof(UnitsPage.Units)] = state.Units.Values.Select(u => units.Of(state, u)).ToArray() });
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
                : await NoteAsync("Not signed in", "Open the sign-in link that the hub printed when it started; it is also in its hub.json. A link works once: restart the hub for a new one.", StatusCodes.Status401Unauthorized);
            await result.ExecuteAsync(context);
        }).At(Listener.Portal);

    private async Task<IResult> SignInAsync(HttpContext context)
    {
        if (sessions.SignIn(context.Request.Query["token"].ToString()) is not { } session)
            return await NoteAsync("Not signed in", "This link was used before, or is of an earlier start of the hub. Take the newest from hub.json, or restart the hub.", StatusCodes.Status403Forbidden);
        context.Response.Cookies.Append(PortalSessions.Cookie, session, new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        // A page and no redirect: after one, a browser would not send a strict cookie to a visitor who came from elsewhere.
        return await PageAsync<NotePage>(new() { [nameof(NotePage.Title)] = "Signed in", [nameof(NotePage.Text)] = "This browser may now see the hub.", [nameof(NotePage.Next)] = "/layers" });
    }

    private Task<IResult> LayerAsync(HttpContext context)
    {
        var state = writer.State;
        return Find(state, context) is { } layer
            ? PageAsync<LayerPage>(new() { [nameof(LayerPage.Layer)] = LayerViews.Of(state, layer, Everything) })
            : NoteAsync("Not found", "There is no such layer.", StatusCodes.Status404NotFound);
    }

    private async Task<IResult> VersionAsync(HttpContext context)
    {
        var state = writer.State;
        if (Find(state, context) is not { } layer
            || !SemanticVersion.TryParse(context.Request.RouteValues["version"]?.ToString(), null, out var version)
            || layer.Releases.FirstOrDefault(r => r.Version == version) is not { } release)
            return await NoteAsync("Not found", "There is no such layer version.", StatusCodes.Status404NotFound);
        return await PageAsync<LayerVersionPage>(new()
        {
            [nameof(LayerVersionPage.Layer)] = LayerViews.Of(state, layer, Everything),
            [nameof(LayerVersionPage.Version)] = await layers.OfAsync(state, layer, release, Everything, context.RequestAborted),
        });
    }

    // Whoever may see the portal holds the hub.
    private static bool Everything(ServiceRow service) => true;

    private static Model.Catalogues.Layer? Find(HubState state, HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id) ? state.Catalogue.Layers.FirstOrDefault(l => l.Id == id) : null;

    private Task<IResult> NoteAsync(string title, string text, int status) =>
        PageAsync<NotePage>(new() { [nameof(NotePage.Title)] = title, [nameof(NotePage.Text)] = text }, status);

    private async Task<IResult> PageAsync<TPage>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return TypedResults.Text(html, "text/html; charset=utf-8", statusCode: status);
    }

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
