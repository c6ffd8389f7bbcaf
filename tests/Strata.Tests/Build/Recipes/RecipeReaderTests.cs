using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Recipes;

public sealed class RecipeReaderTests : IDisposable
{
    private const string Base = "require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\n";
    private readonly MetaLayer _meta = new();

    public void Dispose() => _meta.Dispose();

    [Fact]
    public void The_recipe_of_the_seed_gives_its_values()
    {
        var recipe = _meta.Read("""
            SUMMARY = "Description of your layer"
            require recipes-aos-layers/aos-base-layer/aos-base-layer.inc
            AOS_LAYER_FEATURES += " \
                python3 \
                python3-six \
            "
            AOS_LAYER_VERSION = "1.2.0"
            """);
        Assert.Equal("aos-x-layer", recipe.Name);
        Assert.Equal("x", recipe.Codename);
        Assert.Equal("1.0", recipe.Version);
        Assert.Equal("Description of your layer", recipe.Summary);
        Assert.Equal("aos-image", recipe.BaseImage);
        Assert.Equal("aos-image", recipe.ParentLayer);
        Assert.False(recipe.HasParentLayer);
        Assert.Equal("1.2.0", recipe.LayerVersion);
        Assert.Equal(["python3", "python3-six"], recipe.Features);
        Assert.Equal(5, recipe.Where("AOS_LAYER_FEATURES", "python3-six").Line);
        Assert.Equal(5, recipe.Where("AOS_LAYER_FEATURES", "python3-six").Column);
    }

    [Fact]
    public void A_recipe_that_sets_nothing_has_the_defaults()
    {
        var recipe = _meta.Read(Base);
        Assert.Equal(("aos-x-layer version 1.0-r0", "1.0.0", 0), (recipe.Summary, recipe.LayerVersion, recipe.Features.Count));
    }

    [Fact]
    public void Name_and_version_come_from_the_file_name()
    {
        var recipe = MetaLayer.ReadFile(_meta.Add("recipes-aos-layers/lib/lib_2.5_r3.bb", Base + "SUMMARY = \"${PN} ${PV} ${PR} ${P}\"\n"));
        // openembedded-core sets PR outright; the name's third part is not taken.
        Assert.Equal("lib 2.5 r0 lib-2.5", recipe.Summary);
    }

    [Fact]
    public void A_child_starts_from_what_its_parents_recipe_says()
    {
        _meta.AddLayer("aos-parent-layer", Base + "AOS_LAYER_FEATURES += \"one\"\nAOS_LAYER_VERSION = \"3.0.0\"\n");
        var child = _meta.AddLayer("aos-child-layer", """
            AOS_PARENT_LAYER = "aos-parent-layer"
            require recipes-aos-layers/aos-parent-layer/aos-parent-layer.bb
            AOS_LAYER_FEATURES += "two"
            AOS_LAYER_VERSION = "1.0.0"
            """);
        var read = Assert.IsType<RecipeReading.Read>(RecipeReader.Read(child, new()));
        Assert.Equal(["one", "two"], read.Recipe.Features);
        Assert.Equal("1.0.0", read.Recipe.LayerVersion);
        Assert.Equal(["aos-parent-layer", "aos-child-layer"], read.Lineage.Select(r => r.Name));
        Assert.Equal("3.0.0", read.Lineage[0].LayerVersion);
    }

    [Fact]
    public void A_base_include_on_the_path_comes_before_the_built_in_one()
    {
        _meta.Add(BuiltInFiles.BaseInclude, "AOS_BASE_IMAGE = \"my-image\"\nAOS_PARENT_LAYER ??= \"${AOS_BASE_IMAGE}\"\n");
        Assert.Equal("my-image", _meta.Read(Base).ParentLayer);
    }

    [Fact]
    public void A_plain_setting_gives_way_to_the_recipe_and_one_for_its_name_wins()
    {
        const string text = Base + "AOS_LAYER_VERSION = \"1.0.0\"\nAOS_LAYER_FEATURES = \"a b\"\n";
        Assert.Equal("1.0.0", _meta.Read(text, "AOS_LAYER_VERSION=9.0.0").LayerVersion);
        var changed = _meta.Read(text, "AOS_LAYER_VERSION:pn-aos-x-layer=1.1.0", "AOS_LAYER_FEATURES:append:pn-aos-x-layer= c", "AOS_LAYER_FEATURES:remove=a");
        Assert.Equal("1.1.0", changed.LayerVersion);
        Assert.Equal(["b", "c"], changed.Features);
    }

    [Fact]
    public void Functions_tasks_and_python_are_skipped()
    {
        var recipe = _meta.Read(Base + """
            do_install() {
                AOS_LAYER_VERSION = "6.6.6"
            }
            python do_more () {
                d.setVar("AOS_LAYER_VERSION", "6.6.6")
            }
            def helper(d):
                AOS_LAYER_VERSION = "6.6.6"

            do_install:append() {
                exit 1
            }
            addtask more after do_install
            AOS_LAYER_VERSION = "2.0.0"
            """);
        Assert.Equal("2.0.0", recipe.LayerVersion);
    }

    [Fact]
    public void Every_mistake_is_reported_with_its_place_in_one_run()
    {
        _meta.Add("recipes-aos-layers/inner.inc", "\nrequire nowhere.inc\n");
        var file = _meta.AddLayer("aos-x-layer", """
            SUMMARY = no quotes
            require recipes-aos-layers/inner.inc
            what is this
            AOS_LAYER_VERSION = "${AOS_LAYER_VERSION}"
            """);
        var mistakes = MetaLayer.Refusal(file);
        Assert.Equal(4, mistakes.Count);
        Assert.Equal(new SourcePosition(file, 1, 1), mistakes[0].At);
        Assert.Contains("quotes", mistakes[0].Message, StringComparison.Ordinal);
        Assert.Equal(3, mistakes[1].At.Line);
        Assert.Equal((2, 9), (mistakes[2].At.Line, mistakes[2].At.Column));
        Assert.EndsWith("inner.inc", mistakes[2].At.File, StringComparison.Ordinal);
        Assert.Equal(new SourcePosition(file, 2, 9), Assert.Single(mistakes[2].Chain));
        Assert.Contains("refers to itself", mistakes[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_requires_is_refused_with_the_chain()
    {
        _meta.Add("recipes-aos-layers/a.inc", "require recipes-aos-layers/b.inc\n");
        _meta.Add("recipes-aos-layers/b.inc", "require recipes-aos-layers/a.inc\n");
        var mistake = Assert.Single(MetaLayer.Refusal(_meta.AddLayer("aos-x-layer", "require recipes-aos-layers/a.inc\n")));
        Assert.Matches("a\\.inc -> .*b\\.inc -> .*a\\.inc", mistake.Message);
        Assert.EndsWith("b.inc", mistake.At.File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_parents_is_refused_with_the_chain()
    {
        _meta.AddLayer("one", Base + "AOS_PARENT_LAYER = \"two\"\n");
        var two = _meta.AddLayer("two", Base + "AOS_PARENT_LAYER = \"one\"\n");
        Assert.Contains("two -> one -> two", Assert.Single(MetaLayer.Refusal(two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_parent_is_refused_where_it_is_named_with_the_nearest_name()
    {
        _meta.AddLayer("aos-pylibs-layer", Base);
        var file = _meta.AddLayer("aos-x-layer", Base + "AOS_PARENT_LAYER = \"aos-pylib-layer\"\n");
        var mistake = Assert.Single(MetaLayer.Refusal(file));
        Assert.Equal(new SourcePosition(file, 2, 21), mistake.At);
        Assert.Contains("aos-pylibs-layer", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_nowhere_is_noted_and_passed_over()
    {
        var note = Assert.Single(_meta.Read(Base + "inherit nowhere\n").Notes);
        Assert.Contains("nowhere", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inline_python_in_a_value_that_counts_is_refused_by_name()
    {
        var mistake = Assert.Single(MetaLayer.Refusal(_meta.AddLayer("aos-x-layer", Base + "AOS_LAYER_VERSION = \"1.${@subprocess.run('x')}\"\n")));
        Assert.Contains("'subprocess' is not supported", mistake.Message, StringComparison.Ordinal);
        Assert.Equal((2, 24), (mistake.At.Line, mistake.At.Column));
    }

    [Fact]
    public void A_recipe_file_that_is_not_there_is_refused() =>
        Assert.Contains("no such recipe", Assert.Single(MetaLayer.Refusal(Path.Combine(_meta.Root, "none.bb"))).Message, StringComparison.Ordinal);

    [Fact]
    public void With_strict_a_class_that_is_nowhere_is_refused_where_it_is_inherited()
    {
        var file = _meta.AddLayer("aos-x-layer", Base + "inherit nowhere\n");
        var refused = Assert.IsType<RecipeReading.Refused>(RecipeReader.Read(file, new() { Strict = true }));
        Assert.Equal(new SourcePosition(file, 2, 9), Assert.Single(refused.Mistakes).At);
    }

    [Fact]
    public void Python_that_would_change_a_value_is_refused()
    {
        var file = _meta.AddLayer("aos-x-layer", Base + "python () {\n    d.setVar('AOS_LAYER_VERSION', '2.0.0')\n}\n");
        var mistake = Assert.Single(MetaLayer.Refusal(file));
        Assert.Equal(2, mistake.At.Line);
        Assert.Contains("AOS_LAYER_VERSION", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${@meson_array('CC', d)}", "meson_array")]
    [InlineData("${@bb.utils.vercmp_string('1', '2')}", "bb.utils.vercmp_string")]
    [InlineData("${@d.keys()}", "d.keys")]
    [InlineData("${@'x'.center(9)}", "center")]
    [InlineData("${@open('/etc/passwd').read()}", "open")]
    [InlineData("${@f'{1}'}", "f'...'")]
    [InlineData("${@(lambda: 'x')()}", "lambda")]
    [InlineData("${@{'a': 1}['a']}", "dictionaries")]
    [InlineData("${@2 ** 3}", "**")]
    [InlineData("${@' '.join({'a', 'b'})}", "sorted")]
    [InlineData("${@'x' * 100000000}", "more than")]
    public void Inline_python_that_is_not_known_is_refused_by_its_name(string value, string name)
    {
        var mistake = Assert.Single(MetaLayer.Refusal(_meta.AddLayer("aos-x-layer", Base + $"SUMMARY = \"a {value}\"\n")));
        Assert.Contains(name, mistake.Message, StringComparison.Ordinal);
        Assert.Equal((2, 14), (mistake.At.Line, mistake.At.Column));
    }

    [Fact]
    public void Inline_python_in_a_branch_that_is_not_taken_is_left_alone() =>
        Assert.Equal("yes", _meta.Read(Base + "SUMMARY = \"${@'yes' if True else meson_array('CC', d)}\"\n").Summary);

    [Theory]
    [InlineData("A = \"${B}${B}\"", "grows beyond")]
    [InlineData("A = \"${@'$' + '{A' + '}x'}\"", "refers to itself")]
    public void Values_that_feed_each_other_come_to_an_end(string text, string complaint)
    {
        var doubling = string.Concat(Enumerable.Range(0, 40).Select(i => $"V{i} = \"${{V{i + 1}}}${{V{i + 1}}}\"\n"));
        var mistake = MetaLayer.Refusal(_meta.AddLayer("aos-x-layer", $"{Base}{doubling}V40 = \"0123456789\"\nB = \"${{V0}}\"\n{text}\nSUMMARY = \"${{A}}\"\n"))[0];
        Assert.Contains(complaint, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_references_without_end_is_refused()
    {
        var chain = string.Concat(Enumerable.Range(0, 5000).Select(i => $"V{i} = \"${{V{i + 1}}}\"\n"));
        Assert.Contains("deep", MetaLayer.Refusal(_meta.AddLayer("aos-x-layer", $"{Base}{chain}SUMMARY = \"${{V0}}\"\n"))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fault_of_a_value_is_reported_where_its_text_stands()
    {
        var file = _meta.AddLayer("aos-x-layer", Base + "A = \"x ${@nothing()}\"\nSUMMARY = \"${A}\"\n");
        var mistake = Assert.Single(MetaLayer.Refusal(file));
        Assert.Equal(new SourcePosition(file, 2, 8), mistake.At);
        Assert.Contains("SUMMARY needs A", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void INHERIT_of_the_build_reads_classes_of_the_path()
    {
        _meta.Add("classes-global/site.bbclass", "AOS_LAYER_VERSION ?= \"5.0.0\"\n");
        Assert.Equal("5.0.0", _meta.Read(Base, "INHERIT=site").LayerVersion);
    }

    [Fact]
    public void The_image_of_the_path_counts_for_its_layers()
    {
        _meta.Add("recipes-core/images/my-image.bb", "SUMMARY = \"the image\"\nLICENSE = \"GPL-2.0-only\"\n");
        var recipe = _meta.Read("SUMMARY = \"lost\"\n" + Base, "AOS_BASE_IMAGE=my-image");
        Assert.Equal(("the image", "GPL-2.0-only"), (recipe.Summary, recipe.License));
    }
}
