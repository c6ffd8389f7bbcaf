using System.Text.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Describing;

/// <summary>What is wrong with a layer's content is reported with rule and path, and refused on request.</summary>
public sealed class FindingTests
{
    private const int Refused = 3;

    [Fact]
    public async Task Every_rule_finds_what_it_is_for()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        await SpoilAsync(tree);
        using var described = await tree.DescribeAsync();

        var found = Found(described);
        string[] expected =
            [
                "capabilities usr/bin/capable", "dangling-soname usr/bin/needy", "device opt/device", "escaping-link usr/bin/out", "foreign-architecture usr/lib/libother.so", "looping-link usr/bin/round",
                "looping-link usr/bin/there", "not-read usr/bin/broken", "owned-twice opt/shared", "setuid usr/bin/mine", "world-writable opt/open", "world-writable opt/open/file", "mismatch ",
            ];
        Assert.All(expected, finding => Assert.Contains(finding, found));
        Assert.DoesNotContain("world-writable opt/scratch", found);
        Assert.DoesNotContain(found, f => f.Contains("libz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_strict_run_refuses_and_leaves_nothing()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        await SpoilAsync(tree);
        tree.Write("values.json", """{"name":"aos-try-layer","version":"1.0.0","platform":{"architecture":"amd64"}}""");

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, [.. tree.Arguments, "--strict"]);

        Assert.Equal(Refused, code);
        Assert.Empty(output);
        Assert.Contains("setuid: usr/bin/mine", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tree["out"]));
    }

    [Fact]
    public async Task Inspecting_reports_the_same_and_knows_the_parent_that_the_layer_was_built_on()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        using var described = await tree.DescribeAsync();
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", tree["parent"], tree["child"], tree["other.tar.gz"], "--keep-times");
        Directory.CreateDirectory(tree["child2/usr/lib"]);
        tree.Copy(tree["child/usr/lib/libc.so.6"], "child2/usr/lib/libc.so.6");
        tree.Write("child2/opt/a", "content");
        tree.Write("child2.json", """{"name":"child","version":"2.0.0","platform":{"architecture":"amd64"},"parent":"out/layer.json"}""");
        Directory.CreateDirectory(tree["out2"]);
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", tree["parent"], tree["child2"], tree["out2/child.tar.gz"], "--describe", tree["child2.json"]);

        using var right = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "layer", "inspect", tree["out2/child.tar.gz"], "--parent", tree.Archive, "--json"));
        using var wrong = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "layer", "inspect", tree["out2/child.tar.gz"], "--parent", tree["out2/child.tar.gz"], "--json"));

        Assert.Empty(Found(right));
        Assert.Equal(["wrong-parent "], Found(wrong));
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "layer", "inspect", tree["out2/child.tar.gz"], "--parent", tree["out2/child.tar.gz"], "--strict");
        Assert.Equal(Refused, code);
        Assert.Contains("it was built on aos-try-layer 1.0.0, diff id sha256:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_layer_is_reported()
    {
        using var tree = new DescribedTree();
        using var described = await tree.DescribeAsync();
        Assert.Contains("empty-layer ", Found(described));
    }

    private static async Task SpoilAsync(DescribedTree tree)
    {
        tree.Copy("/bin/true", "child/usr/bin/capable");
        await Tool.OutputAsync("setcap", "cap_net_raw+ep", tree["child/usr/bin/capable"]);
        tree.Copy("/bin/ls", "child/usr/bin/needy"); // needs libselinux, which nobody brings
        await Tool.OutputAsync("mknod", tree["child/opt/device"], "c", "1", "3");
        File.CreateSymbolicLink(tree["child/usr/bin/out"], "../../../etc");
        File.CreateSymbolicLink(tree["child/usr/bin/round"], "there");
        File.CreateSymbolicLink(tree["child/usr/bin/there"], "round");
        var foreign = File.ReadAllBytes(tree["child/usr/lib/x86_64-linux-gnu/libz.so.1"]);
        foreign[18] = 183; // arm64
        File.WriteAllBytes(tree["child/usr/lib/libother.so"], foreign);
        File.WriteAllBytes(tree["child/usr/bin/broken"], foreign.AsSpan(0, 200).ToArray());
        tree.Write("child/opt/shared", "content");
        tree.Write("child/var/lib/dpkg/status.d/one", "Package: one\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n");
        tree.Write("child/var/lib/dpkg/info/one.list", "/opt/shared\n");
        tree.Write("child/var/lib/dpkg/status.d/two", "Package: two\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n");
        tree.Write("child/var/lib/dpkg/info/two.list", "/opt/shared\n");
        tree.Copy("/bin/true", "child/usr/bin/mine");
        File.SetUnixFileMode(tree["child/usr/bin/mine"], File.GetUnixFileMode("/bin/true") | UnixFileMode.SetUser);
        tree.Write("child/opt/open/file", "content");
        File.SetUnixFileMode(tree["child/opt/open/file"], (UnixFileMode)0x1B6);
        File.SetUnixFileMode(tree["child/opt/open"], (UnixFileMode)0x1FF);
        Directory.CreateDirectory(tree["child/opt/scratch"]);
        File.SetUnixFileMode(tree["child/opt/scratch"], (UnixFileMode)0x3FF);
    }

    private static List<string> Found(JsonDocument document) =>
        [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("rule").GetString()} {f.GetProperty("path").GetString()}")];
}
