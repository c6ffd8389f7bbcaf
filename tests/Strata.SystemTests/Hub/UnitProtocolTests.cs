using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>The hub as a unit meets it. Traps are numbered as in the facts on AosCore 9.1.</summary>
public sealed class UnitProtocolTests : IAsyncLifetime
{
    private const string Unit = "unit-7";
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await HubRig.StartAsync();
        Assert.Equal(0, (await _rig.PublishLayerAsync("lib", "1.0.0", "one")).Code);
        Assert.Equal(0, (await _rig.PublishServiceAsync("app", "1.0.0", "{uid: lib, minVersion: 1.0.0, maxVersion: 2.0.0}")).Code);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Traps_1_2_4_6_9_10_a_unit_gets_its_state_and_every_blob_of_it_verifies()
    {
        await using var unit = await ConnectAssignedAsync();
        await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        var desired = await unit.ReceiveAsync("desiredStatus");

        var item = desired.GetProperty("items")[0];
        Assert.Matches("^1\\.0\\.0\\+[0-9a-f]{8}$", item.GetProperty("version").GetString());
        Assert.Equal("service", item.GetProperty("item").GetProperty("type").GetString());
        Assert.Equal(item.GetProperty("item").GetProperty("id").GetString(), desired.GetProperty("instances")[0].GetProperty("item").GetProperty("id").GetString());
        Assert.Equal(
            desired.GetProperty("subjects")[0].GetProperty("identity").GetProperty("id").GetString(),
            desired.GetProperty("instances")[0].GetProperty("subject").GetProperty("id").GetString());

        var index = JsonDocument.Parse(await FetchAsync(unit, desired, item.GetProperty("indexDigest").GetString()!)).RootElement;
        var manifest = JsonDocument.Parse(await FetchAsync(unit, desired, DigestOf(index.GetProperty("manifests")[0]))).RootElement;
        await FetchAsync(unit, desired, DigestOf(manifest.GetProperty("aosItemConfig")));
        var config = JsonDocument.Parse(await FetchAsync(unit, desired, DigestOf(manifest.GetProperty("config")))).RootElement;
        var diffIds = config.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(d => d.GetString()!).ToList();
        var layers = manifest.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(2, layers.Count);
        for (var i = 0; i < layers.Count; i++)
            Assert.Equal(diffIds[i], await DiffIdAsync(await FetchAsync(unit, desired, DigestOf(layers[i]))));
        var shared = (await _rig.GetAsync("catalogue/")).GetProperty("layers")[0].GetProperty("versions")[0].GetProperty("images")[0];
        Assert.Equal(shared.GetProperty("diffId").GetString(), diffIds[1]); // trap 6: the service's own is on top
    }

    [Fact]
    public async Task A_new_fitting_layer_moves_the_service_by_itself_one_that_is_taken_back_moves_it_back_and_a_foreign_one_says_nothing()
    {
        await using var unit = await ConnectAssignedAsync();
        await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        var before = (await unit.ReceiveAsync("desiredStatus")).GetProperty("items")[0].GetProperty("version").GetString();
        await _rig.PublishLayerAsync("lib", "2.0.0", "too new");
        Assert.Equal(0, (await _rig.PublishLayerAsync("lib", "1.1.0", "two")).Code);
        var after = (await unit.ReceiveAsync("desiredStatus")).GetProperty("items")[0];
        Assert.NotEqual(before, after.GetProperty("version").GetString());
        Assert.Equal("app 1.0.0 lib 1.1.0", await DesiredAsync());

        var has = $$"""[{"item":{{after.GetProperty("item").GetRawText()}},"version":"{{after.GetProperty("version").GetString()}}","state":"installed"}]""";
        await unit.ReceiveAckAsync(await unit.SendStatusAsync(has));
        using (var oem = _rig.Client(PkiFiles.OemUser))
        using (var yanked = await oem.PutAsync("api/v11/layers/lib/versions/1.1.0/state/", new StringContent("""{"state":"yanked","reason":"it loses data"}""", Encoding.UTF8, "application/json"), Cancellation))
            Assert.Equal(HttpStatusCode.OK, yanked.StatusCode);
        Assert.Equal(before, (await unit.ReceiveAsync("desiredStatus")).GetProperty("items")[0].GetProperty("version").GetString());
        Assert.Equal("app 1.0.0 lib 1.0.0", await DesiredAsync());

        await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        Assert.True(await unit.IsSilentAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Trap_1_a_text_frame_ends_the_connection_and_fragments_are_put_together()
    {
        await using var unit = await ConnectAssignedAsync();
        await unit.ReceiveAckAsync(await unit.SendFragmentedAsync("\"messageType\":\"monitoringData\",\"nodes\":[]"));
        await unit.SendTextAsync("\"messageType\":\"monitoringData\",\"nodes\":[]");
        Assert.Null(await unit.NextAsync());
    }

    [Fact]
    public async Task Trap_8_what_is_over_a_limit_or_unreadable_is_dropped_and_never_nacked()
    {
        await using var unit = await ConnectAssignedAsync();
        var longId = new string('x', 65);
        await unit.SendStatusAsync($$"""[{"item":{"id":"{{longId}}","type":"service"},"version":"1.0.0","state":"installed"}]""");
        await unit.SendAsync("\"noMessageType\":1");
        await unit.SendAsync("\"messageType\":\"ack\"", Guid.NewGuid().ToString()); // of nothing
        await unit.ReceiveAckAsync(await unit.SendAsync("\"messageType\":\"alerts\",\"items\":[]"));
    }

    [Fact]
    public async Task Only_a_registered_unit_with_its_own_token_gets_in()
    {
        using var mine = await _rig.UnitAsync("unit-a");
        using var other = await _rig.UnitAsync("unit-b");
        using var unknown = await _rig.UnitAsync("unit-c", isRegistered: false);
        using var user = _rig.Pki.Load("aos-user-oem.p12");
        Assert.Equal(403, (await StrictUnit.DiscoverAsync(_rig, unknown, "unit-c")).Status);
        Assert.Equal(403, (await StrictUnit.DiscoverAsync(_rig, mine, "unit-b")).Status);
        Assert.Equal(401, (await StrictUnit.DiscoverAsync(_rig, user, "oem-user")).Status);

        var answer = (await StrictUnit.DiscoverAsync(_rig, mine, "unit-a")).Answer;
        var (token, url) = (answer.GetProperty("authToken").GetString()!, answer.GetProperty("connectionInfo")[0].GetString()!);
        Assert.Equal(401, (await StrictUnit.UpgradeAsync(_rig, other, "unit-b", token, url)).Status);
        Assert.Equal(401, (await StrictUnit.UpgradeAsync(_rig, mine, "unit-a", token + "0", url)).Status);
        var (unit, status) = await StrictUnit.UpgradeAsync(_rig, mine, "unit-a", token, url);
        Assert.Equal(101, status);
        await unit!.DisposeAsync();
    }

    [Fact]
    public async Task Blobs_come_over_HTTP_1_1_with_ranges_and_only_by_an_unchanged_address_of_a_unit_that_may_have_them()
    {
        await using var unit = await ConnectAssignedAsync();
        await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        var desired = await unit.ReceiveAsync("desiredStatus");
        var digest = desired.GetProperty("items")[0].GetProperty("indexDigest").GetString()!;
        var url = (await unit.LocateAsync(digest))[0].GetProperty("urls")[0].GetString()!;
        Assert.Empty((await unit.LocateAsync("sha256:" + new string('0', 64))).EnumerateArray());

        using var http = new HttpClient(_rig.Handler(null));
        using var head = await http.SendAsync(new(HttpMethod.Head, url) { Version = HttpVersion.Version11 }, Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (head.StatusCode, head.Version));
        Assert.Contains(head.Headers.NonValidated, h => h.Key == "Accept-Ranges" && h.Value.ToString() == "bytes");
        var whole = await http.GetByteArrayAsync(url, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new(10, null) } };
        using var part = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..], await part.Content.ReadAsByteArrayAsync(Cancellation));

        foreach (var changed in new[] { url.Replace(Unit, "unit-8", StringComparison.Ordinal), url.Replace("expires=1", "expires=2", StringComparison.Ordinal), url[..^1] + (url[^1] == '0' ? '1' : '0') })
        {
            using var refused = await http.GetAsync(changed, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    /// <summary>What the API says that the unit shall have.</summary>
    private async Task<string> DesiredAsync()
    {
        var item = Assert.Single((await _rig.GetAsync($"units/{Unit}/")).GetProperty("desired").EnumerateArray());
        static string Named(JsonElement thing) => $"{thing.GetProperty("codename").GetString()} {thing.GetProperty("version").GetString()}";
        return $"{Named(item)} {string.Join(' ', item.GetProperty("layers").EnumerateArray().Select(Named))}";
    }

    private async Task<StrictUnit> ConnectAssignedAsync()
    {
        var certificate = await _rig.UnitAsync(Unit);
        await _rig.AssignAsync("app", Unit);
        return await StrictUnit.ConnectAsync(_rig, certificate, Unit);
    }

    /// <summary>Locates, downloads and verifies a blob as AosCore does.</summary>
    private async Task<byte[]> FetchAsync(StrictUnit unit, JsonElement desired, string digest)
    {
        var location = Assert.Single((await unit.LocateAsync(digest)).EnumerateArray());
        using var http = new HttpClient(_rig.Handler(null));
        var content = await http.GetByteArrayAsync(location.GetProperty("urls")[0].GetString()!, Cancellation);
        Assert.Equal(location.GetProperty("size").GetInt64(), content.Length);
        Assert.Equal(location.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA3_256.HashData(content))); // trap 2
        Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)));

        var sign = location.GetProperty("signInfo");
        Assert.Equal("RSA/SHA256/PKCS1v1_5", sign.GetProperty("alg").GetString()); // trap 10
        Assert.False(sign.TryGetProperty("ocspValues", out _)); // trap 9
        var chain = desired.GetProperty("certificateChains").EnumerateArray().Single(c => c.GetProperty("name").GetString() == sign.GetProperty("chainName").GetString());
        var certificates = chain.GetProperty("fingerprints").EnumerateArray().Select(f => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(
            desired.GetProperty("certificates").EnumerateArray().Single(c => c.GetProperty("fingerprint").GetString() == f.GetString()).GetProperty("certificate").GetString()!))).ToList();
        using var key = certificates[0].GetRSAPublicKey()!;
        Assert.True(key.VerifyData(content, Convert.FromBase64String(sign.GetProperty("value").GetString()!), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var trust = new X509Chain { ChainPolicy = _rig.Roots() };
        trust.ChainPolicy.VerificationTime = sign.GetProperty("trustedTimestamp").GetDateTimeOffset().UtcDateTime;
        foreach (var other in certificates.Skip(1)) trust.ChainPolicy.ExtraStore.Add(other);
        Assert.True(trust.Build(certificates[0]));
        return content;
    }

    private static string DigestOf(JsonElement descriptor) => descriptor.GetProperty("digest").GetString()!;

    private static async Task<string> DiffIdAsync(byte[] gzip)
    {
        await using var tar = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(tar, Cancellation));
    }
}
