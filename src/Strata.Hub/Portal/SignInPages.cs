using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.OpenId;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>How a browser becomes somebody's, and stops being so. Record 0030.</summary>
internal sealed class SignInPages(HubOptions options, HubWriter writer, PortalSessions sessions, SignInLink link, CertificateSignIn certificates, OpenIdSignIn openId, PageRenderer pages)
{
    public void Map(PortalRoutes routes)
    {
        routes.Open(HttpMethods.Get, "/sign-in", SignInAsync);
        routes.Open(HttpMethods.Post, "/sign-out", SignOutAsync);
        certificates.Map(routes, BeginAsync);
        openId.Map(routes, BeginAsync);
    }

    private Task<IResult> SignInAsync(HttpContext context, Visit visit)
    {
        var token = visit.Query("token");
        if (token.Length == 0) return pages.PageAsync<Pages.SignInPage>();
        return link.Use(token)
            ? BeginAsync(context, visit, new Caller("operator", ClientRole.Admin, options.Domain, Caller.OwnerIdOf(writer.State, options.Domain), null), null)
            : pages.NoteAsync("Not signed in", "This link was used before, is too old, or is of an earlier start of the hub. Make another where the hub runs: strata hub sign-in --data FOLDER", StatusCodes.Status403Forbidden);
    }

    private Task<IResult> BeginAsync(HttpContext context, Visit visit, Caller caller, DateTimeOffset? until)
    {
        sessions.End(context.Request.Cookies[PortalSessions.Cookie]);
        context.Response.Cookies.Append(PortalSessions.Cookie, sessions.Begin(caller, until), Options());
        // A page and no redirect: after one, a browser would not send a strict cookie to a visitor who came from elsewhere.
        return pages.NoteAsync("Signed in", $"You are {caller.Name}, {caller.RoleName} of {caller.Owner}.", StatusCodes.Status200OK, next: "/");
    }

    private async Task<IResult> SignOutAsync(HttpContext context, Visit visit)
    {
        sessions.End(context.Request.Cookies[PortalSessions.Cookie]);
        context.Response.Cookies.Delete(PortalSessions.Cookie, Options());
        // Whoever forgets the session with the provider would be in again by one click, and so would the next at this desk.
        return visit.Caller is { } caller && await openId.LeaveAsync(caller, context.RequestAborted) is { } provider
            ? await pages.PageAsync<Pages.SignedOutPage>(new() { [nameof(Pages.SignedOutPage.Provider)] = provider })
            : TypedResults.LocalRedirect("/sign-in");
    }

    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
