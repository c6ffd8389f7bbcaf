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

/// <summary>What stands around a recipe.</summary>
public sealed record RecipeOptions
{
    /// <summary>Meta layers in which <c>require</c>, <c>inherit</c> and parents are looked up; the recipe's own comes first by itself.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What the build's configuration sets, <c>VAR=VALUE</c> without quotes: it is read before the recipe, as <c>local.conf</c> is.</summary>
    /// <remarks>A plain value gives way to the recipe's own; <c>VAR:pn-NAME=VALUE</c> wins over it, as in BitBake.</remarks>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Configuration files, read before <see cref="Settings"/>, in this order.</summary>
    public IReadOnlyList<string> Configurations { get; init; } = [];
}
