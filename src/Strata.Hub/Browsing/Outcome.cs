using Strata.Hub.Access;
using Strata.Hub.Listeners;

namespace Strata.Hub.Browsing;

/// <summary>What a change came to: done, or refused with a status and sentences.</summary>
/// <param name="Reasons">Empty when it was done.</param>
internal sealed record Outcome(int Status, params IReadOnlyList<string> Reasons)
{
    public static Outcome Ok { get; } = new(StatusCodes.Status200OK);

    public static Outcome Created { get; } = new(StatusCodes.Status201Created);

    public static Outcome Removed { get; } = new(StatusCodes.Status204NoContent);

    public static Outcome Missing(string sentence) => new(StatusCodes.Status404NotFound, sentence);

    public static Outcome Conflict(params IReadOnlyList<string> reasons) => new(StatusCodes.Status409Conflict, reasons);

    public static Outcome Wrong(params IReadOnlyList<string> reasons) => new(StatusCodes.Status422UnprocessableEntity, reasons);

    public bool IsDone => Reasons.Count == 0;

    /// <summary>Why <paramref name="caller"/> may not do <paramref name="verb"/> to <paramref name="thing"/>; null when it may.</summary>
    /// <param name="thing">Null when there is none.</param>
    /// <param name="missing">What is said when it is not there, or not there for the caller.</param>
    public static Outcome? Refusal(Caller caller, Verb verb, Guarded? thing, string missing) =>
        thing is null || !caller.Sees(thing) ? Missing(missing)
        : caller.May(verb, thing) ? null
        : new(StatusCodes.Status403Forbidden, $"As {caller.RoleName} of {caller.Owner} you may read this and not do that; it belongs to {thing.Owner}.");

    /// <summary>The answer: the refusal, or what <paramref name="done"/> makes.</summary>
    public IResult Answer(Func<IResult> done) => IsDone ? Status == StatusCodes.Status204NoContent ? TypedResults.NoContent() : done() : Problems.Answer(Status, Reasons);
}
