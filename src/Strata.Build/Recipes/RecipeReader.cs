using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Reads layer recipes as BitBake does, with their parents.</summary>
public static class RecipeReader
{
    // Layers on a unit are few; a longer chain of parents is a mistake that no cycle test would see.
    private const int MostParents = 32;

    /// <summary>Reads a recipe and, up to the base image, the layers it stands on.</summary>
    /// <param name="nameOrFile">A <c>.bb</c> file, or the name of a recipe on the path.</param>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public static RecipeReading Read(string nameOrFile, RecipeOptions options)
    {
        if (Locate(nameOrFile, options) is not { } file) return new RecipeReading.Refused([Missing(nameOrFile, options)]);
        var path = new RecipePath([.. options.Paths.Prepend(RecipePath.RootOf(file)).DistinctBy(Path.GetFullPath)]);
        var lineage = new List<Recipe>();
        var mistakes = new List<RecipeMistake>();
        while (ReadOne(file, path, options, mistakes) is { } recipe)
        {
            lineage.Insert(0, recipe);
            if (!recipe.HasParentLayer) break;
            if (NextParent(recipe, lineage, path, mistakes) is not { } parent) break;
            file = parent;
        }
        if (options.Strict) mistakes.AddRange(lineage.SelectMany(recipe => recipe.Notes));
        return mistakes.Count == 0 ? new RecipeReading.Read(lineage[^1], lineage) : new RecipeReading.Refused([.. mistakes.Distinct()]);
    }

    private static string? NextParent(Recipe recipe, List<Recipe> lineage, RecipePath path, List<RecipeMistake> mistakes)
    {
        var at = recipe.Where("AOS_PARENT_LAYER", recipe.ParentLayer);
        var chain = string.Join(" -> ", lineage.AsEnumerable().Reverse().Select(r => r.Name).Append(recipe.ParentLayer));
        if (lineage.Exists(r => r.Name == recipe.ParentLayer) || lineage.Count > MostParents)
        {
            mistakes.Add(new(at, $"the parents go round in a circle: {chain}."));
            return null;
        }
        if (path.FindRecipe(recipe.ParentLayer) is { } file) return file;
        mistakes.Add(new(at, $"parent layer '{Quote.Short(recipe.ParentLayer)}' is not known ({chain}); {Proposal(recipe.ParentLayer, path)}"));
        return null;
    }

    private static Recipe? ReadOne(string file, RecipePath path, RecipeOptions options, List<RecipeMistake> mistakes)
    {
        if (RecipePath.Read(file) is not { } text)
        {
            mistakes.Add(Missing(file, options));
            return null;
        }
        if (Path.GetFileName(file).Count(c => c == '_') > 2)
        {
            mistakes.Add(new(new(file, 0, 0), "its name has more than two underscores, which BitBake refuses; call it NAME.bb or NAME_VERSION.bb."));
            return null;
        }
        var evaluator = new RecipeEvaluator(path);
        var layers = MetaLayerConfigurations.Read(path, evaluator);
        Configure(evaluator, options);
        evaluator.Data.Replace("FILE_LAYERNAME", layers.CollectionOf(RecipePath.RootOf(file)) ?? "");
        evaluator.Data.Replace("FILE", text.FullPath);
        evaluator.Run(text);
        foreach (var append in path.AppendsFor(file, layers.PriorityOf)) evaluator.Run(append);
        evaluator.Finish();
        var recipe = new RecipeValues(evaluator, file).Read();
        mistakes.AddRange(evaluator.Mistakes);
        return evaluator.Mistakes.Count == 0 ? recipe : null;
    }

    private static void Configure(RecipeEvaluator evaluator, RecipeOptions options)
    {
        evaluator.Run(BuiltInFiles.Defaults);
        foreach (var configuration in options.Configurations)
        {
            if (RecipePath.Read(configuration) is { } found) evaluator.Run(found with { IsConfiguration = true });
            else evaluator.Wrong(new(configuration, 0, 0), "this configuration file does not exist; correct --conf.");
        }
        foreach (var setting in options.Settings) evaluator.Set(setting);
        evaluator.Run(BuiltInFiles.LateDefaults);
        evaluator.InheritConfigured();
    }

    private static string? Locate(string nameOrFile, RecipeOptions options)
    {
        if (File.Exists(nameOrFile)) return nameOrFile;
        return nameOrFile.EndsWith(".bb", StringComparison.Ordinal) ? null : new RecipePath(options.Paths).FindRecipe(nameOrFile);
    }

    private static RecipeMistake Missing(string nameOrFile, RecipeOptions options) => Directory.Exists(nameOrFile)
        ? new(new(nameOrFile, 0, 0), "this is a folder; name a .bb file in it, or a recipe's name with --path.")
        : nameOrFile.EndsWith(".bb", StringComparison.Ordinal)
        ? new(new(nameOrFile, 0, 0), "there is no such recipe file; correct the path.")
        : new(new(nameOrFile, 0, 0), $"no recipe of that name is in {(options.Paths.Count == 0 ? "any meta layer, for none was named" : string.Join(", ", options.Paths))}; {Proposal(nameOrFile, new(options.Paths))}");

    private static string Proposal(string name, RecipePath path) => NearestName.Few(name, path.Names()) is { Count: > 0 } near
        ? $"did you mean {string.Join(" or ", near)}?"
        : "add its meta layer with --path DIR.";
}
