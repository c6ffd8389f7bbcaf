using System.Text.Json;
using Strata.Build.Recipes;
using Strata.Tests.Building;
using Xunit;

namespace Strata.Tests.Build.Recipes;

/// <summary>Holds the reader to what BitBake 2.8 with openembedded-core scarthgap answered; <c>scripts/golden-recipes</c> asks it again.</summary>
public sealed class GoldenRecipeTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Golden", "recipes");
    private static readonly string MetaCorpus = Path.Combine(Golden, "meta-corpus");
    private static readonly string MetaStrata = Path.Combine(Repository.Root, "yocto", "meta-strata");

    public static TheoryData<string> Recipes() => [.. Answers().Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_reader_gives_what_BitBake_gives(string recipe)
    {
        var expected = Answers().Single(a => a.Name == recipe).Answer;
        Assert.Equal(expected, Show(recipe, MetaStrata, MetaCorpus));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_built_in_base_file_and_class_give_the_same_as_those_of_the_meta_layer(string recipe) =>
        Assert.Equal(Show(recipe, MetaStrata, MetaCorpus), Show(recipe, MetaCorpus));

    [Fact]
    public void Every_recipe_of_the_corpus_has_an_answer()
    {
        var roots = new[] { MetaCorpus, MetaStrata };
        var files = roots.SelectMany(root => Directory.EnumerateFiles(root, "*.bb", SearchOption.AllDirectories).Select(file => Path.GetFileName(root) + file[root.Length..]));
        Assert.Equal(files.Order(StringComparer.Ordinal), Answers().Select(a => a.Name).Order(StringComparer.Ordinal));
    }

    private static string Show(string recipe, params string[] paths)
    {
        var file = Path.Combine(recipe.StartsWith("meta-strata/", StringComparison.Ordinal) ? Path.Combine(Repository.Root, "yocto") : Golden, recipe);
        var options = new RecipeOptions { Paths = paths, Configurations = [Path.Combine(Golden, "build.conf")] };
        return RecipeReader.Read(file, options) switch
        {
            RecipeReading.Read { Recipe: var r } => Lines(
                r.Name, r.Version, r.Summary, r.License, r.BaseImage, r.ParentLayer, r.LayerVersion, string.Join(',', r.Features), string.Join(',', r.Whiteouts)),
            _ => "refused",
        };
    }

    private static IEnumerable<(string Name, string Answer)> Answers()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Golden, "values.json")));
        return [.. document.RootElement.EnumerateObject().Select(recipe => (recipe.Name, Answer(recipe.Value)))];
    }

    private static string Answer(JsonElement recipe) => recipe.ValueKind == JsonValueKind.Null
        ? "refused"
        : Lines([.. RecipeVariables.Names.Select(name => recipe.GetProperty(name) is { ValueKind: JsonValueKind.Array } words
            ? string.Join(',', words.EnumerateArray().Select(w => w.GetString()))
            : recipe.GetProperty(name).GetString()!)]);

    private static string Lines(params string[] values) => string.Join('\n', RecipeVariables.Names.Zip(values, (name, value) => $"{name}={value}"));
}
