using Strata.Model.Identity;

namespace Strata.Model.Resolving;

/// <summary>One end of a range.</summary>
/// <param name="Version">The version at that end.</param>
/// <param name="IsIncluded">Whether that version itself is in the range.</param>
public sealed record RangeEnd(SemanticVersion Version, bool IsIncluded);

/// <summary>The versions that a need accepts: everything between two ends, either of which may be open.</summary>
/// <remarks>
/// Pre-releases follow decision 2: one is in only if <see cref="IncludePreRelease"/> is set or an end of the range is a
/// pre-release itself, and an excluded upper release also excludes its own pre-releases unless the lower end is one of them.
/// Source: the seed, "Version compatibility"; architecture decisions 1 and 2.
/// </remarks>
public sealed record VersionRange
{
    private VersionRange(RangeEnd? lower, RangeEnd? upper, bool includePreRelease) =>
        (Lower, Upper, IncludePreRelease) = (lower, upper, includePreRelease);

    /// <summary>Every release.</summary>
    public static VersionRange Any { get; } = new(null, null, includePreRelease: false);

    /// <summary>The lower end; null when open.</summary>
    public RangeEnd? Lower { get; }

    /// <summary>The upper end; null when open.</summary>
    public RangeEnd? Upper { get; }

    /// <summary>Pre-releases count as candidates although no end is one.</summary>
    public bool IncludePreRelease { get; }

    /// <summary>Exactly one version fits.</summary>
    public bool IsExact => Lower is { IsIncluded: true } low && Upper is { IsIncluded: true } up && low.Version == up.Version;

    /// <summary>Notation A: <paramref name="minimum"/> included, <paramref name="maximum"/> excluded, equal means exactly that version, null is open.</summary>
    /// <returns>The range, or a sentence that says what is wrong with it.</returns>
    public static (VersionRange? Range, string? Problem) FromMinMax(SemanticVersion? minimum, SemanticVersion? maximum)
    {
        if (minimum is not null && maximum is not null && minimum > maximum)
            return (null, $"minVersion {minimum} is above maxVersion {maximum}; nothing lies between. Swap them.");
        var exact = minimum is not null && minimum == maximum;
        return (new(
            minimum is null ? null : new(minimum, IsIncluded: true),
            maximum is null ? null : new(maximum, IsIncluded: exact),
            includePreRelease: false), null);
    }

    /// <summary>Notation C: comparators (<c>= &gt; &gt;= &lt; &lt;=</c>, or a bare version for exactly it) separated by commas or blanks; all must hold.</summary>
    /// <returns>The range, or a sentence that says what is wrong with it.</returns>
    public static (VersionRange? Range, string? Problem) FromComparators(string text, bool includePreRelease = false)
    {
        var comparators = Comparators(text);
        if (comparators.Count == 0) return (null, "The versions are empty; write for example '>=1.0.0,<2.0.0'.");
        RangeEnd? lower = null, upper = null;
        foreach (var (@operator, operand) in comparators)
        {
            if (!SemanticVersion.TryParse(operand, out var version, out var problem)) return (null, problem);
            switch (@operator)
            {
                case ">": lower = Higher(lower, new(version, false)); break;
                case ">=": lower = Higher(lower, new(version, true)); break;
                case "<": upper = Lowest(upper, new(version, false)); break;
                case "<=": upper = Lowest(upper, new(version, true)); break;
                case "=" or "": (lower, upper) = (Higher(lower, new(version, true)), Lowest(upper, new(version, true))); break;
                default: return (null, $"'{Quote.Short(@operator)}' is not a comparator; use =, >, >=, < or <=.");
            }
        }
        var range = new VersionRange(lower, upper, includePreRelease);
        return range.IsEmpty
            ? (null, $"The versions '{Quote.Short(text)}' contradict each other: nothing is {range}.")
            : (range, null);
    }

    private bool IsEmpty => Lower is not null && Upper is not null
        && (Lower.Version > Upper.Version
            || (Lower.Version == Upper.Version && !(Lower.IsIncluded && Upper.IsIncluded)));

    private static List<(string Operator, string Operand)> Comparators(string text)
    {
        const string Signs = "<>=!~^";
        var found = new List<(string, string)>();
        var pending = "";
        foreach (var word in text.Split([',', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var length = word.TakeWhile(Signs.Contains).Count();
            pending += word[..length];
            if (length == word.Length) continue; // the operator stood alone: its version follows after the blank
            found.Add((pending, word[length..]));
            pending = "";
        }
        if (pending.Length > 0) found.Add((pending, ""));
        return found;
    }

    private static RangeEnd Higher(RangeEnd? current, RangeEnd other) =>
        current is null || other.Version > current.Version || (other.Version == current.Version && !other.IsIncluded) ? other : current;

    private static RangeEnd Lowest(RangeEnd? current, RangeEnd other) =>
        current is null || other.Version < current.Version || (other.Version == current.Version && !other.IsIncluded) ? other : current;

    /// <summary>Whether <paramref name="version"/> is in the range.</summary>
    public bool Contains(SemanticVersion version)
    {
        if (Lower is not null && (Lower.IsIncluded ? version < Lower.Version : version <= Lower.Version)) return false;
        if (Upper is not null && (Upper.IsIncluded ? version > Upper.Version : version >= Upper.Version)) return false;
        if (!version.IsPreRelease) return true;
        if (!IncludePreRelease && Lower is not { Version.IsPreRelease: true } && Upper is not { Version.IsPreRelease: true }) return false;
        return Upper is not { IsIncluded: false, Version.IsPreRelease: false } end
            || !version.IsSameCore(end.Version)
            || (Lower is { Version.IsPreRelease: true } && Lower.Version.IsSameCore(end.Version));
    }

    /// <summary><c>&gt;=1.0.0 &lt;2.0.0</c>, <c>=1.2.3</c>, or <c>any version</c>.</summary>
    public override string ToString()
    {
        if (IsExact) return $"={Lower!.Version}";
        var low = Lower is null ? "" : $"{(Lower.IsIncluded ? ">=" : ">")}{Lower.Version}";
        var up = Upper is null ? "" : $"{(Upper.IsIncluded ? "<=" : "<")}{Upper.Version}";
        return (low, up) switch { ("", "") => "any version", _ => $"{low} {up}".Trim() };
    }
}
