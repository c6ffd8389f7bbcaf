using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>How a browser becomes somebody's, and stops being so. Record 0030.</summary>
internal sealed class SignInPages(HubOptions options, HubWriter writer, PortalSessions sessions, SignInLink link, CertificateSignIn certificates, PageRenderer pages)
{
    public void Map(PortalRoutes routes)
    {
        routes.Open(HttpMethods.Get, "/sign-in", SignInAsync);
        routes.Open(HttpMethods.Post, "/sign-out", SignOut);
        certificates.Map(routes, BeginAsync);
    }

    private Task<IResult> SignInAsync(HttpContext context, Visit visit)
    {
        var token = visit.Query("token");
        if (token.Length == 0) return pages.PageAsync<Pages.SignInPage>();
        return link.Use(token)
            ? BeginAsync(context, visit, new Caller("operator", ClientRole.Admin, options.Domain, writer.State.OwnerId(options.Domain, Guid.NewGuid()), null), null)
            : pages.NoteAsync("Not signed in", "This link was used before, or is of an earlier start of the hub. Take the newest from hub.json in the hub's data folder.", StatusCodes.Status403Forbidden);
    }

    private Task<IResult> BeginAsync(HttpContext context, Visit visit, Caller caller, DateTimeOffset? until)
    {
        sessions.End(context.Request.Cookies[PortalSessions.Cookie]);
        context.Response.Cookies.Append(PortalSessions.Cookie, sessions.Begin(caller, until), Options());
        // A page and no redirect: after one, a browser would not send a strict cookie to a visitor who came from elsewhere.
        return pages.NoteAsync("Signed in", $"You are {caller.Name}, {caller.RoleName} of {caller.Owner}.", StatusCodes.Status200OK, next: "/");
    }

    private Task<IResult> SignOut(HttpContext context, Visit visit)
    {
        sessions.End(context.Request.Cookies[PortalSessions.Cookie]);
        context.Response.Cookies.Delete(PortalSessions.Cookie, Options());
        return Task.FromResult<IResult>(TypedResults.LocalRedirect("/sign-in"));
    }

    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
