using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Hub.Access;

/// <summary>Users come by invitation and go by revocation.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Who_holds_a_token_becomes_the_invited_user_whatever_the_request_says_of_itself_and_is_gone_when_revoked()
    {
        var token = await InviteAsync("""{"name":"anna"}""");
        using var key = RSA.Create(2048);
        var (status, answer) = await EnrolAsync(token, Request(key, "CN=root, O=admin"));
        Assert.Equal(HttpStatusCode.Created, status);
        using var anna = Client(answer, key);

        var me = await JsonAsync(await anna.GetAsync("api/v11/users/me/", Cancellation));
        Assert.Equal(("anna", "oem", "demo-oem.localhost"), (me.GetProperty("name").GetString(), me.GetProperty("role").GetString(), me.GetProperty("owner").GetString()));

        // It works once: even the holder may not have another.
        Assert.Equal(HttpStatusCode.Forbidden, (await EnrolAsync(token, Request(key, "CN=again"))).Status);

        // Known across a restart; and gone with the next request on the same connection.
        await _rig.KillAsync();
        await _rig.StartHubAsync();
        using var again = Client(answer, key);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("api/v11/layers/", Cancellation)).StatusCode);
        await _rig.PostAsync("users/anna/revoke/", """{"reason":"left the company"}""");
        using var refused = await again.GetAsync("api/v11/layers/", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("left the company", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains((await _rig.GetAsync("users/")).GetProperty("items").EnumerateArray(), u => u.GetProperty("name").GetString() == "anna" && u.GetProperty("revoked_at").ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task The_command_line_invites_enrols_shows_and_revokes()
    {
        string[] hub = ["--hub", _rig.Api, "--key", _rig.Pki.PathOf(PkiFiles.OemUser), "--json"];
        var invited = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ["user", "invite", "carla", .. hub])).RootElement;
        var file = _rig.Pki.PathOf("carla.p12");
        string[] enrol = ["user", "enrol", "--hub", _rig.Api, "--ca", _rig.Pki.PathOf("fleet-root.crt"), "--token", invited.GetProperty("token").GetString()!, "--out", file];
        await Tool.OutputAsync(Tool.Strata, enrol);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("never overwritten", (await Tool.RunAsync(Tool.Strata, enrol)).Error, StringComparison.Ordinal);

        // What she publishes is signed with her certificate, under the authority.
        var (code, _, error) = await _rig.PublishLayerAsync("lib", "1.0.0", "one", "carla.p12");
        Assert.True(code == 0, error);
        Assert.Contains("carla", await Tool.OutputAsync(Tool.Strata, ["user", "list", .. hub]), StringComparison.Ordinal);
        Assert.Contains("user carla", await Tool.OutputAsync(Tool.Strata, ["audit", "--kind", "user-enrolled", .. hub]), StringComparison.Ordinal);
        await Tool.OutputAsync(Tool.Strata, ["user", "revoke", "carla", "--reason", "done", .. hub]);
        Assert.Contains("revoked", (await _rig.PublishLayerAsync("lib", "1.1.0", "two", "carla.p12")).Error, StringComparison.Ordinal);
        Assert.Single((await _rig.GetAsync("layers/lib/")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task A_token_makes_one_certificate_however_many_ask_at_once()
    {
        var token = await InviteAsync("""{"name":"many"}""");
        using var key = RSA.Create(2048);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => EnrolAsync(token, Request(key, "CN=many"))));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(a => a.Status == HttpStatusCode.Forbidden));
        Assert.Single((await _rig.GetAsync("users/")).GetProperty("items").EnumerateArray(), u => u.GetProperty("name").GetString() == "many");
    }

    [Fact]
    public async Task Nobody_invites_into_another_role_or_owner_and_what_is_wrong_is_refused_before_the_token_is_used()
    {
        foreach (var body in new[] { """{"name":"a","role":"admin"}""", """{"name":"a","role":"sp"}""", """{"name":"a","owner":"other.localhost"}""" })
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(PkiFiles.OemUser, body)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(PkiFiles.OemUser, """{"name":"a b","role":"king","hours":0}""")).Status);

        var token = await InviteAsync("""{"name":"curve"}""");
        using var weak = RSA.Create(1024);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await EnrolAsync(token, Request(weak, "CN=a"))).Status);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (status, answer) = await EnrolAsync(token, new CertificateRequest("CN=a", curve, HashAlgorithmName.SHA256).CreateSigningRequestPem());
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Contains("cannot sign bundles", answer.GetProperty("note").GetString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await EnrolAsync("guessed", Request(weak, "CN=a"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await EnrolAsync(null, Request(weak, "CN=a"))).Status);
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_is_worth_nothing_and_its_token_is_never_told_again()
    {
        var made = await _rig.PostAsync("user-invitations/", """{"name":"bert"}""");
        var listed = (await _rig.GetAsync("user-invitations/")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("token").ValueKind);
        Assert.DoesNotContain(Directory.EnumerateFiles(_rig.Data, "hub.db*"), f => File.ReadAllText(f).Contains(made.GetProperty("token").GetString()!, StringComparison.Ordinal));

        var id = made.GetProperty("id").GetString();
        using var stranger = _rig.Client(PkiFiles.ServiceProviderUser);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"api/v11/user-invitations/{id}/", Cancellation)).StatusCode);
        using var oem = _rig.Client(PkiFiles.OemUser);
        Assert.Equal(HttpStatusCode.NoContent, (await oem.DeleteAsync($"api/v11/user-invitations/{id}/", Cancellation)).StatusCode);
        using var key = RSA.Create(2048);
        Assert.Equal(HttpStatusCode.Forbidden, (await EnrolAsync(made.GetProperty("token").GetString(), Request(key, "CN=bert"))).Status);
    }

    [Fact]
    public async Task A_hub_without_the_authority_enrols_nobody_and_says_the_cure()
    {
        await _rig.KillAsync();
        File.Move(_rig.Pki.PathOf(PkiFiles.UsersAuthorityKey), _rig.Pki.PathOf("away"));
        try
        {
            await _rig.StartHubAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(PkiFiles.OemUser, """{"name":"a"}""")).Status);
            var (status, answer) = await EnrolAsync("x", "");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("strata pki", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Move(_rig.Pki.PathOf("away"), _rig.Pki.PathOf(PkiFiles.UsersAuthorityKey));
        }
    }

    private async Task<string> InviteAsync(string body) => (await _rig.PostAsync("user-invitations/", body)).GetProperty("token").GetString()!;

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string p12, string body)
    {
        using var client = _rig.Client(p12);
        using var answer = await client.PostAsync("api/v11/user-invitations/", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        return (answer.StatusCode, await JsonAsync(answer));
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> EnrolAsync(string? token, string csr)
    {
        using var nobody = _rig.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v11/user-certificates/")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { csr }), Encoding.UTF8, "application/json"),
        };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Token {token}");
        using var answer = await nobody.SendAsync(request, Cancellation);
        return (answer.StatusCode, await JsonAsync(answer));
    }

    private HttpClient Client(JsonElement enrolled, RSA key)
    {
        var pem = enrolled.GetProperty("certificate").GetString()!;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        Assert.Equal(3, chain.Count);
        var certificate = X509CertificateLoader.LoadPkcs12(chain[0].CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
        return new(_rig.Handler(new(certificate, []))) { BaseAddress = new(_rig.Api) };
    }

    private static string Request(RSA key, string subject) => new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
}
