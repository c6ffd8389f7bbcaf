using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Where the value of one variable came from.</summary>
/// <param name="Variable">One of <see cref="RecipeVariables.Names"/>.</param>
/// <param name="Steps">The statements that took part, in the order in which they act; behind them those of the variables it refers to.</param>
public sealed record RecipeTrace(string Variable, EquatableList<RecipeStep> Steps);

/// <summary>A statement of the recipe itself that does not count, and the one in another file that took its place.</summary>
internal sealed record LostStep(RecipeStep Step, RecipeStep By);

/// <summary>A file that a <c>require</c> or <c>include</c> led to.</summary>
internal sealed record IncludedFile(SourcePosition At, string File);
