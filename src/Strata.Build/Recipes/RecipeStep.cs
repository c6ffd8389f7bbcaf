using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>One statement that took part in a value.</summary>
/// <param name="Variable">As written, overrides included: <c>AOS_LAYER_FEATURES:append:pn-x</c>.</param>
/// <param name="Operator"><c>=</c>, <c>+=</c> and so on.</param>
/// <param name="Text">What stands between the quotes, not expanded.</param>
/// <param name="At">Where it begins.</param>
public sealed record RecipeStep(string Variable, string Operator, string Text, SourcePosition At)
{
    /// <summary>The <c>require</c>, <c>include</c> or <c>inherit</c> lines that led to its file, outermost first; empty for the recipe itself.</summary>
    public EquatableList<SourcePosition> Chain { get; init; } = [];

    /// <summary>Where the character at an offset of <see cref="Text"/> stands.</summary>
    internal Func<int, SourcePosition> TextAt { get; init; } = _ => SourcePosition.CommandLine;
}
