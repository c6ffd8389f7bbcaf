using Strata.SystemTests.Running;

namespace Strata.SystemTests.Layers;

/// <summary>The commands around a layer, on what a build leaves.</summary>
[Collection(BuildGround.Collection)]
public sealed class BuiltLayerTests(BuildGround ground) : IAsyncLifetime
{
    private const int Refused = 3;

    private string Child => ground["looked/layers/aos-child-layer/linux-amd64-2.0.0.tar.gz"];

    private string Parent => ground["looked/layers/aos-small-layer/linux-amd64-1.0.0.tar.gz"];

    public async ValueTask InitializeAsync() => await Tool.OutputAsync(Tool.Strata, ground.Arguments("aos-child-layer", "looked"));

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task What_a_build_leaves_is_what_its_descriptions_say_in_every_document()
    {
        var said = await VerifyAsync(ground["looked"], "--target", ground["target"]);
        Assert.Contains("aos-child-layer 2.0.0: is what its layer.json says", said, StringComparison.Ordinal);
        Assert.Contains("aos-small-layer 1.0.0: is what its layer.json says", said, StringComparison.Ordinal);
        Assert.DoesNotContain("canonical form: no", said, StringComparison.Ordinal);
        await VerifyAsync(Child, "--parent", Parent);

        var sbom = ground["looked/layers/aos-child-layer/linux-amd64-2.0.0.sbom.cdx.json"];
        var whole = await File.ReadAllTextAsync(sbom, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(sbom, whole + " ", TestContext.Current.CancellationToken);
        try
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, "layer", "verify", Child, "--cache", ground.Cache);
            Assert.Equal(Refused, code);
            Assert.Contains("sbom.cdx.json is sha256:", error, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(sbom, whole, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_layer_that_is_built_again_from_recipe_and_lock_has_the_same_diff_id()
    {
        await VerifyAsync(Child, "--target", ground["target"], "--rebuild", "aos-child-layer", "--path", ground["meta"]);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "layer", "verify", Child, "--target", ground["target"], "--rebuild", "aos-small-layer", "--path", ground["meta"], "--cache", ground.Cache);
        Assert.Equal(Refused, code);
        Assert.Contains("builds aos-small-layer, and not aos-child-layer", error, StringComparison.Ordinal);
        await ground.AssertCleanAsync();
    }

    [Fact]
    public async Task A_program_inside_the_mounted_stack_finds_the_libraries_of_layer_parent_and_base()
    {
        var seen = await Tool.OutputAsync(
            Tool.Strata, "layer", "mount", Child, "--target", ground["target"], "--cache", ground.Cache, "--",
            "sh", "-c", "ls /usr/lib/x86_64-linux-gnu/libexpat.so.1 /usr/lib/x86_64-linux-gnu/libyaml-0.so.2 /usr/lib/x86_64-linux-gnu/libc.so.6; ls -A /var /etc; touch /usr/x 2>/dev/null || echo read-only");
        Assert.Contains("/usr/lib/x86_64-linux-gnu/libexpat.so.1\n", seen, StringComparison.Ordinal);
        Assert.Contains("/usr/lib/x86_64-linux-gnu/libyaml-0.so.2\n", seen, StringComparison.Ordinal);
        Assert.Contains("read-only", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", seen, StringComparison.Ordinal);
        await ground.AssertCleanAsync();
    }

    private Task<string> VerifyAsync(string layer, params string[] more) => Tool.OutputAsync(Tool.Strata, ["layer", "verify", layer, "--cache", ground.Cache, .. more]);
}
