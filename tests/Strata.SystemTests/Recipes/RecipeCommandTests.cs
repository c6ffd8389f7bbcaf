using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Recipes;

public sealed class RecipeCommandTests : IDisposable
{
    private const int Ok = 0, Usage = 2, Refused = 3;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_recipe_passes_the_check_and_shows_its_values()
    {
        await Tool.OutputAsync(Tool.Strata, "recipe", "new", "aos-one-layer", "--dir", _folder.Path);
        await Tool.OutputAsync(Tool.Strata, "recipe", "new", "aos-two-layer", "--parent", "aos-one-layer", "--dir", _folder.Path);
        var file = _folder["recipes-aos-layers/aos-two-layer/aos-two-layer.bb"];

        await Tool.OutputAsync(Tool.Strata, "recipe", "check", _folder["recipes-aos-layers/aos-one-layer/aos-one-layer.bb"], file, "--strict");
        using var shown = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "recipe", "show", file, "--json", "--trace", "--set", "AOS_LAYER_FEATURES:append:pn-aos-two-layer= curl"));

        Assert.Equal("aos-one-layer", shown.RootElement.GetProperty("AOS_PARENT_LAYER").GetString());
        Assert.Equal("curl", Assert.Single(shown.RootElement.GetProperty("AOS_LAYER_FEATURES").EnumerateArray()).GetString());
        var version = Assert.Single(shown.RootElement.GetProperty("trace").GetProperty("AOS_LAYER_VERSION").EnumerateArray());
        Assert.Equal((file, 10, "="), (version.GetProperty("file").GetString(), version.GetProperty("line").GetInt32(), version.GetProperty("operator").GetString()));
    }

    [Fact]
    public async Task A_recipe_that_is_there_is_never_written_over()
    {
        await Tool.OutputAsync(Tool.Strata, "recipe", "new", "aos-one-layer", "--dir", _folder.Path);
        await File.WriteAllTextAsync(_folder["recipes-aos-layers/aos-one-layer/aos-one-layer.bb"], "mine", TestContext.Current.CancellationToken);

        Assert.Equal(Refused, (await Tool.RunAsync(Tool.Strata, "recipe", "new", "aos-one-layer", "--dir", _folder.Path)).Code);
        Assert.Equal(Usage, (await Tool.RunAsync(Tool.Strata, "recipe", "new", "../escape", "--dir", _folder.Path)).Code);
        Assert.Equal(Usage, (await Tool.RunAsync(Tool.Strata, "recipe", "new", "aos-two-layer", "--dir", _folder["nowhere"])).Code);
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "recipe", "show", _folder.Path);
        Assert.Equal(Refused, code);
        Assert.Contains("this is a folder; name a .bb file in it", error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["recipes-aos-layers/aos-one-layer/aos-one-layer.bb"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Findings_have_places_and_decide_the_exit_code()
    {
        var file = _folder["x.bb"];
        await File.WriteAllTextAsync(file, "require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\nSUMMARY = \"x\"\nAOS_LAYER_FEATURES = \"a a\"\n", TestContext.Current.CancellationToken);

        var (lenient, _, _) = await Tool.RunAsync(Tool.Strata, "recipe", "check", file);
        var (strict, output, _) = await Tool.RunAsync(Tool.Strata, "recipe", "check", file, "--strict", "--json");

        Assert.Equal((Ok, Refused), (lenient, strict));
        using var document = JsonDocument.Parse(output);
        var finding = Assert.Single(document.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(("duplicate-feature", "warning", 3), (finding.GetProperty("rule").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task What_was_passed_over_is_noted_and_refused_with_strict()
    {
        var file = _folder["x.bb"];
        await File.WriteAllTextAsync(file, "LICENSE = \"MIT\"\ninherit nowhere\n", TestContext.Current.CancellationToken);

        var (lenient, _, note) = await Tool.RunAsync(Tool.Strata, "recipe", "show", file);
        var (strict, _, refusal) = await Tool.RunAsync(Tool.Strata, "recipe", "show", file, "--strict");

        Assert.Equal((Ok, Refused), (lenient, strict));
        Assert.Contains($"{file}:2:9", note, StringComparison.Ordinal);
        Assert.Contains($"{file}:2:9", refusal, StringComparison.Ordinal);
    }
}
