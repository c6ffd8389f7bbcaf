using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Reads layer recipes as BitBake does, with their parents.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe and, up to the base image, the layers it stands on.</summary>
    /// <param name="nameOrFile">A <c>.bb</c> file, or the name of a recipe on the path.</param>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public static RecipeReading Read(string nameOrFile, RecipeOptions options)
    {
        if (Locate(nameOrFile, options) is not { } file) return new RecipeReading.Refused([Missing(nameOrFile, options)]);
        var path = new RecipePath([.. options.Paths.Prepend(RecipePath.RootOf(file)).Distinct()]);
        var lineage = new List<Recipe>();
        var mistakes = new List<RecipeMistake>();
        while (ReadOne(file, path, options, mistakes) is { } recipe)
        {
            lineage.Insert(0, recipe);
            if (!recipe.HasParentLayer) break;
            if (NextParent(recipe, lineage, path, mistakes) is not { } parent) break;
            file = parent;
        }
        return mistakes.Count == 0 ? new RecipeReading.Read(lineage[^1], lineage) : new RecipeReading.Refused([.. mistakes.Distinct()]);
    }

    private static string? NextParent(Recipe recipe, List<Recipe> lineage, RecipePath path, List<RecipeMistake> mistakes)
    {
        var at = recipe.Where("AOS_PARENT_LAYER", recipe.ParentLayer);
        var chain = string.Join(" -> ", lineage.AsEnumerable().Reverse().Select(r => r.Name).Append(recipe.ParentLayer));
        if (lineage.Exists(r => r.Name == recipe.ParentLayer))
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
        var evaluator = new RecipeEvaluator(path);
        Begin(evaluator, file, options);
        evaluator.Run(text);
        var recipe = new Values(evaluator).Recipe(file);
        mistakes.AddRange(evaluator.Mistakes);
        return evaluator.Mistakes.Count == 0 ? recipe : null;
    }

    private static void Begin(RecipeEvaluator evaluator, string file, RecipeOptions options)
    {
        var parts = Path.GetFileNameWithoutExtension(file).Split('_');
        var name = parts[0];
        foreach (var (variable, value) in new[]
        {
            ("PN", name),
            ("PV", parts.Length > 1 ? parts[1] : "1.0"),
            ("PR", parts.Length > 2 ? parts[2] : "r0"),
            ("BPN", name.EndsWith("-native", StringComparison.Ordinal) ? name[..^7] : name),
        })
        {
            evaluator.Data.Assign(variable, null, Operator.Set, value);
        }
        evaluator.Run(new RecipeFile("(built in)/defaults", BuiltInFiles.Defaults));
        foreach (var configuration in options.Configurations)
        {
            if (RecipePath.Read(configuration) is { } found) evaluator.Run(found);
            else evaluator.Wrong(new(configuration, 0, 0), "this configuration file does not exist; correct --conf.");
        }
        foreach (var setting in options.Settings) Set(evaluator, setting);
    }

    private static void Set(RecipeEvaluator evaluator, string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var before = evaluator.Mistakes.Count;
        var quote = setting.Contains('"', StringComparison.Ordinal) ? '\'' : '"';
        if (equals > 0) evaluator.Run(new RecipeFile($"--set {setting}", $"{setting[..equals]}={quote}{setting[(equals + 1)..]}{quote}"));
        if (equals <= 0 || evaluator.Mistakes.Count > before) evaluator.Wrong(SourcePosition.CommandLine, $"'{Quote.Short(setting)}' is not VAR=VALUE.");
    }

    private static string? Locate(string nameOrFile, RecipeOptions options)
    {
        if (File.Exists(nameOrFile)) return nameOrFile;
        return nameOrFile.EndsWith(".bb", StringComparison.Ordinal) ? null : new RecipePath(options.Paths).FindRecipe(nameOrFile);
    }

    private static RecipeMistake Missing(string nameOrFile, RecipeOptions options) => nameOrFile.EndsWith(".bb", StringComparison.Ordinal)
        ? new(new(nameOrFile, 0, 0), "there is no such recipe file; correct the path.")
        : new(new(nameOrFile, 0, 0), $"no recipe of that name is in {(options.Paths.Count == 0 ? "any meta layer, for none was named" : string.Join(", ", options.Paths))}; {Proposal(nameOrFile, new(options.Paths))}");

    private static string Proposal(string name, RecipePath path) => NearestName.Few(name, path.Names()) is { Count: > 0 } near
        ? $"did you mean {string.Join(" or ", near)}?"
        : "add its meta layer with --path DIR.";

    /// <summary>Takes the values out of an evaluated recipe; what cannot be expanded becomes a mistake.</summary>
    private sealed class Values(RecipeEvaluator evaluator)
    {
        private static readonly string[] Traced = ["AOS_LAYER_FEATURES", "AOS_LAYER_WHITEOUTS", "AOS_PARENT_LAYER", "AOS_LAYER_VERSION"];

        public Recipe Recipe(string file)
        {
            try
            {
                evaluator.Data.ExpandNames();
            }
            catch (ExpansionException problem)
            {
                evaluator.Wrong(new(file, 0, 0), problem.Message + ".");
            }
            return new()
            {
                File = file,
                Name = Text("PN", file),
                Version = Text("PV", file),
                Summary = Text("SUMMARY", file),
                License = Text("LICENSE", file),
                BaseImage = Text("AOS_BASE_IMAGE", file),
                ParentLayer = Text("AOS_PARENT_LAYER", file).Trim(),
                LayerVersion = Text("AOS_LAYER_VERSION", file).Trim(),
                Features = [.. DataStore.Words(Text("AOS_LAYER_FEATURES", file))],
                Whiteouts = [.. DataStore.Words(Text("AOS_LAYER_WHITEOUTS", file))],
                Notes = [.. evaluator.Notes],
                Origins = [.. evaluator.Assignments.Reverse().SelectMany(Origins)],
            };
        }

        private string Text(string variable, string file)
        {
            try
            {
                return evaluator.Data.Get(variable) ?? "";
            }
            catch (ExpansionException problem)
            {
                var last = evaluator.Assignments.LastOrDefault(a => BaseName(a) == variable);
                evaluator.Wrong(last?.At ?? new(file, 0, 0), $"{variable} cannot be worked out: {problem.Message}.");
                return "";
            }
        }

        private static IEnumerable<WordOrigin> Origins(Statement.Assign assign)
        {
            if (!Traced.Contains(BaseName(assign))) yield break;
            var offset = 0;
            foreach (var word in DataStore.Words(assign.Value))
            {
                offset = assign.Value.IndexOf(word, offset, StringComparison.Ordinal);
                yield return new(BaseName(assign), word, assign.ValueAt(offset));
                offset += word.Length;
            }
        }

        private static string BaseName(Statement.Assign assign) => assign.Variable.Split(':')[0];
    }
}
