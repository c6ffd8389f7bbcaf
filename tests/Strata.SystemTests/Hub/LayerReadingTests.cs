using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Hub;

/// <summary>What a service provider reads of layers, by the command line and by the API beneath it.</summary>
public sealed class LayerReadingTests(LayerReadingTests.Ground ground) : IClassFixture<LayerReadingTests.Ground>
{
    private const int Refused = 3;
    private readonly HubRig _rig = ground.Rig;
    private readonly byte[] _zlib = ground.Zlib;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_provider_lists_shows_searches_downloads_and_compares_layers()
    {
        var listed = await JsonAsync("list", "--state", "released", "--platform", "amd64", "--used", "false");
        Assert.Equal(["another", "lib"], listed.EnumerateArray().Select(l => l.GetProperty("codename").GetString()));
        Assert.Equal(["1.1.0", "1.0.0"], listed[1].GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetString()));
        Assert.Contains("No layer that is shared with you fits", await OutputAsync("list", "--feature", "nothing"), StringComparison.Ordinal);

        var shown = await OutputAsync("show", "lib@1.1.0");
        Assert.Contains($"shared      {_zlib.Length / 1e6:0.0} MB with lib 1.0.0", shown, StringComparison.Ordinal);
        Assert.Contains("signed for  demo-oem.localhost", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("oem-user", shown, StringComparison.Ordinal); // who of the OEM signed is its own

        var file = Assert.Single((await JsonAsync("files", "lib@1.0.0", "--search", "libz", "--kind", "file")).EnumerateArray());
        Assert.Equal(("usr/lib/lib/libz.so.1", Convert.ToHexStringLower(SHA256.HashData(_zlib))), (file.GetProperty("path").GetString(), file.GetProperty("sha256").GetString()));
        Assert.Contains("directory", await OutputAsync("files", "lib"), StringComparison.Ordinal);
        var symbol = Assert.Single((await JsonAsync("symbols", "lib", "--search", "deflateCopy", "--side", "defined")).EnumerateArray());
        Assert.Equal("libz.so.1", symbol.GetProperty("soname").GetString());
        Assert.Contains("libz.so.1", await OutputAsync("libraries", "lib", "--search", "LIBZ"), StringComparison.Ordinal);

        Assert.Equal("CycloneDX", JsonDocument.Parse(await OutputAsync("sbom", "lib@1.0.0", "--format", "cyclonedx")).RootElement.GetProperty("bomFormat").GetString());
        var saved = Path.Combine(_rig.Data, "bill.json");
        Assert.Equal(saved, (await JsonAsync("sbom", "lib@1.0.0", "-o", saved)).GetProperty("file").GetString());
        Assert.Equal("SPDX-2.3", JsonDocument.Parse(await File.ReadAllBytesAsync(saved, Cancellation)).RootElement.GetProperty("spdxVersion").GetString());

        var changes = await JsonAsync("compare", "lib", "1.0.0", "1.1.0");
        Assert.Equal("usr/share/note", Assert.Single(changes.GetProperty("comparison").GetProperty("paths").EnumerateArray()).GetProperty("path").GetString());
        Assert.Contains("verdict", await OutputAsync("compare", "lib", "1.0.0", "1.1.0"), StringComparison.Ordinal);

        Assert.Contains("No service that you may see", await OutputAsync("used-by", "lib"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_finds_what_is_in_layers_and_which_versions_hold_it()
    {
        var found = await HubRig.UntilAsync( // the index follows the log
            () => JsonAsync("search", "libz.so.1", "--kind", "library"), f => f.GetArrayLength() > 0 && f[0].GetProperty("versions")[0].GetProperty("last").GetString() == "1.1.0");
        var hit = Assert.Single(found.EnumerateArray());
        Assert.Equal(("library", "lib", "1.1.0"), (hit.GetProperty("kind").GetString(), hit.GetProperty("layer").GetString(), hit.GetProperty("layerVersion").GetString()));
        Assert.Equal("1.0.0", hit.GetProperty("versions")[0].GetProperty("first").GetString());

        var first = await _rig.GetAsync("search/?q=lib&limit=1");
        var second = await _rig.GetAsync($"search/?q=lib&limit=1&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.NotEqual(first.GetProperty("items")[0].GetRawText(), second.GetProperty("items")[0].GetRawText());
        using var client = _rig.Client(PkiFiles.ServiceProviderUser);
        using var wrong = await client.GetAsync("api/v11/search/?kind=stone&cursor=x", Cancellation);
        Assert.Equal(3, JsonDocument.Parse(await wrong.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_what_is()
    {
        foreach (var (why, arguments) in new (string, string[])[]
        {
            ("There is no layer 'nothing'", ["show", "nothing"]),
            ("lib has no version 3.0.0; there are 1.1.0, 1.0.0", ["files", "lib@3.0.0"]),
            ("has nothing for the platform 'arm64'; it has linux/amd64", ["symbols", "lib", "--platform", "arm64"]),
            ("do not both have the platform 'arm64'", ["compare", "lib", "1.0.0", "1.1.0", "--platform", "arm64"]),
        })
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, ["layers", .. arguments, .. As]);
            Assert.Equal((Refused, true), (code, error.Contains(why, StringComparison.Ordinal)));
        }

        using var client = _rig.Client(PkiFiles.ServiceProviderUser);
        foreach (var (status, path) in new[]
        {
            (HttpStatusCode.BadRequest, "layers/?state=broken&used=perhaps"), (HttpStatusCode.BadRequest, "layers/?cursor=!"), (HttpStatusCode.BadRequest, "layers/?cursor=AA&offset=1"), (HttpStatusCode.BadRequest, "layers/lib/versions/1.0.0/files/?kind=stone"),
            (HttpStatusCode.BadRequest, "layers/lib/versions/1.0.0/symbols/?side=left"), (HttpStatusCode.BadRequest, "layers/lib/compare/?from=1.0.0"),
            (HttpStatusCode.BadRequest, "layers/lib/versions/one/"), (HttpStatusCode.NotFound, "layers/lib/versions/1.0.0/documents/layer.json"),
        })
        {
            using var answer = await client.GetAsync($"api/v11/{path}", Cancellation);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Documents_come_with_their_media_types_and_digests_and_lists_in_parts_that_stand_still()
    {
        using var client = _rig.Client(PkiFiles.ServiceProviderUser);
        foreach (var (name, type) in new[] { ("files.json", "application/json"), ("elf.json", "application/json"), ("sbom.spdx.json", "application/spdx+json"), ("sbom.cdx.json", "application/vnd.cyclonedx+json") })
        {
            using var answer = await client.GetAsync($"api/v11/layers/lib/versions/1.0.0/documents/{name}", Cancellation);
            Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(Cancellation)))}\"", answer.Headers.ETag!.Tag);
        }

        var whole = await _rig.GetAsync("layers/lib/versions/1.0.0/files/");
        var second = await _rig.GetAsync("layers/lib/versions/1.0.0/files/?limit=2&offset=2");
        Assert.Equal((whole.GetProperty("total").GetInt32(), 2), (second.GetProperty("total").GetInt32(), second.GetProperty("offset").GetInt32()));
        Assert.Equal(whole.GetProperty("items").EnumerateArray().Skip(2).Take(2).Select(i => i.GetRawText()), second.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()));
        var first = await _rig.GetAsync("layers/?limit=1");
        var next = await _rig.GetAsync($"layers/?limit=1&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal(("another", "lib"), (first.GetProperty("items")[0].GetProperty("codename").GetString(), next.GetProperty("items")[0].GetProperty("codename").GetString()));
        Assert.Equal((1, JsonValueKind.Null), (next.GetProperty("offset").GetInt32(), next.GetProperty("next_cursor").ValueKind));
        var graph = await _rig.GetAsync("layers/lib/graph/");
        Assert.Equal("lib", Assert.Single(graph.GetProperty("nodes").EnumerateArray()).GetProperty("codename").GetString());
        Assert.Empty(graph.GetProperty("edges").EnumerateArray());
    }

    private string[] As => ["--hub", _rig.Api, "--key", _rig.Pki.PathOf(PkiFiles.ServiceProviderUser), "--ca", _rig.Pki.PathOf("fleet-root.crt")];

    private Task<string> OutputAsync(params string[] arguments) => Tool.OutputAsync(Tool.Strata, ["layers", .. arguments, .. As]);

    private async Task<JsonElement> JsonAsync(params string[] arguments) => JsonDocument.Parse(await OutputAsync([.. arguments, "--json"])).RootElement;

    /// <summary>A hub with two versions of a layer, for all tests of the class: none of them changes it.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        internal HubRig Rig { get; private set; } = null!;

        internal byte[] Zlib { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Rig = await HubRig.StartAsync();
            Zlib = await File.ReadAllBytesAsync(Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First(), Cancellation);
            await Rig.PublishLayerAsync("another", "1.0.0", "one");
            foreach (var (version, note) in new[] { ("1.0.0", "old"), ("1.1.0", "new, longer") })
            {
                var folder = await Rig.LayerFolderAsync("lib", version, new Dictionary<string, byte[]> { ["usr/lib/lib/libz.so.1"] = Zlib, ["usr/share/note"] = Encoding.UTF8.GetBytes(note) });
                var (code, _, error) = await Rig.GoAsync(folder);
                Assert.True(code == 0, error);
            }
        }

        public ValueTask DisposeAsync() => Rig.DisposeAsync();
    }
}
