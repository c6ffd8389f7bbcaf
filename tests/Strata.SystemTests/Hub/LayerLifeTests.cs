using System.Net;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.SystemTests.Running;
using Strata.Tests.Hub.Access;

namespace Strata.SystemTests.Hub;

/// <summary>What an OEM decides about its layers, over real connections and for the real pipeline.</summary>
public sealed class LayerLifeTests(LayerLifeTests.Ground ground) : IClassFixture<LayerLifeTests.Ground>
{
    private const string Sp2 = "sp2.p12";
    private const string Need = "{uid: lib, minVersion: 1.0.0, maxVersion: 2.0.0}";
    private readonly HubRig _rig = ground.Rig;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hidden_layer_is_nowhere_for_that_provider_and_as_before_for_others()
    {
        var id = (await _rig.GetAsync("layers/lib/")).GetProperty("id").GetString();
        await SendAsync(HttpStatusCode.OK, HttpMethod.Put, "layers/lib/sharing/sp2.localhost/", """{"access":"hidden"}""");

        // Every way to read a layer that the API has, or will have.
        var reading = ApiMatrix.Rows.Where(r => r.Method == "GET" && r.Path.StartsWith("layers/{name}/", StringComparison.Ordinal)).ToList();
        Assert.True(reading.Count > 5);
        foreach (var row in reading)
        {
            var path = row.Path.Replace("{version}", "1.0.0", StringComparison.Ordinal).Replace("{document}", "files.json", StringComparison.Ordinal) + (row.Path.EndsWith("compare/", StringComparison.Ordinal) ? "?from=1.0.0&to=1.1.0" : "");
            foreach (var name in new[] { "lib", id!, "lib.demo-oem.localhost" })
                await SendAsync(HttpStatusCode.NotFound, HttpMethod.Get, path.Replace("{name}", name, StringComparison.Ordinal), key: Sp2);
            await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path.Replace("{name}", "lib", StringComparison.Ordinal), key: PkiFiles.ServiceProviderUser);
        }
        foreach (var (list, count) in new[] { ("layers/", "items"), ("catalogue/", "layers"), ("search/?q=lib&kind=layer", "items") })
        {
            Assert.Equal(0, (await _rig.GetAsync(list, Sp2)).GetProperty(count).GetArrayLength());
            Assert.Equal(1, (await _rig.GetAsync(list, PkiFiles.ServiceProviderUser)).GetProperty(count).GetArrayLength());
        }
        // To its services it does not exist, and the refusal does not tell it either.
        var (code, _, error) = await _rig.PublishServiceAsync("other", "1.0.0", Need, Sp2);
        Assert.NotEqual(0, code);
        Assert.Contains("is called 'lib', or it is not shared", error, StringComparison.Ordinal);
        Assert.Equal(0, (await _rig.PublishServiceAsync("app", "1.0.0", Need)).Code);
        // Who may not use it does not learn who else may, and its owner does.
        Assert.Equal(JsonValueKind.Null, (await _rig.GetAsync("layers/lib/", PkiFiles.ServiceProviderUser)).GetProperty("sharing").ValueKind);
        Assert.Equal("sp2.localhost", (await _rig.GetAsync("layers/lib/")).GetProperty("sharing").GetProperty("hidden_from")[0].GetString());
    }

    [Fact]
    public async Task What_a_visible_layer_was_built_on_is_not_told_to_those_from_whom_it_is_hidden()
    {
        Assert.Equal(0, (await _rig.PublishLayerAsync("underlay", "3.1.0", "below")).Code);
        await PublishChildAsync("upper", "underlay", "3.1.0");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Put, "layers/underlay/sharing/sp2.localhost/", """{"access":"hidden"}""");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Put, "layers/underlay/versions/3.1.0/state/", """{"state":"yanked","reason":"a private fault"}""");

        var reading = ApiMatrix.Rows.Where(r => r.Method == "GET" && r.Path.StartsWith("layers/{name}/", StringComparison.Ordinal))
            .Select(r => r.Path.Replace("{name}", "upper", StringComparison.Ordinal).Replace("{version}", "1.0.0", StringComparison.Ordinal).Replace("{document}", "files.json", StringComparison.Ordinal)
                + (r.Path.EndsWith("compare/", StringComparison.Ordinal) ? "?from=1.0.0&to=1.0.0" : ""));
        foreach (var path in reading.Concat(["layers/", "catalogue/", "search/?q=e"]))
            foreach (var secret in new[] { "underlay", "3.1.0", "private fault" })
                Assert.DoesNotContain(secret, await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path, key: Sp2), StringComparison.Ordinal);
        foreach (var path in new[] { "layers/upper/versions/1.0.0/", "catalogue/" })
            Assert.Contains("underlay", await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path, key: PkiFiles.ServiceProviderUser), StringComparison.Ordinal);

        var (code, output, error) = await _rig.PublishServiceAsync("other", "1.0.0", "{uid: upper, minVersion: 1.0.0, maxVersion: 2.0.0}", Sp2);
        Assert.NotEqual(0, code);
        Assert.Contains("needs its parent, which was taken back", error, StringComparison.Ordinal);
        foreach (var secret in new[] { "underlay", "3.1.0", "private fault" }) Assert.DoesNotContain(secret, output + error, StringComparison.Ordinal);

        Assert.Contains("the parent of upper 1.0.0", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "layers/underlay/versions/3.1.0/"), StringComparison.Ordinal);
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "layers/upper/versions/1.0.0/");
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "layers/underlay/versions/3.1.0/");
    }

    [Fact]
    public async Task What_is_in_use_stays_and_what_is_deleted_comes_back_only_as_it_was_also_after_kill_9()
    {
        Assert.Equal(0, (await _rig.PublishServiceAsync("app", "1.0.0", Need)).Code);
        var refusal = await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "layers/lib/versions/1.1.0/");
        Assert.Contains("lib 1.1.0 is in use and cannot be deleted.", refusal, StringComparison.Ordinal);
        Assert.Contains("app 1.0.0 of demo-sp.localhost", refusal, StringComparison.Ordinal);

        await SendAsync(HttpStatusCode.OK, HttpMethod.Put, "layers/lib/versions/1.1.0/state/", """{"state":"yanked","reason":"it loses data"}""");
        Assert.Contains("1.0.0", (await _rig.GetAsync("services/app/", PkiFiles.ServiceProviderUser)).GetProperty("versions")[0].GetProperty("resolved")[0].GetProperty("layers")[0].GetProperty("version").GetString(), StringComparison.Ordinal);
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "layers/lib/versions/1.1.0/");
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Get, "layers/lib/versions/1.1.0/");
        await _rig.KillAsync();
        await _rig.StartHubAsync();

        var (code, _, error) = await _rig.PublishLayerAsync("lib", "1.1.0", "three");
        Assert.NotEqual(0, code);
        Assert.Contains("published with other content and deleted", error, StringComparison.Ordinal);
        Assert.Equal(0, (await _rig.PublishLayerAsync("lib", "1.1.0", "two")).Code);
        var states = (await _rig.GetAsync("layers/lib/")).GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("lifecycle").GetProperty("state").GetString());
        Assert.Equal(["yanked", "released"], states);
        await SendAsync(HttpStatusCode.OK, HttpMethod.Put, "layers/lib/versions/1.1.0/state/", """{"state":"released"}""");
    }

    [Fact]
    public async Task Who_signed_is_told_when_the_bundles_record_is_gone_and_its_users_name_to_the_owner_alone()
    {
        var before = await ProvenanceAsync(PkiFiles.OemUser);
        var bundle = before.GetProperty("bundle_id").GetString();
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"deployment-bundles/{bundle}/", key: PkiFiles.ServiceProviderUser);
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"deployment-bundles/{bundle}/");
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"deployment-bundles/{bundle}/");

        Assert.Equal(before.GetRawText(), (await ProvenanceAsync(PkiFiles.OemUser)).GetRawText());
        Assert.Equal("oem-user", before.GetProperty("signed_by").GetString());
        var shared = await ProvenanceAsync(PkiFiles.ServiceProviderUser);
        foreach (var kept in new[] { "owner", "kid", "judged_at", "bundle_digest" }) Assert.Equal(before.GetProperty(kept).GetString(), shared.GetProperty(kept).GetString());
        foreach (var hidden in new[] { "bundle_id", "signed_by", "subject" }) Assert.Equal(JsonValueKind.Null, shared.GetProperty(hidden).ValueKind);

        Assert.Contains("signed by   oem-user, CN=oem-user", await RunAsync(0, "show", "lib@1.0.0"), StringComparison.Ordinal);

        async Task<JsonElement> ProvenanceAsync(string key) => (await _rig.GetAsync("layers/lib/versions/1.0.0/", key)).GetProperty("provenance");
    }

    [Fact]
    public async Task Each_decision_is_made_from_the_command_line_and_a_refusal_ends_with_3()
    {
        await RunAsync(0, "candidate", "lib");
        Assert.Contains("new versions start as candidates", await RunAsync(0, "show", "lib"), StringComparison.Ordinal);
        await RunAsync(0, "candidate", "lib", "--off");
        await RunAsync(2, "candidate", "lib@1.0.0");
        Assert.Contains("lib 1.0.0 is deprecated, goes on 2027-01-31, take 1.1.0 instead: old.", await RunAsync(0, "deprecate", "lib@1.0.0", "--successor", "1.1.0", "--ends", "2027-01-31", "--reason", "old"), StringComparison.Ordinal);
        Assert.Contains("1.0.0 (deprecated)", await RunAsync(0, "list"), StringComparison.Ordinal);
        Assert.Contains("named as what to take instead of 1.0.0", await RunAsync(3, "delete", "lib@1.1.0"), StringComparison.Ordinal);
        Assert.Contains("can become released or yanked", await RunAsync(3, "retire", "lib@1.0.0"), StringComparison.Ordinal);
        await RunAsync(2, "delete", "lib");
        var released = JsonDocument.Parse(await RunAsync(0, "release", "lib@1.0.0", "--json")).RootElement;
        Assert.Equal("released", released.GetProperty("versions").EnumerateArray().Last().GetProperty("lifecycle").GetProperty("state").GetString());

        Assert.Contains("sp3.localhost", await RunAsync(0, "hide", "lib", "--from", "sp3.localhost"), StringComparison.Ordinal);
        Assert.Contains("Share it with sp3.localhost first", await RunAsync(3, "recommend", "lib", "--to", "sp3.localhost"), StringComparison.Ordinal);
        await RunAsync(0, "share", "lib", "--with", "sp3.localhost");
        Assert.Contains("recommended  to sp3.localhost, sp4.localhost", await RunAsync(0, "recommend", "lib", "--to", "sp3.localhost", "sp4.localhost"), StringComparison.Ordinal);
        Assert.DoesNotContain("recommended", await RunAsync(0, "recommend", "lib", "--to", "sp3.localhost", "sp4.localhost", "--withdraw"), StringComparison.Ordinal);
        await RunAsync(2, "share", "lib");
        Assert.Contains("lib is also called kit", await RunAsync(0, "alias", "lib", "kit"), StringComparison.Ordinal);
        await RunAsync(0, "alias", "kit", "--remove", "kit");
    }

    /// <summary>Publishes 1.0.0 of a layer whose layer.json says that it was built on another.</summary>
    private async Task PublishChildAsync(string codename, string parent, string version)
    {
        var folder = await _rig.LayerFolderAsync(codename, "1.0.0", "above"u8.ToArray());
        await using var file = File.OpenRead(Path.Combine(folder, "layer.tar.gz"));
        var layer = await LayerInspector.InspectFileAsync(file, null, Cancellation);
        var below = (await _rig.GetAsync($"layers/{parent}/versions/{version}/")).GetProperty("images")[0].GetProperty("diff_id").GetString()!;
        await File.WriteAllBytesAsync(Path.Combine(folder, "layer.json"), LayerDescriptionJson.Write(new()
        {
            Name = codename, Codename = codename, Version = SemanticVersion.Parse("1.0.0"), Platform = new("amd64", "linux"),
            Parent = new(parent, SemanticVersion.Parse(version), DiffId.Parse(below, null)),
            Archive = new(MediaTypes.LayerGzip, layer.Digest, layer.DiffId, layer.Size, 5),
        }), Cancellation);
        var (code, _, error) = await _rig.GoAsync(folder);
        Assert.True(code == 0, error);
    }

    /// <summary>What <c>strata layers</c> said, on both streams.</summary>
    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ["layers", .. arguments, "--hub", _rig.Api, "--key", _rig.Pki.PathOf(PkiFiles.OemUser), "--ca", _rig.Pki.PathOf("fleet-root.crt")]);
        Assert.True(code == expected, $"{string.Join(' ', arguments)} ended with {code}: {output}{error}");
        return output + error;
    }

    private async Task<string> SendAsync(HttpStatusCode expected, HttpMethod method, string path, string? body = null, string key = PkiFiles.OemUser)
    {
        using var client = _rig.Client(key);
        using var request = new HttpRequestMessage(method, $"api/v11/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{key} {method} {path}: {answer.StatusCode} {text}");
        return text;
    }

    /// <summary>A hub with two versions of a layer and a second service provider. The tests leave it so that each may come first.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        internal HubRig Rig { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Rig = await HubRig.StartAsync();
            using var users = Rig.Pki.Users;
            await File.WriteAllBytesAsync(Rig.Pki.PathOf(Sp2), PkiFiles.User(users, new(ClientRole.ServiceProvider, "sp2.localhost", "sp2"), "localhost", DateTimeOffset.UtcNow), Cancellation);
            Assert.Equal(0, (await Rig.PublishLayerAsync("lib", "1.0.0", "one")).Code);
            Assert.Equal(0, (await Rig.PublishLayerAsync("lib", "1.1.0", "two")).Code);
        }

        public ValueTask DisposeAsync() => Rig.DisposeAsync();
    }
}
