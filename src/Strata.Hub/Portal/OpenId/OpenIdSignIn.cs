using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;

namespace Strata.Hub.Portal.OpenId;

/// <summary>Signs in with a provider of OpenID Connect: authorisation code with PKCE, state and nonce.</summary>
/// <remarks>
/// The protocol is the framework's own handler, run where the portal's routes say and nowhere else: as the middleware that it usually is
/// it would answer at every door. What it keeps between going and coming back is in the browser, sealed with a key of this process.
/// Source: OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700, 2.1.
/// </remarks>
internal sealed partial class OpenIdSignIn
{
    private const string Scheme = "openid", StartPath = "/sign-in/openid", DonePath = "/sign-in/openid/done";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), LongestSignIn = TimeSpan.FromMinutes(10);
    private readonly AuthenticationScheme _scheme = new(Scheme, null, typeof(OpenIdConnectHandler));
    private readonly HubOptions _hub;
    private readonly HubWriter _writer;
    private readonly Doors _doors;
    private readonly PageRenderer _pages;
    private readonly ILoggerFactory _logs;
    private readonly ILogger<OpenIdSignIn> _log;
    private readonly FixedOptions? _options;

    public OpenIdSignIn(HubOptions hub, HubWriter writer, Doors doors, PageRenderer pages, ILoggerFactory logs, TimeProvider clock)
    {
        (_hub, _writer, _doors, _pages, _logs, _log) = (hub, writer, doors, pages, logs, logs.CreateLogger<OpenIdSignIn>());
        if (hub.OpenId is not { } settings) return;
        var options = Options(settings, clock);
        new OpenIdConnectPostConfigureOptions(new EphemeralDataProtectionProvider(logs)).PostConfigure(Scheme, options);
        _options = new(options);
    }

    /// <param name="begin">Begins the session: for whom, and until when at most.</param>
    public void Map(PortalRoutes routes, Func<HttpContext, Visit, Caller, DateTimeOffset?, Task<IResult>> begin)
    {
        if (_options is null) return;
        routes.Open(HttpMethods.Get, StartPath, (context, _) => StartAsync(context));
        routes.Open(HttpMethods.Get, DonePath, (context, visit) => DoneAsync(context, visit, begin));
    }

    /// <summary>Where a person ends the session with the provider itself; null when they did not come from one, or it has no such place.</summary>
    public async Task<Uri?> LeaveAsync(Caller caller, CancellationToken cancellation)
    {
        if (_options is null || caller.Subject is null) return null;
        try
        {
            var provider = await _options.CurrentValue.ConfigurationManager!.GetConfigurationAsync(cancellation);
            return Uri.TryCreate(provider.EndSessionEndpoint, UriKind.Absolute, out var end) && end.Scheme == Uri.UriSchemeHttps
                ? new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(end.ToString(), "client_id", _hub.OpenId!.ClientId!))
                : null;
        }
        catch (Exception away) when (away is InvalidOperationException or IOException or HttpRequestException)
        {
            return null;
        }
    }

    private async Task<IResult> StartAsync(HttpContext context)
    {
        // The provider sends people back to the address that it was told of; what their browser keeps has to be of that name.
        var portal = _doors.Address(Listener.Portal);
        if (!context.Request.Host.Host.Equals(portal.Host, StringComparison.OrdinalIgnoreCase)) return TypedResults.Redirect(new Uri(portal, StartPath).ToString());
        try
        {
            await (await HandlerAsync(context)).ChallengeAsync(new AuthenticationProperties());
            return TypedResults.Empty;
        }
        catch (Exception away) when (away is InvalidOperationException or IOException or HttpRequestException or OpenIdConnectProtocolException)
        {
            LogAway(_log, _hub.OpenId!.Issuer!, away.GetBaseException().Message);
            return await _pages.NoteAsync(
                "Not signed in", $"{_hub.OpenId!.Issuer} cannot be reached, or is no OpenID provider. The hub's log says more. Try again, or sign in in another way.", StatusCodes.Status502BadGateway, "/sign-in", atOnce: false);
        }
    }

    private async Task<IResult> DoneAsync(HttpContext context, Visit visit, Func<HttpContext, Visit, Caller, DateTimeOffset?, Task<IResult>> begin)
    {
        var outcome = new Outcome();
        context.Features.Set(outcome);
        await (await HandlerAsync(context)).HandleRequestAsync();
        if (outcome.Principal is not { } principal)
            return await _pages.NoteAsync(
                "Not signed in",
                outcome.IsDenied ? "The provider did not sign you in: you, or it, called it off. Begin again."
                    : "This sign-in cannot be taken: it was used before, took too long, began in another browser, or the provider's answer does not hold. Begin again; the hub's log says more.",
                StatusCodes.Status403Forbidden, "/sign-in", atOnce: false);
        var (user, missing) = OpenIdUser.Of(_hub.OpenId!, [.. principal.Claims], _hub.Domain);
        return user is null
            ? await _pages.PageAsync<Pages.NoUserPage>(new() { [nameof(Pages.NoUserPage.Missing)] = missing }, StatusCodes.Status403Forbidden)
            : await begin(context, visit, new Caller(user.Name, user.Role, user.Owner, Caller.OwnerIdOf(_writer.State, user.Owner), null) { Subject = user.Subject }, null);
    }

    private async Task<OpenIdConnectHandler> HandlerAsync(HttpContext context)
    {
        var handler = new OpenIdConnectHandler(_options!, _logs, HtmlEncoder.Default, UrlEncoder.Default);
        await handler.InitializeAsync(_scheme, context);
        return handler;
    }

    private OpenIdConnectOptions Options(OpenIdSettings settings, TimeProvider clock)
    {
        var options = new OpenIdConnectOptions
        {
            Authority = settings.Issuer,
            ClientId = settings.ClientId,
            ClientSecret = settings.ClientSecret,
            ResponseType = OpenIdConnectResponseType.Code,
            // The other way is a form from another site, which would need cookies that any site could use.
            ResponseMode = OpenIdConnectResponseMode.Query,
            UsePkce = true,
            CallbackPath = DonePath,
            SignInScheme = "portal", // never used: the portal begins its own session
            MapInboundClaims = false,
            GetClaimsFromUserInfoEndpoint = true,
            DisableTelemetry = true,
            BackchannelTimeout = Patience,
            RemoteAuthenticationTimeout = LongestSignIn,
            TimeProvider = clock,
            Events = new()
            {
                OnTicketReceived = context => Tell(context, o => o.Principal = context.Principal),
                OnAccessDenied = context => Tell(context, o => o.IsDenied = true),
                OnRemoteFailure = context =>
                {
                    LogRefused(_log, context.Failure?.Message);
                    return Tell(context, _ => { });
                },
            },
        };
        options.ProtocolValidator.NonceLifetime = LongestSignIn;
        options.Scope.Clear();
        foreach (var scope in settings.Scopes.Prepend("openid").Distinct()) options.Scope.Add(scope);
        options.ClaimActions.Clear();
        foreach (var claim in settings.Users.Select(r => r.Claim!).Append(settings.NameClaim).Append("email_verified").Where(c => c != "sub").Distinct())
            options.ClaimActions.MapJsonKey(claim, claim);
        foreach (var (cookie, name) in new[] { (options.CorrelationCookie, "__Host-strata-way."), (options.NonceCookie, "__Host-strata-nonce.") })
            (cookie.Name, cookie.Path, cookie.SameSite, cookie.SecurePolicy) = (name, "/", SameSiteMode.Lax, CookieSecurePolicy.Always);
        return options;
    }

    private static Task Tell(HandleRequestContext<RemoteAuthenticationOptions> context, Action<Outcome> tell)
    {
        tell(context.HttpContext.Features.Get<Outcome>()!);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Issuer} cannot be asked to sign somebody in: {Problem}")]
    private static partial void LogAway(ILogger logger, string issuer, string problem);

    [LoggerMessage(2, LogLevel.Warning, "A sign-in by OpenID Connect was refused: {Problem}")]
    private static partial void LogRefused(ILogger logger, string? problem);

    /// <summary>What came of one return from the provider.</summary>
    private sealed class Outcome
    {
        public ClaimsPrincipal? Principal { get; set; }

        public bool IsDenied { get; set; }
    }

    private sealed class FixedOptions(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}
