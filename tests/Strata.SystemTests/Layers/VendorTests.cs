using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Layers;

/// <summary>Packages that are kept, and layers that are built from them when there is no feed any more.</summary>
[Collection(BuildGround.Collection)]
public sealed class VendorTests(BuildGround ground)
{
    private const int Usage = 2, Refused = 3, Unavailable = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_from_kept_packages_needs_no_feed_and_gives_the_same_bytes()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "from-feed"));
        await VendorAsync("aos-child-layer", "kept");

        var (code, _, error) = await WithoutFeedAsync("aos-child-layer", "kept", "from-kept", "fresh-cache");

        Assert.True(code == 0, error);
        var files = Directory.EnumerateFiles(ground["from-feed"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(ground["from-feed"], f)).ToList();
        Assert.Contains("layers/aos-child-layer/linux-amd64-2.0.0.tar.gz", files);
        foreach (var file in files)
            Assert.Equal(await File.ReadAllBytesAsync(ground["from-feed/" + file], Cancellation), await File.ReadAllBytesAsync(ground["from-kept/" + file], Cancellation));
    }

    [Fact]
    public async Task A_lock_pins_every_package_by_digest_and_pool_path_and_names_no_host()
    {
        await VendorAsync("aos-child-layer", "pinned");

        var text = await File.ReadAllTextAsync(ground["pinned/layers/aos-small-layer/packages.lock"], Cancellation);
        using var locked = JsonDocument.Parse(text);
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.Equal("install", locked.RootElement.GetProperty("mode").GetString());
        foreach (var package in locked.RootElement.GetProperty("packages").EnumerateArray())
        {
            var path = package.GetProperty("path").GetString()!;
            Assert.StartsWith("pool/", path, StringComparison.Ordinal);
            var sum = await Tool.OutputAsync("sha256sum", ground["pinned/packages/" + path]);
            Assert.Equal(package.GetProperty("sha256").GetString(), "sha256:" + sum[..64]);
        }
    }

    [Fact]
    public async Task A_kept_package_that_was_changed_or_lost_is_not_installed()
    {
        await VendorAsync("aos-small-layer", "changed");
        var package = Directory.EnumerateFiles(ground["changed/packages"], "libyaml*", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(package, Cancellation);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(package, bytes, Cancellation);

        var (code, _, error) = await WithoutFeedAsync("aos-small-layer", "changed", "from-changed", "changed-cache");
        Assert.Equal(Unavailable, code);
        Assert.Contains("libyaml-0-2", error, StringComparison.Ordinal);
        Assert.Contains("is not what was promised", error, StringComparison.Ordinal);

        File.Delete(package);
        (code, _, error) = await WithoutFeedAsync("aos-small-layer", "changed", "from-changed", "changed-cache");
        Assert.Equal(Unavailable, code);
        Assert.Contains("does not hold libyaml-0-2", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ground["from-changed"]));
    }

    [Fact]
    public async Task A_lock_that_was_made_for_another_recipe_is_refused_with_both()
    {
        var recipe = ground.Add("aos-growing-layer", "", "libexpat1", "1.0.0");
        await VendorAsync(recipe, "outgrown");
        ground.Add("aos-growing-layer", "", "libexpat1 media-types", "1.0.0");

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments(recipe, "grown", "--locked", ground["outgrown"]));

        Assert.Equal(Refused, code);
        Assert.Contains("asks for libexpat1 media-types, and the lock was made for libexpat1", error, StringComparison.Ordinal);
        Assert.Contains(ground["outgrown/layers/aos-growing-layer/packages.lock"], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_locks_of_a_deploy_folder_pin_the_next_build()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-small-layer", "pinning"));
        using var built = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-small-layer", "pinned-build", "--locked", ground["pinning"], "--no-cache")));

        Assert.Equal("install", built.RootElement[0].GetProperty("mode").GetString());
        Assert.Equal(
            await File.ReadAllBytesAsync(ground["pinning/layers/aos-small-layer/packages.lock"], Cancellation),
            await File.ReadAllBytesAsync(ground["pinned-build/layers/aos-small-layer/packages.lock"], Cancellation));

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, ground.Arguments("aos-small-layer", "pinned-build", "--locked", ground["pinning"], "--refresh"));
        Assert.Equal(Usage, code);
        Assert.Contains("leave out --refresh", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_that_a_build_writes_names_the_parent_and_can_be_signed()
    {
        await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "signable"));
        var pki = new TestPki(ground["signable-pki"]);

        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", ground["signable/layers/config.yaml"], "--key", pki.PathOf(PkiFiles.OemUser));

        var text = await File.ReadAllTextAsync(ground["signable/layers/config.yaml"], Cancellation);
        Assert.Contains("codename: \"small\"\n        versions: \"=1.0.0\"\n", text, StringComparison.Ordinal);
    }

    private Task<string> VendorAsync(string recipe, string folder) =>
        Tool.OutputAsync(Tool.Strata, "layer", "vendor", ground[folder], recipe, "--path", ground["meta"], "--target", ground["target"], "--cache", ground.Cache);

    // Neither the network nor a cache of lists and packages.
    private Task<(int Code, string Output, string Error)> WithoutFeedAsync(string recipe, string vendor, string deploy, string cache)
    {
        var arguments = ground.Arguments(recipe, deploy, "--vendor", ground[vendor]);
        arguments[Array.IndexOf(arguments, "--cache") + 1] = ground[cache];
        return Tool.RunAsync("unshare", ["--net", Tool.Strata, .. arguments]);
    }
}
