using System.Net;
using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Hub;

/// <summary>What the hub takes and refuses, over its API. One hub for all tests: each has names of its own.</summary>
public abstract class PublishingBehaviour(PublishingHub hub)
{
    private const int Refused = 3;
    private readonly HubRig _rig = hub.Rig;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_content_again_is_success_and_other_content_under_the_version_is_refused()
    {
        Assert.Equal(0, (await _rig.PublishLayerAsync("again", "1.0.0", "one")).Code);
        Assert.Equal(0, (await _rig.PublishLayerAsync("again", "1.0.0", "one")).Code);
        var (code, _, error) = await _rig.PublishLayerAsync("again", "1.0.0", "two");
        Assert.Equal(Refused, code);
        Assert.Contains("again 1.0.0 is published already with other content", error, StringComparison.Ordinal);
        Assert.Single((await _rig.GetAsync("layers/again/")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task The_hub_derives_from_the_content_the_documents_that_the_builder_wrote()
    {
        var folder = await _rig.LayerFolderAsync("derived", "1.0.0", await File.ReadAllBytesAsync("/bin/true", Cancellation));
        string In(string name) => Path.Combine(folder, name);
        await File.WriteAllTextAsync(In("values.json"), """{"name":"aos-derived-layer","version":"1.0.0","license":"MIT","platform":{"architecture":"amd64"}}""", Cancellation);
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", In("old"), In("new"), In("layer.tar.gz"), "--describe", In("values.json"));
        var written = LayerDescriptionJson.Read(await File.ReadAllBytesAsync(In("layer.json"), Cancellation));

        var id = await _rig.UploadAsync(folder);
        await _rig.PublishedAsync(id);

        var derived = (await _rig.GetAsync("layers/derived/versions/1.0.0/")).GetProperty("descriptions")[0];
        Assert.Equal(written, LayerDescriptionJson.Read(Encoding.UTF8.GetBytes(derived.GetRawText())));
        Assert.Equal(["elf.json", "files.json", "sbom.cdx.json", "sbom.spdx.json"], written.Documents.Select(d => d.Name));
        var kept = await hub.KeptAsync();
        Assert.All(written.Documents, d => Assert.Contains(d.Digest.Hex, kept));
        Assert.Single(written.Binaries);
    }

    [Fact]
    public async Task Only_an_OEM_publishes_layers_and_only_a_service_provider_services()
    {
        Assert.Contains("role 'oem'", (await _rig.PublishLayerAsync("roles", "1.0.0", "one", "aos-user-sp.p12")).Error, StringComparison.Ordinal);
        Assert.Contains("role 'sp'", (await _rig.PublishServiceAsync("roles-app", "1.0.0", "", "aos-user-oem.p12")).Error, StringComparison.Ordinal);
        using var oem = _rig.Client("aos-user-oem.p12");
        using var none = await oem.GetAsync("api/v11/layers/roles/", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var provider = _rig.Client("aos-user-sp.p12");
        using var body = new StringContent("""{"system_uid":"x"}""", Encoding.UTF8, "application/json");
        using var unit = await provider.PostAsync("api/v11/units/", body, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, unit.StatusCode);
        using var nobody = _rig.Client(null);
        using var layers = await nobody.GetAsync("api/v11/layers/", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, layers.StatusCode);
    }

    [Fact]
    public async Task A_need_that_nothing_satisfies_is_refused_at_upload_with_place_and_cure()
    {
        await _rig.PublishLayerAsync("need", "1.0.0", "one");
        var (code, _, error) = await _rig.PublishServiceAsync("need-app", "1.0.0", "{uid: need, minVersion: 3.0.0}");
        Assert.Equal(Refused, code);
        Assert.Contains("config.yaml:", error, StringComparison.Ordinal);
        Assert.Contains("matches no published version; there are 1.0.0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_somebody_whose_files_only_he_may_read_is_the_same_service()
    {
        await _rig.PublishLayerAsync("readable", "1.0.0", "one");
        await _rig.PublishServiceAsync("readable-app", "1.0.0", "{uid: readable}");
        var (code, output, error) = await _rig.PublishServiceAsync("readable-app", "1.0.0", "{uid: readable}", mode: UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.True(code == 0, error);
        Assert.Contains("the same content", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap_7_a_layer_whose_files_add_up_to_nothing_is_published_with_a_warning_and_never_sent()
    {
        var id = await _rig.UploadAsync(await _rig.LayerFolderAsync("nothing", "1.0.0", (byte[]?)null));
        var judged = await _rig.JudgedAsync(id);
        Assert.Equal("done", judged.GetProperty("state").GetString());
        Assert.Contains("add up to 0 bytes", judged.GetProperty("build_info").GetString(), StringComparison.Ordinal);

        var service = await _rig.PublishServiceAsync("nothing-app", "1.0.0", "{uid: nothing}");
        Assert.True(service.Code == 0, service.Error);
        await _rig.PostAsync("units/", """{"system_uid":"u1"}""");
        await _rig.AssignAsync("nothing-app", "u1");
        // No unit is connected, so none has a platform to compose for; the composer's own test says what comes then.
        Assert.Empty((await _rig.GetAsync("units/u1/")).GetProperty("desired").EnumerateArray());
    }

    [Fact]
    public async Task An_upload_under_the_same_key_is_taken_once_and_another_file_under_it_is_a_conflict()
    {
        var folder = await _rig.LayerFolderAsync("keyed", "1.0.0", "one"u8.ToArray());
        var (first, bundle) = await _rig.UploadAsync(folder, "key-1");
        var (again, same) = await _rig.UploadAsync(folder, "key-1");
        Assert.Equal((201, 200), (first, again));
        Assert.Equal(bundle.GetProperty("id").GetString(), same.GetProperty("id").GetString());
        Assert.Equal(bundle.GetProperty("digest").GetString(), same.GetProperty("digest").GetString());
        var (conflict, problem) = await _rig.UploadAsync(await _rig.LayerFolderAsync("keyed", "1.1.0", "two"u8.ToArray()), "key-1");
        Assert.Equal(409, conflict);
        Assert.Contains("Use a new key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _rig.PublishedAsync(bundle.GetProperty("id").GetString()!);
        Assert.Equal(1, (await _rig.GetAsync("deployment-bundles/?search=keyed")).GetProperty("total").GetInt32());
        Assert.Equal(400, (await _rig.UploadAsync(folder, new string('k', 65))).Status);
    }

    [Fact]
    public async Task The_build_log_is_followed_live_and_kept()
    {
        var id = await _rig.UploadAsync(await _rig.LayerFolderAsync("log", "1.0.0", RandomNumberGenerator.GetBytes(20_000_000)));
        using var client = _rig.Client("aos-user-oem.p12");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v11/deployment-bundles/{id}/log/");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var told = await answer.Content.ReadAsStringAsync(Cancellation); // ends by itself with the verdict
        Assert.Contains("Looking into log 1.0.0", told, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"done\"", told, StringComparison.Ordinal);

        var lines = await _rig.GetAsync($"deployment-bundles/{id}/log/");
        Assert.Equal("Published", lines.EnumerateArray().Last().GetProperty("text").GetString());
        request.Dispose();
        using var rest = new HttpRequestMessage(HttpMethod.Get, $"api/v11/deployment-bundles/{id}/log/");
        rest.Headers.Accept.ParseAdd("text/event-stream");
        rest.Headers.Add("Last-Event-ID", (lines.GetArrayLength() - 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var tail = await client.SendAsync(rest, Cancellation);
        Assert.Single((await tail.Content.ReadAsStringAsync(Cancellation)).Split('\n'), l => l.StartsWith("event: log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_judged_bundle_is_deleted_and_what_it_published_stays()
    {
        var id = await _rig.UploadAsync(await _rig.LayerFolderAsync("deleted", "1.0.0", "one"u8.ToArray()));
        await _rig.JudgedAsync(id);
        using var other = _rig.Client("aos-user-sp.p12");
        using var hidden = await other.DeleteAsync($"api/v11/deployment-bundles/{id}/", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var client = _rig.Client("aos-user-oem.p12");
        using var deleted = await client.DeleteAsync($"api/v11/deployment-bundles/{id}/", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await client.GetAsync($"api/v11/deployment-bundles/{id}/", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Single((await _rig.GetAsync("layers/deleted/")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task What_was_answered_with_201_survives_kill_9_and_is_judged_after_the_restart()
    {
        var folder = await _rig.LayerFolderAsync("killed", "1.0.0", RandomNumberGenerator.GetBytes(20_000_000));
        var id = await _rig.UploadAsync(folder);
        await _rig.KillAsync();
        await _rig.StartHubAsync();
        await _rig.PublishedAsync(id);
        Assert.Single((await _rig.GetAsync("layers/killed/")).GetProperty("versions").EnumerateArray());
    }
}
