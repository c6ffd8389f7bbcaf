namespace Strata.Model.Resolving;

/// <summary>How much several resolutions may cost together: each version that is looked at, and each combination that is tried, is a step.</summary>
/// <param name="steps">How many there are.</param>
public sealed class StepBudget(int steps)
{
    private long _left = steps;

    /// <summary>Whether nothing is left: what was resolved since is no answer.</summary>
    public bool IsSpent => _left < 0;

    internal void Take(int steps) => _left -= steps;
}
