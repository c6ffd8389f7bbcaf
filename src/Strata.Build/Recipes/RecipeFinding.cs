namespace Strata.Build.Recipes;

/// <summary>Something that <see cref="RecipeLint"/> found.</summary>
/// <param name="Rule">Its name, as listed in docs/formats/recipes.md.</param>
/// <param name="IsError">The recipe cannot be built like this; otherwise it is a warning.</param>
public sealed record RecipeFinding(string Rule, bool IsError, RecipeMistake Mistake);
