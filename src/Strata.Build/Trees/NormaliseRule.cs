using System.IO.Enumeration;

namespace Strata.Build.Trees;

/// <summary>What becomes of the names that a rule covers.</summary>
public enum NormaliseAction
{
    /// <summary>Taken out of both trees, so that it is neither content nor a deletion.</summary>
    LeaveOut,

    /// <summary>Replaced in both trees by a file for each package in the folder <c>status.d</c> beside it.</summary>
    Split,

    /// <summary>Taken out of both trees; a file that the child has and the parent has not is refused.</summary>
    Refuse,

    /// <summary>Stays, and is told.</summary>
    Report,
}

/// <summary>One line of the published list.</summary>
/// <param name="Pattern">A path in which <c>*</c> stands for any characters of one name; <c>/**</c> at its end for all that is in a directory, which itself stays.</param>
/// <param name="Reason">Why.</param>
public sealed record NormaliseRule(string Pattern, NormaliseAction Action, string Reason)
{
    private readonly string[] _parts = (Pattern.EndsWith("/**", StringComparison.Ordinal) ? Pattern[..^3] : Pattern).Split('/');
    private readonly bool _within = Pattern.EndsWith("/**", StringComparison.Ordinal);

    /// <summary>How findings call it; empty for a rule that finds nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>The first name of the pattern, which has no <c>*</c> in it: what lies elsewhere is not covered.</summary>
    internal string Top => _parts[0];

    /// <summary>Whether <paramref name="path"/> is meant.</summary>
    public bool Covers(string path)
    {
        var rest = path.AsSpan();
        for (var i = 0; i < _parts.Length; i++)
        {
            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            var matches = _parts[i].Contains('*', StringComparison.Ordinal)
                ? FileSystemName.MatchesSimpleExpression(_parts[i], part, ignoreCase: false)
                : part.SequenceEqual(_parts[i]);
            if (!matches) return false;
            if (slash < 0) return !_within && i == _parts.Length - 1;
            rest = rest[(slash + 1)..];
        }
        return _within;
    }
}
