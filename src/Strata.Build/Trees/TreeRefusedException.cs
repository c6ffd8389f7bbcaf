namespace Strata.Build.Trees;

/// <summary>Two trees cannot be packed as asked. Each problem says what to change; trying again as it is will not help.</summary>
public sealed class TreeRefusedException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>A sentence for each thing that is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
