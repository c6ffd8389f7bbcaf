using System.Text.Json;
using Strata.SystemTests.Layers;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Feeds;

/// <summary>Layers from folders of packages as Yocto leaves them, made and judged by the tools of their formats.</summary>
public sealed class FolderFeedTests(FeedGround ground) : IClassFixture<FeedGround>
{
    private const int Refused = 3, NoSpace = 5, Cancelled = 130;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deb")]
    [InlineData("ipk")]
    [InlineData("rpm")]
    public async Task Unpacked_packages_bring_their_content_and_their_records_and_the_scripts_that_did_not_run_are_named(string kind)
    {
        using var built = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ground.Arguments(kind, "target-unpack", "aos-app-layer", kind + "/unpacked")));

        var child = built.RootElement[1];
        Assert.Equal(("unpack", 1), (child.GetProperty("mode").GetString(), child.GetProperty("packages").GetInt32()));
        Assert.Equal([kind == "rpm" ? "post" : "postinst"], child.GetProperty("skippedScripts").GetProperty("app").EnumerateArray().Select(s => s.GetString()));
        Assert.Empty(built.RootElement[0].GetProperty("skippedScripts").EnumerateObject());
        var names = await NamesAsync(kind + "/unpacked", "aos-app-layer", "2.0.0");
        Assert.Contains("usr/lib/app/data", names);
        Assert.DoesNotContain("usr/lib/app/made", names);
        Assert.DoesNotContain("usr/lib/libone/data", names);
        if (kind != "rpm") Assert.Contains(kind == "deb" ? "var/lib/dpkg/status.d/app" : "var/lib/opkg/status.d/app", names);
        Assert.Contains("usr/lib/libone/data", await NamesAsync(kind + "/unpacked", "aos-one-layer", "1.0.0"));
    }

    [Theory]
    [InlineData("ipk")]
    [InlineData("rpm")]
    public async Task Installed_packages_run_their_scripts_in_the_root(string kind)
    {
        using var built = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ground.Arguments(kind, "target-install", "aos-app-layer", kind + "/installed")));

        Assert.Equal("install", built.RootElement[1].GetProperty("mode").GetString());
        Assert.Empty(built.RootElement[1].GetProperty("skippedScripts").EnumerateObject());
        Assert.Contains("usr/lib/app/made", await NamesAsync(kind + "/installed", "aos-app-layer", "2.0.0"));
    }

    [Theory]
    [InlineData("deb", "unpack")]
    [InlineData("ipk", "unpack")]
    [InlineData("ipk", "install")]
    [InlineData("rpm", "unpack")]
    [InlineData("rpm", "install")]
    public async Task A_rebuild_from_kept_packages_gives_the_same_bytes_when_the_feed_is_gone(string kind, string mode)
    {
        var (here, there, kept) = ($"{kind}/{mode}-here", $"{kind}/{mode}-there", ground[$"{kind}/{mode}-kept"]);
        await Tool.OutputAsync("cp", "-a", ground[$"{kind}/feed"], ground[$"{kind}/{mode}-feed"]);
        ground.Target(kind, mode, ground[$"{kind}/{mode}-feed"], "moving");
        await Tool.OutputAsync(Tool.Strata, ground.Arguments(kind, $"moving-{mode}", "aos-app-layer", here, "--no-cache"));
        await Tool.OutputAsync(Tool.Strata, "layer", "vendor", kept, "aos-app-layer", "--path", ground["meta"], "--target", ground[$"{kind}/moving-{mode}"], "--cache", ground["cache"]);
        foreach (var file in Directory.EnumerateFiles(ground[$"{kind}/{mode}-feed"], "*", SearchOption.AllDirectories)) File.Delete(file);

        var arguments = ground.Arguments(kind, $"moving-{mode}", "aos-app-layer", there, "--vendor", kept);
        arguments[Array.IndexOf(arguments, "--cache") + 1] = ground[$"{kind}/{mode}-cache"];
        await Tool.OutputAsync(Tool.Strata, arguments);

        var files = Directory.EnumerateFiles(ground[here], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(ground[here], f)).ToList();
        Assert.Contains("layers/aos-app-layer/linux-amd64-2.0.0.tar.gz", files);
        foreach (var file in files)
            Assert.Equal(await File.ReadAllBytesAsync(ground[$"{here}/{file}"], Cancellation), await File.ReadAllBytesAsync(ground[$"{there}/{file}"], Cancellation));
    }

    [Theory]
    [InlineData("deb", "arm64")]
    [InlineData("ipk", "cortexa53")]
    [InlineData("rpm", "aarch64")]
    public async Task Names_that_the_feed_does_not_have_are_refused_with_the_nearest_and_with_other_machines(string kind, string foreign)
    {
        ground.Add("aos-wrong-layer", "", "libon elsewhere", "1.0.0");

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments(kind, "target-unpack", "aos-wrong-layer", kind + "/wrong"));

        Assert.Equal(Refused, code);
        Assert.Empty(output);
        Assert.Contains("package 'libon' is not in the feed", error, StringComparison.Ordinal);
        Assert.Contains("near to it are libone", error, StringComparison.Ordinal);
        Assert.Contains($"package 'elsewhere' is in the feed '{ground[kind + "/feed"]}' for {foreign} alone", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ground[kind + "/wrong"]));
    }

    [Fact]
    public async Task An_index_that_is_out_of_date_does_no_harm()
    {
        var feed = ground["ipk/dated"];
        await TestFeed.MakeAsync("ipk", feed, new("libone", "1.0-r0", "core2-64"));
        await TestFeed.MakeAsync("ipk", feed, new("gone", "1.0-r0", "core2-64"));
        await TestFeed.IndexIpkAsync(feed);
        File.Delete(feed + "/core2-64/gone_1.0-r0_core2-64.ipk");
        await TestFeed.MakeAsync("ipk", feed, new("app", "3.0", "core2-64", "libone"));
        ground.Target("ipk", "unpack", feed, "dated");
        ground.Add("aos-dated-layer", "", "app", "1.0.0");
        ground.Add("aos-gone-layer", "", "gone", "1.0.0");

        await Tool.OutputAsync(Tool.Strata, ground.Arguments("ipk", "dated-unpack", "aos-dated-layer", "ipk/dated-out"));
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments("ipk", "dated-unpack", "aos-gone-layer", "ipk/gone-out"));

        Assert.Contains("usr/lib/libone/data", await NamesAsync("ipk/dated-out", "aos-dated-layer", "1.0.0"));
        Assert.Equal(Refused, code);
        Assert.Contains("'gone' is not in the feed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_cannot_write_outside_of_the_root()
    {
        var (feed, outside) = (ground["ipk/hostile"], ground["outside"]);
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(feed);
        await TestFeed.ShellAsync("""
            work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
            mkdir -p "$work/control" "$work/first" "$work/second/usr/lib/away"
            printf 'Package: hostile\nVersion: 1.0\nArchitecture: all\nDescription: x\nMaintainer: T <t@example.org>\n' > "$work/control/control"
            mkdir -p "$work/first/usr/lib" && ln -s "$2" "$work/first/usr/lib/away"
            echo stolen > "$work/second/usr/lib/away/file"
            tar -C "$work/first" -cf "$work/data.tar" ./usr/lib/away
            tar -C "$work/second" -rf "$work/data.tar" ./usr/lib/away/file
            gzip "$work/data.tar" && tar -C "$work/control" -czf "$work/control.tar.gz" ./control
            echo 2.0 > "$work/debian-binary"
            cd "$work" && ar -crf "$1/hostile_1.0_all.ipk" ./debian-binary ./control.tar.gz ./data.tar.gz
            """, feed, outside);
        ground.Target("ipk", "unpack", feed, "hostile");
        ground.Add("aos-hostile-layer", "", "hostile", "1.0.0");

        // Inside of the root the same path lies in /tmp, where a layer may hold nothing.
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments("ipk", "hostile-unpack", "aos-hostile-layer", "ipk/hostile-out"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Equal(Refused, code);
        Assert.Contains($"{outside}/file", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task Being_stopped_while_a_script_runs_leaves_no_mounts_and_no_processes(string signal)
    {
        var feed = ground["ipk/slow-" + signal];
        await TestFeed.MakeAsync("ipk", feed, new("slow", "1.0", "all", "", "sleep 600"));
        ground.Target("ipk", "install", feed, "slow-" + signal);
        ground.Add("aos-slow-layer", "", "slow", "1.0.0");
        var arguments = ground.Arguments("ipk", $"slow-{signal}-install", "aos-slow-layer", "ipk/slow-out");
        var cache = arguments[Array.IndexOf(arguments, "--cache") + 1] = ground["slow-cache-" + signal];

        using var process = Tool.Start(Tool.Strata, arguments);
        while (!Leftovers.Processes("sleep\0600").Any()) await Task.Delay(50, Cancellation);
        await Tool.OutputAsync("kill", $"-{signal}", $"{process.Id}");
        await process.WaitForExitAsync(Cancellation);

        if (signal != "KILL") Assert.Equal(Cancelled, process.ExitCode);
        await Leftovers.AssertNoneAsync(cache, scratchToo: signal != "KILL");
        Assert.False(Directory.Exists(ground["ipk/slow-out"]));
    }

    [Fact]
    public async Task A_disk_that_fills_while_packages_are_unpacked_ends_the_build_and_leaves_nothing()
    {
        var folder = Directory.CreateDirectory(ground["full-cache"]).FullName;
        await Tool.OutputAsync("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder);
        try
        {
            var feed = ground["ipk/large"];
            await TestFeed.ShellAsync("""
                work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
                mkdir -p "$work/usr/lib/large" "$work/DEBIAN" "$1"
                head -c 2000000 /dev/zero > "$work/usr/lib/large/data"
                printf 'Package: large\nVersion: 1.0\nArchitecture: all\nDescription: x\nMaintainer: T <t@example.org>\n' > "$work/DEBIAN/control"
                dpkg-deb --root-owner-group -Zxz --build "$work" "$1/large_1.0_all.ipk"
                """, feed);
            ground.Target("ipk", "unpack", feed, "large");
            ground.Add("aos-large-layer", "", "large", "1.0.0");
            var arguments = ground.Arguments("ipk", "large-unpack", "aos-large-layer", "ipk/large-out");
            arguments[Array.IndexOf(arguments, "--cache") + 1] = folder;

            var (code, _, error) = await Tool.RunAsync(Tool.Strata, arguments);

            Assert.Equal(NoSpace, code);
            Assert.Contains("No space", error, StringComparison.OrdinalIgnoreCase);
            await Leftovers.AssertNoneAsync(folder);
            Assert.False(Directory.Exists(ground["ipk/large-out"]));
        }
        finally
        {
            await Tool.OutputAsync("umount", folder);
        }
    }

    private async Task<string[]> NamesAsync(string deploy, string layer, string version) =>
        (await Tool.OutputAsync("tar", "-tzf", ground[$"{deploy}/layers/{layer}/linux-amd64-{version}.tar.gz"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
