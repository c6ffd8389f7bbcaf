using System.Net;
using System.Text.Json;
using System.Web;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Hub;
using Strata.Tests.Store;

namespace Strata.SystemTests.Portal;

/// <summary>A hub whose people are signed in by a provider of OpenID Connect.</summary>
public sealed class OpenIdGround : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    internal HubRig Rig { get; private set; } = null!;

    internal IdentityProvider Provider { get; private set; } = null!;

    internal string Portal => Rig.Address("portal");

    public async ValueTask InitializeAsync()
    {
        const string client = "strata-hub", secret = "the secret of this hub";
        var pki = new TestPki(_folder["pki"]);
        Provider = await IdentityProvider.StartAsync(pki.PathOf(PkiFiles.Hub));
        await File.WriteAllTextAsync(_folder["secret"], secret + "\n");
        await File.WriteAllTextAsync(_folder["openid.json"], $$"""
            {
              "issuer": "{{Provider.Issuer}}", "clientId": "{{client}}", "clientSecretFile": "secret", "scopes": ["profile", "groups"],
              "users": [
                {"claim": "groups", "value": "hub-operators", "role": "admin"},
                {"claim": "groups", "value": "platform", "role": "oem", "owner": "demo-oem.localhost"},
                {"claim": "groups", "value": "fleet", "role": "fleet-owner", "owner": "fleet.localhost"}
              ]
            }
            """);
        Rig = await HubRig.StartAsync(["--openid", _folder["openid.json"]], new Dictionary<string, string> { ["SSL_CERT_FILE"] = pki.PathOf(PkiFiles.FleetRoot) });
        await Provider.KnowAsync(client, secret, Portal);
    }

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Signing in with an account of one's own organisation.</summary>
public sealed class OpenIdTests(Browser browser, OpenIdGround ground) : IClassFixture<Browser>, IClassFixture<OpenIdGround>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_provider_says_who_somebody_is_and_the_hub_what_they_may_do_until_they_sign_out()
    {
        var visitor = await SignInAsync("olga");
        await visitor.WaitForAsync("heading", "Layers");
        await visitor.ClickAsync(".who summary");
        Assert.Contains("OEM of demo-oem.localhost", await visitor.TextAsync(".who div"), StringComparison.Ordinal);
        var asked = await ground.Provider.AcceptedAsync();
        Assert.Equal(("code", "S256"), (asked.GetProperty("response_type").GetString(), asked.GetProperty("code_challenge_method").GetString()));
        foreach (var secret in new[] { "state", "nonce", "code_challenge" }) Assert.True(asked.GetProperty(secret).GetString()!.Length >= 32, secret);

        await visitor.ClickAsync("link", "Deployment bundles");
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["batch.tar.gz"], "no bundle", Cancellation);
        await visitor.DropAsync("form.drop", folder["batch.tar.gz"]);
        await visitor.WaitForTextAsync("was received");
        var line = (await ground.Rig.GetAsync("audit/?kind=bundle-received")).GetProperty("items")[0];
        Assert.Equal(("portal", "olga.known", "olga"), (line.GetProperty("via").GetString(), line.GetProperty("actor").GetString(), line.GetProperty("subject").GetString()));

        await visitor.ClickAsync(".who summary");
        await visitor.ClickAsync("button", "Sign out");
        await visitor.WaitForAsync("heading", "Signed out");
        Assert.StartsWith($"{ground.Provider.Issuer}/session/end?client_id=", await visitor.AttributeAsync("main a[role=button]", "href"), StringComparison.Ordinal);
        await visitor.JudgeAsync("signed-out");
        Assert.Equal(401, (await visitor.OpenAsync(ground.Portal + "layers")).Status);
        await visitor.ComplaintsAsync(); // a browser notes each 401
        await visitor.JudgeAsync("sign-in-openid");
    }

    [Fact]
    public async Task A_fleet_owner_whose_claim_is_one_text_and_no_list_comes_to_their_units()
    {
        var visitor = await SignInAsync("fritz");
        await visitor.WaitForAsync("heading", "Units");
        await ground.Provider.AcceptedAsync();
    }

    [Fact]
    public async Task Somebody_of_whom_no_rule_speaks_is_told_what_is_missing()
    {
        var visitor = await SignInAsync("nora");
        await visitor.WaitForAsync("heading", "Not a user of this hub");
        Assert.Contains("The claim 'groups' is 'canteen', and no rule of this hub names that.", await visitor.TextAsync("main"), StringComparison.Ordinal);
        await ground.Provider.AcceptedAsync();
        await visitor.ComplaintsAsync(); // a browser notes each 403
        await visitor.JudgeAsync("no-user");
        Assert.Equal(401, (await visitor.OpenAsync(ground.Portal + "layers")).Status);
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_signs_nobody_in()
    {
        using var mine = ground.Rig.Browser(follows: false);
        using var another = ground.Rig.Browser(follows: false);
        var state = await StateAsync(mine);
        foreach (var (client, query, said) in new[]
        {
            (another, $"code=any&state={state}", "began in another browser"),
            (mine, "code=any", "cannot be taken"),
            (mine, $"code=any&state={state[..^8]}AAAAAAAA", "cannot be taken"),
            (mine, $"code=any&state={state}", "does not hold"), // the provider knows no such code
            (mine, $"code=any&state={state}", "was used before"),
        })
        {
            using var answer = await client.GetAsync($"sign-in/openid/done?{query}", Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("__Host-strata=", StringComparison.Ordinal)));
        }
        using var denied = await mine.GetAsync($"sign-in/openid/done?error=access_denied&state={await StateAsync(mine)}", Cancellation);
        Assert.Contains("called it off", await denied.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_keeps_nobody_from_the_other_ways()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["openid.json"], """{"issuer": "https://localhost:9/", "clientId": "hub", "users": [{"claim": "sub", "value": "a", "role": "admin"}]}""", Cancellation);
        await using var rig = await HubRig.StartAsync(["--openid", folder["openid.json"]]);
        using var client = rig.Browser();
        using var answer = await client.GetAsync("sign-in/openid", Cancellation);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("https://localhost:9/ cannot be reached", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var link = await client.GetAsync(rig.Address("signIn"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, link.StatusCode);
    }

    private async Task<Visitor> SignInAsync(string person)
    {
        var visitor = browser.Visitor($"{person}-{Guid.NewGuid():N}");
        await visitor.OpenAsync(ground.Portal + "sign-in");
        await visitor.ClickAsync("button", "Sign in with localhost");
        await visitor.FillInAsync("input[name=login]", person);
        await visitor.FillInAsync("input[name=password]", "any");
        await visitor.ClickAsync("button[type=submit]");
        await visitor.ClickAsync("button[type=submit]"); // consents
        await visitor.ComplaintsAsync(); // the provider's own pages look for a font elsewhere, which is not to be had
        return visitor;
    }

    private static async Task<string> StateAsync(HttpClient client)
    {
        using var start = await client.GetAsync("sign-in/openid", Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        foreach (var cookie in start.Headers.GetValues("Set-Cookie"))
            foreach (var word in new[] { "__Host-", "secure", "httponly", "samesite=lax", "path=/;" }) Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase);
        return Uri.EscapeDataString(HttpUtility.ParseQueryString(start.Headers.Location!.Query)["state"]!);
    }
}
