using Strata.Model.Identity;

namespace Strata.Model.Catalogues;

/// <summary>The state of a version, with what its OEM says of it.</summary>
/// <param name="State">Where it stands.</param>
public sealed record Lifecycle(ReleaseState State)
{
    /// <summary>Longest <see cref="Reason"/>, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>Released, and nothing to say.</summary>
    public static Lifecycle Released { get; } = new(ReleaseState.Released);

    /// <summary>Why, for people; a yanked version has one.</summary>
    public string? Reason { get; init; }

    /// <summary>The version of the same layer to take instead of a deprecated one; null when none is named.</summary>
    public SemanticVersion? Successor { get; init; }

    /// <summary>The day on which a deprecated version shall be gone; null when none is set. Nothing happens by itself on it.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>What is wrong with what is said of the state, with the cure; null when nothing is.</summary>
    public string? Fault() =>
        Reason is { Length: > MaxReason } ? $"The reason has {Reason.Length} characters; at most {MaxReason} are kept. Shorten it."
        : State == ReleaseState.Yanked && string.IsNullOrWhiteSpace(Reason) ? "A yank needs a reason: those who use the version will ask. Say it."
        : State != ReleaseState.Deprecated && (Successor is not null || EndsOn is not null) ? "A successor and a date belong to a deprecated version. Deprecate it, or leave them out."
        : null;

    /// <summary>What is wrong with a move from this to <paramref name="next"/>, with the cure; null when it is allowed.</summary>
    /// <remarks>
    /// Onwards: candidate, released, deprecated, yanked, retired. Backwards only where nobody is deceived: a deprecation or a yank
    /// that was a mistake. What was released is no candidate again, since it may have been chosen, and a retired version stays so.
    /// </remarks>
    public string? Obstacle(Lifecycle next)
    {
        if (next.Fault() is { } fault) return fault;
        if (next.State == State) return State == ReleaseState.Retired ? "The version is retired, and that does not change." : null; // the words may change
        var after = After(State);
        return after.Contains(next.State) ? null
            : after.Length == 0 ? "The version is retired, and that does not change. Publish a new version."
            : $"A version that is {Word(State)} can become {string.Join(" or ", after.Select(Word))}, not {Word(next.State)}.";
    }

    /// <summary>The states that may come next.</summary>
    public IReadOnlyList<ReleaseState> Next() => After(State);

    /// <summary><c>is yanked: it loses data</c>, for a sentence about the version.</summary>
    public override string ToString() => State switch
    {
        ReleaseState.Deprecated => "is deprecated"
            + (EndsOn is { } day ? $" and goes on {day:yyyy-MM-dd}" : "") + (Successor is null ? "" : $", take {Successor} instead") + Because,
        _ => $"is {Word(State)}{Because}",
    };

    private string Because => string.IsNullOrWhiteSpace(Reason) ? "" : $": {Reason}";

    private static string Word(ReleaseState state) => state switch
    {
        ReleaseState.Candidate => "a candidate",
        ReleaseState.Deprecated => "deprecated",
        ReleaseState.Yanked => "yanked",
        ReleaseState.Retired => "retired",
        _ => "released",
    };

    private static ReleaseState[] After(ReleaseState state) => state switch
    {
        ReleaseState.Candidate => [ReleaseState.Released, ReleaseState.Yanked, ReleaseState.Retired],
        ReleaseState.Released => [ReleaseState.Deprecated, ReleaseState.Yanked],
        ReleaseState.Deprecated => [ReleaseState.Released, ReleaseState.Yanked],
        ReleaseState.Yanked => [ReleaseState.Released, ReleaseState.Deprecated, ReleaseState.Retired],
        _ => [],
    };
}
