using Strata.Build.Recipes;
using Strata.Tests.Building;
using Xunit;

namespace Strata.Tests.Build.Recipes;

public sealed class RecipeLintTests : IDisposable
{
    private const string Base = "require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\nSUMMARY = \"s\"\n";
    private readonly MetaLayer _meta = new();

    public void Dispose() => _meta.Dispose();

    [Theory]
    [InlineData("AOS_LAYER_VERSION = \"1.0\"\n", "version-not-semver", true, 3, 22)]
    [InlineData("AOS_LAYER_FEATURES += \"a b a\"\n", "duplicate-feature", false, 3, 24)]
    [InlineData("AOS_LAYER_WHITEOUTS = \"/ok etc/motd\"\n", "whiteout-not-absolute", true, 3, 28)]
    [InlineData("AOS_LAYER_WHITEOUTS = \"/etc/../x\"\n", "whiteout-escapes", true, 3, 24)]
    [InlineData("AOS_LAYER_WHITEOUTS = \"/etc/*.conf\"\n", "whiteout-pattern", true, 3, 24)]
    [InlineData("LICENSE = \"INVALID\"\n", "no-license", true, 0, 0)]
    [InlineData("inherit nowhere\n", "class-not-found", false, 3, 9)]
    [InlineData("A = unquoted\n", "unreadable", true, 3, 1)]
    public void A_rule_finds_its_fault_where_it_is_written(string text, string rule, bool isError, int line, int column)
    {
        var finding = Assert.Single(RecipeLint.Check(_meta.AddLayer("aos-x-layer", Base + text), new()));
        Assert.Equal((rule, isError, line, column), (finding.Rule, finding.IsError, finding.Mistake.At.Line, finding.Mistake.At.Column));
    }

    [Fact]
    public void A_recipe_without_summary_is_warned_of() =>
        Assert.Equal("no-summary", Assert.Single(RecipeLint.Check(_meta.AddLayer("aos-x-layer", "require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\n"), new())).Rule);

    [Fact]
    public void A_summary_above_the_require_that_sets_it_again_is_warned_of()
    {
        _meta.AddLayer("aos-parent-layer", Base);
        var file = _meta.AddLayer("aos-x-layer", "AOS_PARENT_LAYER = \"aos-parent-layer\"\nSUMMARY = \"mine\"\nrequire recipes-aos-layers/aos-parent-layer/aos-parent-layer.bb\n");
        var finding = Assert.Single(RecipeLint.Check(file, new()));
        Assert.Equal(("overridden-by-require", 2), (finding.Rule, finding.Mistake.At.Line));
        Assert.Contains("aos-parent-layer.bb:2:1", finding.Mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_that_the_parent_brings_is_warned_of()
    {
        _meta.AddLayer("aos-parent-layer", Base + "AOS_LAYER_FEATURES += \"one\"\n");
        var file = _meta.AddLayer("aos-x-layer", "AOS_PARENT_LAYER = \"aos-parent-layer\"\nrequire recipes-aos-layers/aos-parent-layer/aos-parent-layer.bb\nSUMMARY = \"x\"\nAOS_LAYER_FEATURES += \"two one\"\n");
        Assert.Equal(["duplicate-feature", "feature-in-parent"], RecipeLint.Check(file, new()).Select(f => f.Rule));
    }

    [Theory]
    [InlineData("AOS_PARENT_LAYER = \"aos-parent-layer\"\n" + Base, "parent-not-required")]
    [InlineData("require recipes-aos-layers/aos-parent-layer/aos-parent-layer.bb\nSUMMARY = \"x\"\n", "parent-not-named")]
    public void A_parent_and_the_required_recipe_have_to_be_the_same(string text, string rule)
    {
        _meta.AddLayer("aos-parent-layer", Base);
        Assert.Equal(rule, Assert.Single(RecipeLint.Check(_meta.AddLayer("aos-x-layer", text), new())).Rule);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("aos-parent-layer")]
    public void A_starter_is_without_fault(string? parent)
    {
        _meta.AddLayer("aos-parent-layer", Base);
        var file = _meta.Add(RecipeStarter.PathOf("aos-new-layer"), RecipeStarter.Text("aos-new-layer", parent));
        Assert.Empty(RecipeLint.Check(file, new()));
        Assert.Equal(parent ?? "aos-image", MetaLayer.ReadFile(file).ParentLayer);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("with_version")]
    [InlineData("../out")]
    [InlineData("")]
    public void A_name_that_no_recipe_can_have_is_refused(string name) => Assert.NotNull(RecipeStarter.Complaint(name));

    [Fact]
    public void The_samples_and_the_examples_are_without_fault()
    {
        var folders = new[] { Path.Combine(Repository.Root, "samples"), Path.Combine(Repository.Root, "yocto", "meta-strata") };
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(folder, "recipes-aos-layers"), "*.bb", SearchOption.AllDirectories)).ToList();
        Assert.NotEmpty(files);
        var corpus = Path.Combine(Repository.Root, "tests", "Golden", "recipes", "meta-corpus");
        var around = new RecipeOptions { Paths = [corpus], Settings = ["AOS_BASE_IMAGE=corpus-image"] };
        var findings = files.SelectMany(file => RecipeLint.Check(file, around)).ToList();
        Assert.All(findings, finding => Assert.StartsWith(corpus, finding.Mistake.At.File, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_in_the_manual()
    {
        var manual = File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "recipes.md"));
        Assert.All(RecipeLint.RuleNames, rule => Assert.Contains($"`{rule}`", manual, StringComparison.Ordinal));
    }
}
