using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Something in a recipe that has to be corrected before it can be used.</summary>
/// <param name="At">Where it is written.</param>
/// <param name="Message">What is wrong and what would cure it, one sentence.</param>
public sealed record RecipeMistake(SourcePosition At, string Message)
{
    /// <summary>The files that led there, outermost first; empty for the recipe itself.</summary>
    public EquatableList<SourcePosition> Chain { get; init; } = [];

    /// <summary>Place and sentence on one line, and the chain beneath.</summary>
    public override string ToString() => Chain.Count == 0
        ? $"{At}: {Message}"
        : $"{At}: {Message}{string.Concat(Chain.Reverse().Select(step => $"\n    from {step}"))}";
}
