using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Checks a recipe for what cannot be built and for what is probably not meant.</summary>
public static class RecipeLint
{
    private static readonly Func<Recipe, IReadOnlyList<Recipe>, IEnumerable<RecipeFinding>>[] Rules =
    [
        Version, Summary, License, OverriddenByRequire, Duplicates, InParent, Whiteouts, ParentAndRequire, PassedOver,
    ];

    /// <summary>The names of all rules.</summary>
    public static IReadOnlyList<string> RuleNames { get; } =
    [
        "unreadable", "version-not-semver", "whiteout-not-absolute", "whiteout-escapes", "whiteout-pattern", "no-summary", "no-license",
        "overridden-by-require", "duplicate-feature", "feature-in-parent", "parent-not-named", "parent-not-required", "class-not-found",
    ];

    /// <summary>All that is found in one recipe; every mistake of one that cannot be read.</summary>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public static IReadOnlyList<RecipeFinding> Check(string nameOrFile, RecipeOptions options) => RecipeReader.Read(nameOrFile, options with { Strict = false }) switch
    {
        RecipeReading.Read read => [.. Rules.SelectMany(rule => rule(read.Recipe, read.Lineage))],
        RecipeReading.Refused refused => [.. refused.Mistakes.Select(mistake => new RecipeFinding("unreadable", true, mistake))],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<RecipeFinding> Version(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        if (SemanticVersion.TryParse(recipe.LayerVersion, out _, out var problem)) yield break;
        yield return Error("version-not-semver", recipe.Where("AOS_LAYER_VERSION", recipe.LayerVersion), $"AOS_LAYER_VERSION: {problem}");
    }

    private static IEnumerable<RecipeFinding> Summary(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        var last = recipe.StepsOf("SUMMARY") is [.., var step] ? step.At.File : null;
        if (last is null || last == BuiltInFiles.Defaults.Path)
            yield return Warning("no-summary", new(recipe.File, 0, 0), "no SUMMARY is set; say in one line what the layer brings, for it is what people see.");
    }

    private static IEnumerable<RecipeFinding> License(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        if (recipe.License is "INVALID" or "") yield return Error("no-license", new(recipe.File, 0, 0), "no LICENSE is set, and BitBake refuses a recipe without one; set it to an SPDX expression.");
    }

    // A value that stands above the require is lost when the required file sets the variable too.
    private static IEnumerable<RecipeFinding> OverriddenByRequire(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        foreach (var lost in recipe.Lost)
        {
            yield return Warning("overridden-by-require", lost.Step.At, $"this {lost.Step.Variable} does not count, for {lost.By.At} sets it again later; move it below the require.");
        }
    }

    private static IEnumerable<RecipeFinding> Duplicates(Recipe recipe, IReadOnlyList<Recipe> lineage) =>
        from feature in recipe.Features.GroupBy(f => f, StringComparer.Ordinal)
        where feature.Count() > 1
        select Warning("duplicate-feature", recipe.Where("AOS_LAYER_FEATURES", feature.Key), $"'{Quote.Short(feature.Key)}' is named {feature.Count()} times in AOS_LAYER_FEATURES; once is enough.");

    // The child's list begins with the parent's; only what the child writes itself is superfluous.
    private static IEnumerable<RecipeFinding> InParent(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        if (lineage.Count < 2) yield break;
        var own = recipe.StepsOf("AOS_LAYER_FEATURES").Where(step => step.At.File == recipe.File);
        foreach (var word in own.SelectMany(step => DataStore.Words(step.Text)).Distinct(StringComparer.Ordinal))
        {
            if (lineage.SkipLast(1).LastOrDefault(parent => parent.Features.Contains(word)) is not { } parent) continue;
            yield return Warning("feature-in-parent", recipe.Where("AOS_LAYER_FEATURES", word), $"'{Quote.Short(word)}' is in the parent layer {parent.Name} already and adds nothing; take it out.");
        }
    }

    private static IEnumerable<RecipeFinding> Whiteouts(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        foreach (var whiteout in recipe.Whiteouts)
        {
            var parts = whiteout.Split('/');
            if (!whiteout.StartsWith('/'))
                yield return Error("whiteout-not-absolute", At(whiteout), $"'{Quote.Short(whiteout)}' is no absolute path; write /{Quote.Short(whiteout)}.");
            else if (parts.Contains("..") || parts.Contains("."))
                yield return Error("whiteout-escapes", At(whiteout), $"'{Quote.Short(whiteout)}' goes through '.' or '..'; write the path outright.");
            else if (whiteout.Contains('*', StringComparison.Ordinal) && (!whiteout.EndsWith("/*", StringComparison.Ordinal) || whiteout.IndexOf('*', StringComparison.Ordinal) < whiteout.Length - 1))
                yield return Error("whiteout-pattern", At(whiteout), $"'{Quote.Short(whiteout)}' is a pattern; only /folder/* is one, and hides all that is in the folder.");
        }

        SourcePosition At(string whiteout) => recipe.Where("AOS_LAYER_WHITEOUTS", whiteout);
    }

    private static IEnumerable<RecipeFinding> ParentAndRequire(Recipe recipe, IReadOnlyList<Recipe> lineage)
    {
        var required = recipe.Included.Where(i => i.At.File == recipe.File && i.File.EndsWith(".bb", StringComparison.Ordinal)).ToList();
        if (!recipe.HasParentLayer)
        {
            foreach (var other in required.Where(i => RecipePath.NameOf(i.File) != recipe.BaseImage))
                yield return Warning("parent-not-named", other.At, $"the recipe of {RecipePath.NameOf(other.File)} is required, and AOS_PARENT_LAYER does not name it: the layer will lie on the base image and hold all of it again. Set AOS_PARENT_LAYER = \"{RecipePath.NameOf(other.File)}\".");
            yield break;
        }
        if (required.Exists(i => RecipePath.NameOf(i.File) == recipe.ParentLayer)) yield break;
        var at = recipe.Where("AOS_PARENT_LAYER", recipe.ParentLayer);
        yield return Warning("parent-not-required", at, $"AOS_PARENT_LAYER names {Quote.Short(recipe.ParentLayer)}, and the recipe {(required.Count == 0 ? "requires no recipe" : $"requires {string.Join(", ", required.Select(i => RecipePath.NameOf(i.File)))}")}; require {RecipeStarter.PathOf(recipe.ParentLayer)}, so that the child holds all that its parent holds.");
    }

    private static IEnumerable<RecipeFinding> PassedOver(Recipe recipe, IReadOnlyList<Recipe> lineage) =>
        recipe.Notes.Select(note => new RecipeFinding("class-not-found", false, note));

    private static RecipeFinding Error(string rule, SourcePosition at, string message) => new(rule, true, new(at, message));

    private static RecipeFinding Warning(string rule, SourcePosition at, string message) => new(rule, false, new(at, message));
}
