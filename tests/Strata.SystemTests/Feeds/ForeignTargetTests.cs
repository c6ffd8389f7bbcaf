using System.Text.Json;
using Strata.SystemTests.Layers;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Feeds;

/// <summary>Layers for a processor that this machine does not have: unpacked without any emulator, installed through one.</summary>
public sealed class ForeignTargetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Packages_for_arm64_are_unpacked_from_the_archive_and_scripts_run_through_an_emulator_that_leaves_no_trace()
    {
        var before = Registered();
        await TestFeed.ShellAsync("""
            mkdir -p "$1/empty/var/lib/dpkg/info" "$1/empty/bin"
            : > "$1/empty/var/lib/dpkg/status"
            """, _folder.Path);
        Target("empty", "type: debian, suite: bookworm, mode: unpack");
        using var unpacked = JsonDocument.Parse(await BuildAsync("empty", "aos-shell-layer", "busybox-static"));
        Assert.Equal("unpack", unpacked.RootElement[0].GetProperty("mode").GetString());

        // What was unpacked is the base of the second target: its shell runs on arm64 alone.
        await TestFeed.ShellAsync("""
            mkdir -p "$1/small/var/lib/opkg/info" "$1/small/usr/lib" "$1/small/tmp" "$1/small/proc" "$1/small/run" "$1/small/dev" "$1/small/sys"
            : > "$1/small/var/lib/opkg/status"
            tar -xzf "$2" -C "$1/small" bin
            for name in sh uname chown; do ln -s busybox "$1/small/bin/$name"; done
            """, _folder.Path, unpacked.RootElement[0].GetProperty("archive").GetString()!);
        Target("small", "type: ipk, path: feed");
        await TestFeed.MakeAsync("ipk", _folder["feed"], new("app", "1.0", "all", "", "uname -m > /usr/lib/app/made; chown 5:6 /usr/lib/app/made"));
        using var installed = JsonDocument.Parse(await BuildAsync("small", "aos-app-layer", "app"));

        var archive = installed.RootElement[0].GetProperty("archive").GetString()!;
        Assert.Equal("aarch64\n", await Tool.OutputAsync("tar", "-xzOf", archive, "usr/lib/app/made"));
        Assert.Contains(" 5/6 ", (await Tool.OutputAsync("tar", "--numeric-owner", "-tvzf", archive)).Split('\n').Single(l => l.EndsWith("made", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(before, Registered());
        await Leftovers.AssertNoneAsync(_folder["cache"]);
    }

    private static string[] Registered() => [.. Directory.EnumerateFiles("/proc/sys/fs/binfmt_misc").Order(StringComparer.Ordinal)];

    private void Target(string name, string feed) =>
        File.WriteAllText(_folder[name + ".yaml"], $"schemaVersion: 1\nname: {name}\nrootfs: {name}\narchitecture: arm64\nfeeds:\n  - {{{feed}}}\n");

    private Task<string> BuildAsync(string target, string recipe, string features)
    {
        var file = _folder[$"meta/recipes-aos-layers/{recipe}/{recipe}.bb"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\nAOS_LAYER_FEATURES += \"{features}\"\nAOS_LAYER_VERSION = \"1.0.0\"\n");
        return Tool.OutputAsync(Tool.Strata, "layer", "build", file, "--target", _folder[target + ".yaml"], "--deploy", _folder["deploy"], "--cache", _folder["cache"], "--json");
    }
}
