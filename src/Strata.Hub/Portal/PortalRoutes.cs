using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>The only way to map something at the portal: with its headers, and with whom the policy lets to it.</summary>
/// <remarks>Here the role is judged; whose object it is, the page judges by <see cref="Caller.Sees"/>. Record 0030.</remarks>
internal sealed partial class PortalRoutes(IEndpointRouteBuilder routes, PortalSessions sessions, PortalAssets assets, PageRenderer pages, HubWriter writer, Doors doors, ILogger logger)
{
    /// <summary>Of every answer but the assets': nothing runs, loads or connects but what this hub serves.</summary>
    private const string SecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A page for those who may read <paramref name="kind"/>.</summary>
    public void Get(string path, ObjectKind kind, Func<HttpContext, Visit, Task<IResult>> answer) => Map(HttpMethods.Get, path, Verb.Read, kind, answer);

    /// <summary>What a form or script sends; only from pages of the portal itself.</summary>
    public void Post(string path, Verb verb, ObjectKind kind, Func<HttpContext, Visit, Task<IResult>> answer) => Map(HttpMethods.Post, path, verb, kind, answer);

    /// <summary>Any method, for protocols that have their own.</summary>
    public void Map(string method, string path, Verb verb, ObjectKind kind, Func<HttpContext, Visit, Task<IResult>> answer) => Map(method, path, verb, [kind], answer);

    /// <summary>For objects of several kinds: the page itself tells which one it meets.</summary>
    public void Map(string method, string path, Verb verb, IReadOnlyList<ObjectKind> kinds, Func<HttpContext, Visit, Task<IResult>> answer) =>
        At(Listener.Portal, method, path, (context, visit) =>
            visit.Caller is null ? pages.PageAsync<Pages.SignInPage>(status: StatusCodes.Status401Unauthorized)
            : !kinds.Any(kind => Policy.Allows(visit.Caller.Role, verb, kind)) ? pages.NoteAsync(
                "Not allowed", $"{visit.RoleName} users have no access to this; it needs the permission {Permissions.Name(verb, kinds[0])}.", StatusCodes.Status403Forbidden)
            : answer(context, visit));

    /// <summary>For everybody, signed in or not.</summary>
    public void Open(string method, string path, Func<HttpContext, Visit, Task<IResult>> answer, Listener door = Listener.Portal) => At(door, method, path, answer);

    private void At(Listener door, string method, string path, Func<HttpContext, Visit, Task<IResult>> answer) =>
        routes.MapMethods(path, [method], async context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = SecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin"; // the sign-in link carries a token; with "no-referrer" browsers hide the origin of forms, too
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
            if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !IsFromHere(context.Request))
            {
                await Problems.Answer(StatusCodes.Status403Forbidden, "Only pages of this portal may send this.").ExecuteAsync(context);
                return;
            }
            var caller = door == Listener.Portal ? sessions.Find(context.Request.Cookies[PortalSessions.Cookie]) : null;
            if (CallerCheck.Refusal(writer.State, caller?.Kid) is not null) caller = null; // with the certificate ends what it opened
            if (caller is not null) Actor.Is(caller.Acting("portal", context));
            // At the other door there is nothing but the sign-in: all else is back at the portal.
            var visit = new Visit(caller, context.Request, assets) { Home = door == Listener.Portal ? "/" : doors.Address(Listener.Portal).ToString() };
            context.Features.Set(visit);
            try
            {
                var answered = await answer(context, visit);
                while (IsHeavy(answered) && HttpMethods.IsGet(method) && visit.Rows > 1)
                {
                    context.Features.Set(visit = visit with { Rows = visit.Rows / 2 });
                    answered = await answer(context, visit);
                }
                await answered.ExecuteAsync(context);
            }
            catch (BadHttpRequestException wrong) when (!context.Response.HasStarted)
            {
                await (await FaultAsync(context, "The request cannot be served as it is", wrong.Message, wrong.StatusCode)).ExecuteAsync(context);
            }
            catch (Exception failed) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                LogFailed(logger, path, failed);
                await (await FaultAsync(context, "The hub failed", "Something went wrong here, and it is not your doing. Try again; if it stays so, the hub's operator finds more in its log.", StatusCodes.Status500InternalServerError)).ExecuteAsync(context);
            }
        }).At(door);

    // A list of long names goes on further pages.
    private static bool IsHeavy(IResult answer) => answer is ContentHttpResult { ResponseContent: { } html } && Encoding.UTF8.GetByteCount(html) >= PageRenderer.Heaviest;

    // Scripts get what the API answers, people a page.
    private Task<IResult> FaultAsync(HttpContext context, string title, string text, int status) =>
        context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "application/json") ? Task.FromResult(Problems.Answer(status, text)) : pages.NoteAsync(title, text, status);

    [LoggerMessage(1, LogLevel.Error, "The page {Path} failed")]
    private static partial void LogFailed(ILogger logger, string path, Exception problem);

    // Every browser of the last years says where a request that changes something comes from, and pages cannot forge it.
    private static bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && origin == $"{request.Scheme}://{request.Host}";
}
