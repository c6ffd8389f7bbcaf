using System.Diagnostics;
using System.Text.Json;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Layers;

/// <summary>Layers from recipes, with the machine's own Debian feed.</summary>
[Collection(BuildGround.Collection)]
public sealed class LayerBuildTests(BuildGround ground)
{
    private const int Refused = 3, Unavailable = 4, NoSpace = 5, Cancelled = 130;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_builds_in_two_processes_and_folders_give_the_same_bytes()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "one", "--no-cache"));
        await Tool.OutputAsync(
            "sh",
            ["-c", "umask 077; cd /; export TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 SOURCE_DATE_EPOCH=5; exec \"$@\"", "other", Tool.Strata, .. ground.Arguments("aos-child-layer", "two", "--no-cache")]);

        var files = Directory.EnumerateFiles(ground["one"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(ground["one"], f)).ToList();
        Assert.Contains("layers/aos-child-layer/linux-amd64-2.0.0.tar.gz", files);
        Assert.Contains("layers/aos-small-layer/linux-amd64-1.0.0.tar.gz", files);
        foreach (var file in files)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(ground["one"], file), Cancellation), await File.ReadAllBytesAsync(Path.Combine(ground["two"], file), Cancellation));
        await ground.AssertCleanAsync();
    }

    [Fact]
    public async Task A_second_run_takes_every_layer_from_the_cache()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "first"));
        using var second = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "second")));

        Assert.Equal(2, second.RootElement.GetArrayLength());
        Assert.All(second.RootElement.EnumerateArray(), layer => Assert.True(layer.GetProperty("wasCached").GetBoolean()));
    }

    [Fact]
    public async Task A_child_holds_its_own_packages_and_names_its_parents_content()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "described"));
        var parent = LayerDescriptionJson.Read(await File.ReadAllBytesAsync(ground["described/layers/aos-small-layer/layer.json"], Cancellation));
        var child = LayerDescriptionJson.Read(await File.ReadAllBytesAsync(ground["described/layers/aos-child-layer/layer.json"], Cancellation));

        Assert.Equal(["libyaml-0-2", "media-types"], parent.Libraries.Select(l => l.Name));
        Assert.Equal(["libexpat1"], child.Libraries.Select(l => l.Name));
        Assert.Contains("libexpat.so.1", child.Libraries[0].Sonames);
        Assert.Equal(parent.Archive.DiffId, child.Parent!.DiffId);
        using var bill = JsonDocument.Parse(await File.ReadAllBytesAsync(ground["described/layers/aos-child-layer/sbom.spdx.json"], Cancellation));
        Assert.Equal(["aos-child-layer", "libexpat1"], bill.RootElement.GetProperty("packages").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(parent.Base, child.Base);
        Assert.Equal("small", parent.Codename);

        await using var file = File.OpenRead(ground["described/layers/aos-child-layer/linux-amd64-2.0.0.tar.gz"]);
        var inspected = await LayerInspector.InspectFileAsync(file, null, Cancellation);
        Assert.Equal((child.Archive.Digest, child.Archive.DiffId, child.Archive.Size), (inspected.Digest, inspected.DiffId, inspected.Size));
        Assert.Equal((child.Archive.Entries, child.Archive.UnpackedSize), (inspected.Content.Entries, inspected.Content.UnpackedSize));
        Assert.Equal(child.Libraries, inspected.Content.Libraries);
        Assert.Equal(["amd64"], inspected.Content.Architectures);
    }

    [Fact]
    public async Task Two_sibling_layers_write_no_file_in_common()
    {
        // Each runs ldconfig and sets an alternative, as dozens of packages do.
        ground.Add("aos-one-layer", "", "libyaml less", "1.0.0");
        ground.Add("aos-two-layer", "", "libexpat1 ed", "1.0.0");
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-one-layer", "siblings"));
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-two-layer", "siblings-too"));
        var one = await FilesAsync(ground["siblings/layers/aos-one-layer/linux-amd64-1.0.0.tar.gz"]);
        var two = await FilesAsync(ground["siblings-too/layers/aos-two-layer/linux-amd64-1.0.0.tar.gz"]);

        Assert.Contains("var/lib/dpkg/status.d/less", one);
        Assert.Contains("etc/alternatives/pager", one);
        Assert.Contains("var/lib/dpkg/status.d/ed", two);
        Assert.Contains("etc/alternatives/editor", two);
        Assert.Empty(one.Intersect(two));
        var described = LayerDescriptionJson.Read(await File.ReadAllBytesAsync(ground["siblings-too/layers/aos-two-layer/layer.json"], Cancellation));
        Assert.Equal(["ed", "libexpat1"], described.Libraries.Where(library => library.Type == "deb").Select(library => library.Name));

        static async Task<string[]> FilesAsync(string layer) =>
            [.. (await Tool.OutputAsync("tar", "-tzf", layer)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => !name.EndsWith('/'))];
    }

    [Fact]
    public async Task Unknown_packages_are_all_refused_where_the_recipe_names_them()
    {
        var recipe = ground.Add("aos-unknown-layer", "", "libexpat1 python3-reqests no-such-thing-at-all", "1.0.0");

        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments(recipe, "unknown"));

        Assert.Equal(Refused, code);
        Assert.Empty(output);
        Assert.Contains($"{recipe}:4:5: package 'python3-reqests' is not in the feed 'bookworm'; near to it are python3-requests", error, StringComparison.Ordinal);
        Assert.Contains($"{recipe}:5:5: package 'no-such-thing-at-all'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ground["unknown"]));
        await ground.AssertCleanAsync();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Being_stopped_while_packages_install_leaves_no_mounts_and_a_second_run_works(string signal)
    {
        var deploy = "stopped-" + signal;
        using (var process = Tool.Start(Tool.Strata, ground.Arguments("aos-child-layer", deploy, "--no-cache")))
        {
            while (await process.StandardError.ReadLineAsync(Cancellation) is { } line && !line.Contains("installing", StringComparison.Ordinal)) { }
            await Task.Delay(300, Cancellation);
            Assert.False(process.HasExited);
            await Tool.OutputAsync("kill", $"-{signal}", $"{process.Id}");
            await process.WaitForExitAsync(Cancellation);
            if (signal != "KILL") Assert.Equal(Cancelled, process.ExitCode);
        }
        await ground.AssertCleanAsync(scratchToo: signal != "KILL");
        Assert.False(Directory.Exists(ground[deploy]));

        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", deploy));
        await ground.AssertCleanAsync();
    }

    [Fact]
    public async Task A_feed_that_is_not_reached_is_said_to_be_so()
    {
        var arguments = ground.Arguments("aos-small-layer", "offline");
        arguments[Array.IndexOf(arguments, "--cache") + 1] = ground["empty-cache"];

        var (code, _, error) = await Tool.RunAsync("unshare", ["--net", Tool.Strata, .. arguments]);

        Assert.Equal(Unavailable, code);
        Assert.Contains("The package feed 'bookworm' was not reached", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ground["offline"]));
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_in_the_deploy_folder()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-small-layer", "roomy"));
        var folder = Directory.CreateDirectory(ground["tight"]).FullName;
        await Tool.OutputAsync("mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", folder);
        try
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments("aos-small-layer", "tight"));
            Assert.Equal(NoSpace, code);
            Assert.Contains("No space", error, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));

            (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "init", ground["tight/target"], "--cache", ground.Cache);
            Assert.Equal(NoSpace, code);
            Assert.Contains("No space is left: ", error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            await Tool.OutputAsync("umount", folder);
        }

        await File.WriteAllTextAsync(ground["taken"], "", TestContext.Current.CancellationToken);
        Assert.Contains("is missing, or is a file", (await Tool.RunAsync(Tool.Strata, ground.Arguments("aos-small-layer", "taken"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_two_recipes_of_the_samples_are_read()
    {
        var samples = Path.Combine(Strata.Tests.Building.Repository.Root, "samples");
        using var shown = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "recipe", "show", "aos-numlibs-layer", "--path", samples, "--json"));
        Assert.Equal("aos-pylibs-layer", shown.RootElement.GetProperty("AOS_PARENT_LAYER").GetString());
        Assert.Contains("python3-numpy", shown.RootElement.GetProperty("AOS_LAYER_FEATURES").EnumerateArray().Select(f => f.GetString()));
    }
}
