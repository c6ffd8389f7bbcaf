using System.Text.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Targets;

public sealed class TargetCommandTests : IDisposable
{
    private const int Refused = 3;
    private readonly SmallBase _base = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _base.Dispose();

    [Fact]
    public async Task A_target_for_a_base_that_is_there_is_right_at_once()
    {
        await Tool.OutputAsync(Tool.Strata, "target", "init", _base["made"], "--rootfs", _base["root"], "--cache", _base.Cache);

        var text = await File.ReadAllTextAsync(_base["made/target.yaml"], Cancellation);
        foreach (var line in new[] { "name: small-7.1-amd64\n", "architecture: amd64\n", "osVersion: \"7.1\"\n", "visible: [bin, usr]\n", "#   - type: deb\n", $"identity: {await _base.IdentityAsync("root")}\n" })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Contains("The base is what the target says.", await Tool.OutputAsync(Tool.Strata, "target", "verify", _base["made"], "--cache", _base.Cache), StringComparison.Ordinal);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "init", _base["made"], "--rootfs", _base["root"], "--cache", _base.Cache);
        Assert.Equal(Refused, code);
        Assert.Contains("is there already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_not_what_the_target_says_is_refused_with_every_mistake_at_its_place()
    {
        File.CreateSymbolicLink(_base["root/sbin"], "opt/sbin");
        await File.WriteAllTextAsync(_base["bad.yaml"], $"""
            schemaVersion: 1
            name: bad
            rootfs: root
            identity: sha256:{new string('0', 64)}
            architecture: arm64
            osVersion: "8"
            visible: [bin, lib64, sbin]
            """, Cancellation);

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "target", "verify", _base["bad.yaml"], "--json", "--cache", _base.Cache);

        Assert.Equal(Refused, code);
        foreach (var said in new[] { "bad.yaml:4:11: The base has the identity", "bad.yaml:5:15: The target is for arm64", "bad.yaml:7:10: The base has no folder 'lib64'", "bad.yaml:7:10: Services would see 'sbin' as a link to 'opt/sbin'" })
            Assert.Contains(said, error, StringComparison.Ordinal);
        using var found = JsonDocument.Parse(output);
        Assert.Equal(4, found.RootElement.GetProperty("mistakes").GetArrayLength());
        Assert.Contains("'7.1'", found.RootElement.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_built_for_a_base_that_is_no_longer_the_one_written_down()
    {
        var file = _base.Target("root", $"identity: {await _base.IdentityAsync("root")}\n");
        await Tool.OutputAsync(Tool.Strata, "target", "verify", file, "--cache", _base.Cache);
        await File.AppendAllTextAsync(_base["root/etc/os-release"], "#\n", Cancellation);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "verify", file, "--cache", _base.Cache);
        Assert.Equal(Refused, code);
        Assert.Contains("has the identity", error, StringComparison.Ordinal);

        (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "publish", file, "--hub", "https://localhost:1/", "--key", "none.p12", "--cache", _base.Cache);
        Assert.Equal(Refused, code);
        Assert.Contains("is not the one that", error, StringComparison.Ordinal);
    }
}
