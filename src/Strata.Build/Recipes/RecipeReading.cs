namespace Strata.Build.Recipes;

/// <summary>What reading a recipe came to. There are two cases and no third.</summary>
public abstract record RecipeReading
{
    private RecipeReading() { }

    /// <summary>It was read; <paramref name="Lineage"/> holds its parents too, the one on the base first, the recipe itself last.</summary>
    public sealed record Read(Recipe Recipe, IReadOnlyList<Recipe> Lineage) : RecipeReading;

    /// <summary>It cannot be used; every mistake is listed.</summary>
    public sealed record Refused(IReadOnlyList<RecipeMistake> Mistakes) : RecipeReading;
}
