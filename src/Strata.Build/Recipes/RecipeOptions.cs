namespace Strata.Build.Recipes;

/// <summary>What stands around a recipe.</summary>
public sealed record RecipeOptions
{
    /// <summary>Meta layers in which <c>require</c>, <c>inherit</c>, <c>.bbappend</c> files and parents are looked up; the recipe's own comes first by itself.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What the build's configuration sets, <c>VAR=VALUE</c> without quotes: it is read before the recipe, as <c>local.conf</c> is.</summary>
    /// <remarks>A plain value gives way to the recipe's own; <c>VAR:pn-NAME=VALUE</c> wins over it, as in BitBake.</remarks>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Configuration files, read before <see cref="Settings"/>, in this order.</summary>
    public IReadOnlyList<string> Configurations { get; init; } = [];

    /// <summary>Refuse a recipe of which something was passed over, such as a class that is nowhere to be had. Default: no.</summary>
    public bool Strict { get; init; }
}
