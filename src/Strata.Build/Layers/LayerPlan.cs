using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Layers;

/// <summary>The layers that have to be there for what was asked, parents before their children, each once.</summary>
internal sealed record LayerPlan(IReadOnlyList<PlannedLayer> Layers, IReadOnlyList<RecipeMistake> Mistakes)
{
    /// <summary>Reads the recipes and orders them.</summary>
    public static LayerPlan Of(IReadOnlyList<string> namesOrFiles, RecipeOptions options)
    {
        var layers = new List<PlannedLayer>();
        var mistakes = new List<RecipeMistake>();
        foreach (var nameOrFile in namesOrFiles)
        {
            switch (RecipeReader.Read(nameOrFile, options))
            {
                case RecipeReading.Refused refused:
                    mistakes.AddRange(refused.Mistakes);
                    break;
                case RecipeReading.Read read:
                    Add(read.Lineage, layers, mistakes);
                    break;
            }
        }
        return new(layers, [.. mistakes.Distinct()]);
    }

    private static void Add(IReadOnlyList<Recipe> lineage, List<PlannedLayer> layers, List<RecipeMistake> mistakes)
    {
        PlannedLayer? parent = null;
        foreach (var recipe in lineage)
        {
            var known = layers.Find(l => l.Recipe.Name == recipe.Name);
            if (known is null)
            {
                if (!SemanticVersion.TryParse(recipe.LayerVersion, out var version, out var problem))
                {
                    mistakes.Add(new(recipe.Where("AOS_LAYER_VERSION", recipe.LayerVersion), $"AOS_LAYER_VERSION: {problem}"));
                    return;
                }
                layers.Add(known = new(recipe, version, parent));
            }
            parent = known;
        }
    }
}

/// <summary>A layer to build.</summary>
/// <param name="Parent">Null when it stands on the base alone.</param>
internal sealed record PlannedLayer(Recipe Recipe, SemanticVersion Version, PlannedLayer? Parent);
