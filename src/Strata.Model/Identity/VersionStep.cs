namespace Strata.Model.Identity;

/// <summary>How large the step from one version to the next is, or has to be.</summary>
public enum VersionStep
{
    /// <summary>What others rely on is the same.</summary>
    Patch,

    /// <summary>Something was added.</summary>
    Minor,

    /// <summary>Something that others may rely on is gone or is another.</summary>
    Major,
}

/// <summary>Whether a version step says honestly what changed.</summary>
/// <param name="Needed">The step that the changes ask for.</param>
/// <param name="IsHonest">The new version is a large enough step above the old one.</param>
/// <param name="Reason">A sentence: why it is, or is not, and what version would be.</param>
/// <remarks>
/// Below 1.0.0 the minor number takes the part of the major one, and the patch number that of the minor one. A pre-release promises nothing to
/// the next version of the same three numbers; otherwise those numbers count. Source: semver.org 2.0.0, items 4, 6, 7, 8, 9; decision 0014.
/// </remarks>
public sealed record VersionVerdict(VersionStep Needed, bool IsHonest, string Reason)
{
    /// <summary>Judges the step from <paramref name="old"/> to <paramref name="next"/>.</summary>
    /// <param name="isSame">Nothing changed at all.</param>
    public static VersionVerdict Of(SemanticVersion old, SemanticVersion next, VersionStep needed, bool isSame = false)
    {
        if (isSame && old.Equals(next)) return new(needed, true, $"{next} is the same version with the same content.");
        if (next.CompareTo(old) <= 0)
            return new(needed, false, $"{next} does not come after {old}: a version that was published never changes. Call it {Least(old, needed)} or higher.");
        if (old.IsPreRelease && old.IsSameCore(next)) return new(needed, true, $"{old} is a pre-release, which promises nothing to {next}.");
        var taken = Taken(old, next);
        return taken >= Effective(old, needed)
            ? new(needed, true, $"{old} to {next} is {Named(taken)}, and the changes ask for {(Effective(old, needed) == taken ? "one" : Named(Effective(old, needed)))}.")
            : new(needed, false, $"{old} to {next} is {Named(taken)}, and the changes ask for {Named(Effective(old, needed))}: call it {Least(old, needed)} or higher.");
    }

    private static VersionStep Taken(SemanticVersion old, SemanticVersion next) =>
        next.Major != old.Major ? VersionStep.Major : next.Minor != old.Minor ? VersionStep.Minor : VersionStep.Patch;

    private static VersionStep Effective(SemanticVersion old, VersionStep needed) =>
        old.Major > 0 || needed == VersionStep.Patch ? needed : needed - 1;

    private static string Least(SemanticVersion old, VersionStep needed) => Effective(old, needed) switch
    {
        VersionStep.Major => $"{old.Major + 1}.0.0",
        VersionStep.Minor => $"{old.Major}.{old.Minor + 1}.0",
        _ => old.IsPreRelease ? $"{old.Major}.{old.Minor}.{old.Patch}" : $"{old.Major}.{old.Minor}.{old.Patch + 1}",
    };

    private static string Named(VersionStep step) => step switch
    {
        VersionStep.Major => "a major step",
        VersionStep.Minor => "a minor step",
        _ => "a patch step",
    };
}
