using System.Text.Json;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.SystemTests.Running;
using Strata.SystemTests.Targets;

namespace Strata.SystemTests.Layers;

/// <summary>The commands around a finished layer, on two layers over a small base: a child with its parent.</summary>
public sealed class LayerToolsTests : IAsyncLifetime
{
    private const int Usage = 2, Refused = 3, Cancelled = 130;
    private readonly SmallBase _base = new();
    private string _target = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Parent => _base["layers/parent/linux-amd64-1.0.0.tar.gz"];

    private string Child => _base["layers/child/linux-amd64-2.1.0.tar.gz"];

    public async ValueTask InitializeAsync()
    {
        await Shell("""
            mkdir -p layers/parent layers/child none
            cp -a root parent && mkdir -p parent/opt/lib && echo parent > parent/opt/lib/from && rm parent/usr/share/large
            cp -a parent child && echo child > child/opt/lib/from && echo own > child/usr/lib/own && echo hidden > child/etc/hidden && rm child/usr/share/linked
            """);
        _target = _base.Target("root", $"identity: {await _base.IdentityAsync("root")}\n");
        var parent = await DescribeAsync("root", "parent", Parent, "parent", "1.0.0", null);
        await DescribeAsync("parent", "child", Child, "child", "2.1.0", new("parent", SemanticVersion.Parse("1.0.0"), parent));
    }

    public ValueTask DisposeAsync()
    {
        _base.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Verify_holds_layers_to_description_parent_and_target()
    {
        var said = await Strata("verify", _base["layers"], "--target", _target);
        Assert.Contains("child 2.1.0: is what its layer.json says", said, StringComparison.Ordinal);
        Assert.Contains("parent 1.0.0: is what its layer.json says", said, StringComparison.Ordinal);
        await Strata("verify", Child, "--parent", Parent);

        await RefusedAsync("built on the base alone", "verify", Parent, "--parent", Child);
        await File.WriteAllTextAsync(_base["root/usr/new"], "", Cancellation);
        await RefusedAsync("It was built on the base small with the identity", "verify", Child, "--target", _base.Target("root"));
        await RefusedAsync("is a folder", "inspect", _base["layers"]);
    }

    [Fact]
    public async Task Verify_lists_what_a_repacked_layer_has_lost()
    {
        await Shell($"mkdir t && tar -xzf '{Parent}' -C t && tar -C t -czf '{Parent}' .");

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "layer", "verify", Parent, "--json", "--cache", _base.Cache);

        Assert.Equal(Refused, code);
        foreach (var what in new[] { "The digest is", "The diff id is", "The size in bytes is" }) Assert.Contains(what, error, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(output);
        Assert.NotEmpty(result.RootElement[0].GetProperty("departures").EnumerateArray());
    }

    [Fact]
    public async Task Ls_lists_what_tar_lists_and_deletions_as_such()
    {
        var tar = (await Tool.OutputAsync("tar", "--quoting-style=escape", "-tzf", Child)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ours = (await Strata("ls", Child)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(tar.Length, ours.Length);
        Assert.Contains("usr/share/linked (deleted)", ours);
        Assert.Equal(tar.Where(line => !line.Contains(".wh.", StringComparison.Ordinal)), ours.Where(line => !line.EndsWith(')')));
        using var json = JsonDocument.Parse(await Strata("ls", Child, "--json"));
        Assert.Contains(json.RootElement.EnumerateArray(), e => e.GetProperty("kind").GetString() == "deleted" && e.GetProperty("path").GetString() == "usr/share/linked");
        await RefusedAsync("no layer file", "ls", _base["none/x.tar.gz"]);
        await Shell($"head -c 200 '{Child}' > none/short.tar.gz");
        foreach (var reader in new[] { "ls", "inspect" }) await RefusedAsync($"strata: {_base["none/short.tar.gz"]}: The layer is not sound gzip", reader, _base["none/short.tar.gz"]);
    }

    [Fact]
    public async Task Compare_says_what_changed_and_whether_the_version_does()
    {
        await Shell($"cp -a child next && rm next/usr/lib/own && echo more > next/opt/lib/more");
        Directory.CreateDirectory(_base["layers/next"]);
        var next = _base["layers/next/linux-amd64-2.2.0.tar.gz"];
        await DescribeAsync("parent", "next", next, "child", "2.2.0", null);

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "layer", "compare", Child, next, "--strict");
        Assert.Equal(Refused, code);
        Assert.Contains("- usr/lib/own  [major]", output, StringComparison.Ordinal);
        Assert.Contains("+ opt/lib/more  [minor]", output, StringComparison.Ordinal);
        Assert.Contains("call it 3.0.0 or higher", error, StringComparison.Ordinal);

        Assert.Contains("honest", await Strata("compare", Child, next, "--strict", "--new-version", "3.0.0"), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await Strata("compare", Child, next, "--json"));
        Assert.Equal(("Major", false), (json.RootElement.GetProperty("needed").GetString(), json.RootElement.GetProperty("verdict").GetProperty("isHonest").GetBoolean()));
        await RefusedAsync("cannot be judged", "compare", Child, await CopyAsync(next), "--strict");
        Assert.Contains("parent and child are two layers", (await Tool.RunAsync(Tool.Strata, "layer", "compare", Parent, Child)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mount_shows_layers_parents_and_the_visible_base_and_leaves_nothing()
    {
        var seen = await Mount(Child, "--target", _target, "--", "sh", "-c", "busybox cat /opt/lib/from /usr/lib/own; busybox ls -d /usr/share/large /usr/share/linked /usr/share/shared /var /etc/os-release /etc/hidden 2>/dev/null; busybox touch /usr/x || echo read-only");

        Assert.Equal(["child", "own", "/etc/hidden", "/usr/share/shared", "read-only"], seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(7, (await Mount(Child, "--target", _target, "--", "sh", "-c", "exit 7")).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_base["cache/tmp"]));
        using var stack = JsonDocument.Parse(await Strata("mount", Child, "--json"));
        Assert.Equal(["child", "parent"], stack.RootElement.EnumerateArray().Select(l => l.GetProperty("name").GetString()));
        var unrun = await Mount(Child, "--target", _target, "--json", "--", "sh", "-c", "exit 7");
        Assert.Equal((Usage, ""), (unrun.Code, unrun.Output));
    }

    [Fact]
    public async Task A_shell_on_a_terminal_works_and_gives_its_exit_code()
    {
        await File.WriteAllTextAsync(_base["typed"], "busybox cat /opt/lib/from\nset -o | busybox grep monitor\nexit 9\n", Cancellation);

        var (code, output, _) = await Tool.RunAsync("sh", "-c", $"(cat '{_base["typed"]}'; sleep 2) | script -qec \"{Tool.Strata} layer mount '{Child}' --target '{_target}' --cache '{_base.Cache}'\" /dev/null");

        Assert.Equal(9, code);
        Assert.Contains("child", output, StringComparison.Ordinal);
        Assert.DoesNotContain("job control", output, StringComparison.Ordinal);
        Assert.DoesNotContain("process group", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_that_is_not_beside_its_child_has_to_be_named()
    {
        await Shell("mkdir away && mv layers/parent away/parent");
        await RefusedAsync("no such layer stands beside it", "mount", Child, "--json");
        Assert.Contains("\"parent\"", await Strata("mount", Child, _base["away/parent/linux-amd64-1.0.0.tar.gz"], "--json"), StringComparison.Ordinal);

        Assert.Equal(Usage, (await Tool.RunAsync(Tool.Strata, "layer", "mount", Child, "--cache", _base.Cache)).Code);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    public async Task Stopping_a_mount_ends_what_runs_inside_and_every_mount(string signal)
    {
        var stamp = $"9{Random.Shared.Next(100_000, 999_999)}";
        using var process = Tool.Start(Tool.Strata, "layer", "mount", Child, "--target", _target, "--cache", _base.Cache, "--", "busybox", "sleep", stamp);
        while (!process.HasExited && !await IsRunning(stamp)) await Task.Delay(20, Cancellation);
        Assert.False(process.HasExited);

        await Tool.OutputAsync("kill", $"-{signal}", $"{process.Id}");
        await process.WaitForExitAsync(Cancellation);
        if (signal == "INT") Assert.Equal(Cancelled, process.ExitCode);
        for (var tries = 0; tries < 200 && await IsRunning(stamp); tries++) await Task.Delay(25, Cancellation);
        Assert.False(await IsRunning(stamp));

        await Mount(Child, "--target", _target, "--", "busybox", "true");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_base["cache/tmp"]));
    }

    private static async Task<bool> IsRunning(string stamp) => (await Tool.RunAsync("pgrep", "-f", $"busybox sleep {stamp}$")).Code == 0;

    private async Task<DiffId> DescribeAsync(string from, string to, string archive, string name, string version, ParentLayer? parent)
    {
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", _base[from], _base[to], archive);
        await using var file = File.OpenRead(archive);
        var found = await LayerInspector.InspectFileAsync(file, null, Cancellation);
        var about = new LayerDescription
        {
            Name = name, Codename = name, Version = SemanticVersion.Parse(version), Parent = parent, Platform = new("amd64"),
            Base = new("small", Digest.Parse(await _base.IdentityAsync("root"))), Libraries = found.Content.Libraries,
            Archive = new(MediaTypes.LayerGzip, found.Digest, found.DiffId, found.Size, found.Content.UnpackedSize) { Entries = found.Content.Entries },
        };
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(archive)!, "layer.json"), LayerDescriptionJson.Write(about), Cancellation);
        return found.DiffId;
    }

    private async Task<string> CopyAsync(string layer)
    {
        await Shell($"cp '{layer}' none/other.tar.gz");
        return _base["none/other.tar.gz"];
    }

    private Task<(int Code, string Output, string Error)> Mount(params string[] arguments) =>
        Tool.RunAsync(Tool.Strata, ["layer", "mount", arguments[0], "--cache", _base.Cache, .. arguments[1..]]);

    private Task<string> Strata(string command, params string[] arguments) => Tool.OutputAsync(Tool.Strata, ["layer", command, .. arguments, .. command is "verify" or "mount" ? new[] { "--cache", _base.Cache } : []]);

    private async Task RefusedAsync(string said, string command, params string[] arguments)
    {
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ["layer", command, .. arguments, .. command is "verify" or "mount" ? new[] { "--cache", _base.Cache } : []]);
        Assert.Equal(Refused, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private Task<string> Shell(string script) => Tool.OutputAsync("sh", "-euc", $"cd '{_base.Folder.Path}'\n{script}");
}
