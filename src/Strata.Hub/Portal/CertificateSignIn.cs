using System.Collections.Concurrent;
using Strata.Hub.Access;
using Strata.Hub.Listeners;

namespace Strata.Hub.Portal;

/// <summary>Signs in by a user's certificate, at a door of its own: no browser is asked for one at the portal itself (decision 14).</summary>
/// <remarks>
/// The portal leaves a secret in the browser and sends it to the other door, which judges the certificate as the API does and sends the browser
/// back with a code. The code is good once, for a minute, and only in the browser in which the sign-in began: nobody can be signed in by somebody else's link.
/// </remarks>
internal sealed class CertificateSignIn(Doors doors, CallerCheck check, PageRenderer pages, TimeProvider clock)
{
    private const string StartCookie = "__Host-strata-start";
    private const int MostCodes = 10_000;
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Code> _codes = new(StringComparer.Ordinal);

    /// <param name="begin">Begins the session: for whom, and until when at most.</param>
    public void Map(PortalRoutes routes, Func<HttpContext, Visit, Caller, DateTimeOffset?, Task<IResult>> begin)
    {
        routes.Open(HttpMethods.Get, "/sign-in/certificate", Start);
        routes.Open(HttpMethods.Get, "/certificate", JudgeAsync, Listener.PortalCertificate);
        routes.Open(HttpMethods.Get, "/sign-in/certificate/done", (context, visit) =>
        {
            var start = context.Request.Cookies[StartCookie];
            context.Response.Cookies.Delete(StartCookie, Options());
            return _codes.TryRemove(visit.Query("code"), out var code) && start is not null && code.Start == InvitationEndpoints.HashOf(start) && clock.GetUtcNow() < code.Ends
                ? begin(context, visit, code.Caller, code.CertificateEnds)
                : pages.NoteAsync("Not signed in", "This sign-in was used before, took longer than a minute, or began in another browser. Begin again.", StatusCodes.Status403Forbidden, next: "/sign-in", atOnce: false);
        });
    }

    private Task<IResult> Start(HttpContext context, Visit visit)
    {
        // Cookies belong to a name: whoever came by another one begins again under the name that the way back leads to.
        var portal = doors.Address(Listener.Portal);
        if (!context.Request.Host.Host.Equals(portal.Host, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult<IResult>(TypedResults.Redirect(new Uri(portal, "sign-in/certificate").ToString()));
        var secret = PortalSessions.Fresh();
        context.Response.Cookies.Append(StartCookie, secret, Options());
        return Task.FromResult<IResult>(TypedResults.Redirect(new Uri(doors.Address(Listener.PortalCertificate), $"certificate?start={InvitationEndpoints.HashOf(secret)}").ToString()));
    }

    private async Task<IResult> JudgeAsync(HttpContext context, Visit visit)
    {
        var (caller, refusal) = await check.CheckAsync(context);
        if (caller is null)
            return await pages.NoteAsync("Not signed in", $"{refusal} Browsers ask for a certificate once: to choose another, close the browser or use a private window.", StatusCodes.Status401Unauthorized, new Uri(doors.Address(Listener.Portal), "sign-in").ToString(), atOnce: false);
        var now = clock.GetUtcNow();
        foreach (var (old, code) in _codes)
            if (now >= code.Ends) _codes.TryRemove(old, out _);
        if (_codes.Count >= MostCodes) return await pages.NoteAsync("Busy", "Too many sign-ins are under way; try again in a minute.", StatusCodes.Status503ServiceUnavailable, new Uri(doors.Address(Listener.Portal), "sign-in").ToString(), atOnce: false);
        var fresh = PortalSessions.Fresh();
        _codes[fresh] = new(caller, visit.Query("start"), now + CodeLifetime, context.Connection.ClientCertificate!.NotAfter.ToUniversalTime());
        return TypedResults.Redirect(new Uri(doors.Address(Listener.Portal), $"sign-in/certificate/done?code={fresh}").ToString());
    }

    // Lax: the way back is a redirect, which may have begun at somebody else's link to the portal.
    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = CodeLifetime };

    private sealed record Code(Caller Caller, string Start, DateTimeOffset Ends, DateTimeOffset CertificateEnds);
}
