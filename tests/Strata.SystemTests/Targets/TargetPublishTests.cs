using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strata.SystemTests.Running;
using Strata.SystemTests.Whole;

namespace Strata.SystemTests.Targets;

/// <summary>The hub is told what a base is, not what it is kept as.</summary>
public sealed class TargetPublishTests(RunningHub hub) : IClassFixture<RunningHub>, IDisposable
{
    private const int Refused = 3;
    private readonly SmallBase _base = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _base.Dispose();

    [Fact]
    public async Task A_target_can_be_published_from_any_form_of_its_base_and_is_the_same()
    {
        var script = "umoci init --layout image && umoci new --image image:one && umoci unpack --image image:one work && cp -a root/. work/rootfs/ && umoci repack --image image:one work";
        await Tool.OutputAsync("sh", "-euc", $"cd '{_base.Folder.Path}'; tar -C root --xattrs --xattrs-include='*' -cf root.tar .; truncate -s 16M root.ext4; mkfs.ext4 -q -F -d root root.ext4; {script}");
        var identity = await _base.IdentityAsync("root");

        foreach (var form in new[] { "root", "root.tar", "root.ext4", "image" })
        {
            var said = await Tool.OutputAsync(Tool.Strata, ["target", "publish", _base.Target(form), "--cache", _base.Cache, .. hub.As("oem")]);
            Assert.Contains($"small is published; the hub knows its base as {identity}", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_provider_downloads_the_index_of_a_target_that_is_shared_with_it_and_of_no_other()
    {
        await Tool.OutputAsync(Tool.Strata, ["target", "publish", _base.Target("root", name: "shared"), "--cache", _base.Cache, .. hub.As("oem")]);
        string[] download = ["target", "download", "shared", "--output", _base["index"], .. hub.As("sp")];
        var (hidden, _, why) = await Tool.RunAsync(Tool.Strata, download);
        Assert.Equal(Refused, hidden);
        Assert.Contains("is not shared with you", why, StringComparison.Ordinal);

        await Tool.OutputAsync(Tool.Strata, ["target", "share", "shared", "--with", "demo-sp.localhost", .. hub.As("oem")]);
        await Tool.OutputAsync(Tool.Strata, download);
        using (var index = JsonDocument.Parse(await File.ReadAllBytesAsync(_base["index/elf.json"], Cancellation)))
            Assert.Equal("bin/busybox", index.RootElement.GetProperty("binaries")[0].GetProperty("path").GetString());
        using (var document = JsonDocument.Parse(await File.ReadAllBytesAsync(_base["index/target.json"], Cancellation)))
            Assert.Equal("six", document.RootElement.GetProperty("packages")[0].GetProperty("name").GetString());

        var (changed, _, _) = await Tool.RunAsync(Tool.Strata, ["target", "share", "shared", "--all", .. hub.As("sp")]);
        Assert.NotEqual(0, changed);
        await Tool.OutputAsync(Tool.Strata, ["target", "share", "shared", "--none", .. hub.As("oem")]);
        Assert.Equal(Refused, (await Tool.RunAsync(Tool.Strata, download)).Code);
    }

    [Fact]
    public async Task The_base_itself_can_be_published_and_is_held_to_what_is_said_of_it()
    {
        var said = await Tool.OutputAsync(Tool.Strata, ["target", "publish", _base.Target("root", name: "whole"), "--with-base", "--json", "--cache", _base.Cache, .. hub.As("oem")]);
        using (var published = JsonDocument.Parse(said)) Assert.True(published.RootElement.GetProperty("has_base").GetBoolean());

        // The same base, and in the cache an index of something else beside it.
        var index = Assert.Single(Directory.GetFiles(_base.Cache, "elf.json", SearchOption.AllDirectories));
        var summary = Path.Combine(Path.GetDirectoryName(index)!, "index.json");
        var empty = "{\"format\":1,\"binaries\":[\n]}\n"u8.ToArray();
        var old = JsonNode.Parse(await File.ReadAllTextAsync(summary, Cancellation))!;
        var document = old["documents"]!.AsArray().Single(d => (string)d!["name"]! == "elf.json")!;
        document["digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(empty))}";
        document["size"] = empty.Length;
        await File.WriteAllBytesAsync(index, empty, Cancellation);
        await File.WriteAllTextAsync(summary, old.ToJsonString(), Cancellation);
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ["target", "publish", _base.Target("root", name: "other"), "--with-base", "--cache", _base.Cache, .. hub.As("oem")]);
        Assert.Equal(Refused, code);
        Assert.Contains("elf.json is not what base.tar.gz shows", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_arrives_behind_the_signed_document_is_held_to_its_digests()
    {
        await Tool.OutputAsync(Tool.Strata, ["target", "publish", _base.Target("root", name: "held"), "--cache", _base.Cache, .. hub.As("oem")]);
        var index = Assert.Single(Directory.GetFiles(_base.Cache, "elf.json", SearchOption.AllDirectories));
        var content = await File.ReadAllBytesAsync(index, Cancellation);
        content[^20] ^= 1;
        await File.WriteAllBytesAsync(index, content, Cancellation);
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ["target", "publish", _base.Target("root", name: "changed"), "--cache", _base.Cache, .. hub.As("oem")]);
        Assert.Equal(Refused, code);
        Assert.Contains("A part is not what the signed document says", error, StringComparison.Ordinal);
        Assert.DoesNotContain("changed", await Tool.OutputAsync(Tool.Strata, ["target", "list", .. hub.As("oem")]), StringComparison.Ordinal);
    }
}
