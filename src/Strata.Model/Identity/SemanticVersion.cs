using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Strata.Model.Identity;

/// <summary>A version by SemVer 2.0.0: major, minor, patch, optional pre-release, optional build metadata.</summary>
/// <remarks>
/// Build metadata never orders and never makes two versions different: <c>1.0.0+a</c> equals <c>1.0.0+b</c>.
/// <see cref="ToString"/> still gives it back as it was written. At most 64 characters.
/// Source: semver.org 2.0.0, items 2, 9, 10, 11; the limit is ours.
/// </remarks>
public sealed class SemanticVersion : IComparable<SemanticVersion>, IEquatable<SemanticVersion>, IParsable<SemanticVersion>
{
    private const int LongestText = 64;
    private readonly string _text;

    private SemanticVersion(string text, ulong major, ulong minor, ulong patch, string[] preRelease)
    {
        (_text, Major, Minor, Patch) = (text, major, minor, patch);
        PreRelease = preRelease.ToEquatableList();
    }

    /// <summary>The first number.</summary>
    public ulong Major { get; }

    /// <summary>The second number.</summary>
    public ulong Minor { get; }

    /// <summary>The third number.</summary>
    public ulong Patch { get; }

    /// <summary>The dot-separated identifiers behind the hyphen; empty for a release.</summary>
    public EquatableList<string> PreRelease { get; }

    /// <summary>There are pre-release identifiers.</summary>
    public bool IsPreRelease => PreRelease.Count > 0;

    /// <summary>True when both have the same three numbers, whatever their pre-release identifiers.</summary>
    public bool IsSameCore(SemanticVersion other) => Major == other.Major && Minor == other.Minor && Patch == other.Patch;

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">Not SemVer 2.0.0; the message says what to write instead.</exception>
    public static SemanticVersion Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, out var version, out var problem) ? version : throw new FormatException(problem);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SemanticVersion result) =>
        TryParse(s, out result, out _);

    /// <summary>Reads a version, or says in a sentence what is wrong and what would cure it.</summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out SemanticVersion? version,
        [NotNullWhen(false)] out string? problem)
    {
        version = null;
        problem = Problem(text, out version);
        return problem is null;
    }

    private static string? Problem(string? text, out SemanticVersion? version)
    {
        version = null;
        if (string.IsNullOrEmpty(text)) return "A version is missing; write one such as 1.0.0.";
        if (text.Length > LongestText) return $"The version '{Quote.Short(text)}' is longer than {LongestText} characters.";
        if (text[0] is 'v' or 'V' && text.Length > 1 && char.IsAsciiDigit(text[1]))
            return $"'{Quote.Short(text)}' is not a SemVer version; write {Quote.Short(text[1..])} without the leading '{text[0]}'.";

        var plus = text.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0 && !AreIdentifiers(text[(plus + 1)..], leadingZeros: true))
            return $"'{Quote.Short(text)}' has bad build metadata; only letters, digits, '-' and single dots may follow '+'.";
        var body = plus < 0 ? text : text[..plus];

        var hyphen = body.IndexOf('-', StringComparison.Ordinal);
        if (hyphen >= 0 && !AreIdentifiers(body[(hyphen + 1)..], leadingZeros: false))
            return $"'{Quote.Short(text)}' has bad pre-release identifiers; use letters, digits, '-' and single dots, and numbers without leading zeros.";
        var preRelease = hyphen < 0 ? [] : body[(hyphen + 1)..].Split('.');

        var numbers = (hyphen < 0 ? body : body[..hyphen]).Split('.');
        if (numbers.Length < 3 && numbers.All(IsDigits))
            return $"'{Quote.Short(text)}' is a partial version; write {string.Join('.', numbers.Concat(["0", "0"]).Take(3))}.";
        if (numbers.Length != 3 || !numbers.All(IsDigits))
            return $"'{Quote.Short(text)}' is not a SemVer version; write three numbers such as 1.0.0.";
        if (numbers.Any(n => n.Length > 1 && n[0] == '0'))
            return $"'{Quote.Short(text)}' has a leading zero; write {string.Join('.', numbers.Select(n => n.TrimStart('0') is "" ? "0" : n.TrimStart('0')))}.";

        var parsed = new ulong[3];
        for (var i = 0; i < 3; i++)
            if (!ulong.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out parsed[i]))
                return $"'{Quote.Short(text)}' has a number that is too large.";

        version = new(text, parsed[0], parsed[1], parsed[2], preRelease);
        return null;
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static bool AreIdentifiers(string text, bool leadingZeros) => text.Split('.').All(part =>
        part.Length > 0
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && (leadingZeros || part.Length == 1 || part[0] != '0' || !part.All(char.IsAsciiDigit)));

    /// <summary>Precedence by SemVer item 11. Build metadata does not count.</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null) return 1;
        var core = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (core != 0) return core;
        if (!IsPreRelease || !other.IsPreRelease) return other.IsPreRelease.CompareTo(IsPreRelease);
        for (var i = 0; i < Math.Min(PreRelease.Count, other.PreRelease.Count); i++)
        {
            var order = CompareIdentifiers(PreRelease[i], other.PreRelease[i]);
            if (order != 0) return order;
        }
        return PreRelease.Count.CompareTo(other.PreRelease.Count);
    }

    private static int CompareIdentifiers(string left, string right) => (IsDigits(left), IsDigits(right)) switch
    {
        (true, true) => left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    /// <inheritdoc/>
    public bool Equals(SemanticVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, PreRelease);

    /// <summary>The version as it was written.</summary>
    public override string ToString() => _text;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Equal precedence.</summary>
    public static bool operator ==(SemanticVersion? left, SemanticVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Different precedence.</summary>
    public static bool operator !=(SemanticVersion? left, SemanticVersion? right) => !(left == right);
}
