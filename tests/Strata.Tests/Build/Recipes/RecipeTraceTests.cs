using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Recipes;

public sealed class RecipeTraceTests : IDisposable
{
    private readonly MetaLayer _meta = new();

    public void Dispose() => _meta.Dispose();

    [Fact]
    public void A_value_names_every_statement_that_took_part_and_no_other()
    {
        _meta.Add("recipes-aos-layers/more.inc", "AOS_LAYER_FEATURES += \"two\"\nAOS_LAYER_FEATURES:append:never = \" no\"\n");
        var recipe = _meta.Read("""
            AOS_LAYER_FEATURES = "lost"
            AOS_LAYER_FEATURES = "one"
            AOS_LAYER_FEATURES ?= "not taken"
            require recipes-aos-layers/more.inc
            AOS_LAYER_FEATURES:append:pn-aos-x-layer = " ${EXTRA}"
            AOS_LAYER_FEATURES:remove = "one"
            EXTRA = "three"
            """);
        Assert.Equal(["two", "three"], recipe.Features);
        Assert.Equal(
            ["2 AOS_LAYER_FEATURES =", "1 AOS_LAYER_FEATURES +=", "5 AOS_LAYER_FEATURES:append:pn-aos-x-layer =", "6 AOS_LAYER_FEATURES:remove =", "7 EXTRA ="],
            Steps(recipe, "AOS_LAYER_FEATURES"));
        Assert.Equal(4, Assert.Single(recipe.Trace.Single(t => t.Variable == "AOS_LAYER_FEATURES").Steps.ToList()[1].Chain).Line);
    }

    [Fact]
    public void An_override_takes_the_place_of_what_it_overrides()
    {
        var recipe = _meta.Read("SUMMARY = \"plain\"\nSUMMARY:class-target = \"target\"\nSUMMARY:append = \"!\"\n");
        Assert.Equal("target!", recipe.Summary);
        Assert.Equal(["2 SUMMARY:class-target =", "3 SUMMARY:append ="], Steps(recipe, "SUMMARY"));
    }

    [Fact]
    public void A_setting_of_the_command_line_is_a_step_like_any_other()
    {
        var recipe = _meta.Read("SUMMARY = \"plain\"\n", "SUMMARY:forcevariable=forced");
        var step = Assert.Single(recipe.Trace.Single(t => t.Variable == "SUMMARY").Steps);
        Assert.Equal(("SUMMARY:forcevariable", SourcePosition.CommandLine), (step.Variable, step.At));
    }

    private static IEnumerable<string> Steps(Recipe recipe, string variable) =>
        recipe.Trace.Single(t => t.Variable == variable).Steps.Select(s => $"{s.At.Line} {s.Variable} {s.Operator}");
}
