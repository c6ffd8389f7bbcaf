using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>Requests that no honest client sends: each is answered with its reason, and none with 500.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Nulls_in_lists_too_many_names_and_bodies_that_are_too_long_are_refused_in_words()
    {
        var subject = (await _rig.PostAsync("subjects/", """{"label":"all"}""")).GetProperty("id").GetString();
        var many = string.Join(',', Enumerable.Repeat("\"x\"", 1001));
        Assert.Equal((HttpStatusCode.BadRequest, "holds null"), await PostAsync($"subjects/{subject}/units/", """{"system_uids":[null]}""", "holds null"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "1000 are the most"), await PostAsync($"subjects/{subject}/units/", $$"""{"system_uids":[{{many}}]}""", "1000 are the most"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "1000 are the most"), await PostAsync($"subjects/{subject}/services/", $$"""{"service_ids":[{{many}}]}""", "1000 are the most"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too large"), await PostAsync("units/", $$"""{"system_uid":"{{new string('a', 2_000_000)}}"}""", "too large"));
    }

    [Theory]
    [InlineData("B", "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nabc", "cannot be read")]
    [InlineData("B", "--B\r\nContent-Disp", "cannot be read")]
    [InlineData("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", "abc", "no multipart field")]
    public async Task A_form_that_breaks_off_is_the_senders_fault(string boundary, string body, string why)
    {
        using var client = _rig.Client(PkiFiles.OemUser);
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
        using var answer = await client.PostAsync("api/v11/deployment-bundles/upload/", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_strangers_certificate_points_to_is_not_fetched()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [$"http://127.0.0.1:{((IPEndPoint)trap.LocalEndpoint).Port}/ca.crt"]));
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = request.Create(
            new X500DistinguishedName("CN=nobody"), X509SignatureGenerator.CreateForECDsa(issuer), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        using var stranger = bare.CopyWithPrivateKey(key);
        var handler = _rig.Handler(null);
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(stranger, null, offline: true); // or this end would fetch it itself
        using var client = new HttpClient(handler) { BaseAddress = new(_rig.Api) };
        using var answer = await client.GetAsync("api/v11/users/me/", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("not issued under a root trusted here", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(trap.Pending());
    }

    private async Task<(HttpStatusCode Status, string Found)> PostAsync(string path, string json, string expected)
    {
        using var client = _rig.Client(PkiFiles.OemUser);
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"api/v11/{path}", content, Cancellation);
        var detail = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("detail").GetString()!;
        return (answer.StatusCode, detail.Contains(expected, StringComparison.Ordinal) ? expected : detail);
    }
}
