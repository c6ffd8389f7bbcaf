using System.Text.RegularExpressions;

namespace Strata.Model.Identity;

/// <summary>How targets and the top folders of their bases may be called.</summary>
public static partial class TargetName
{
    private const int LongestFolder = 255; // Linux's NAME_MAX

    /// <summary>The rule for a name, as a part of a sentence.</summary>
    public const string Rule = "letters, digits, dots and hyphens make one, at most 64";

    /// <summary>Whether a target may be called so.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>Whether a folder of a base's root may be called so.</summary>
    public static bool IsTopFolder(string name) => name is not ("" or "." or "..") && name.Length <= LongestFolder && !name.Any(c => c == '/' || char.IsControl(c));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.-]{0,63}\z")]
    private static partial Regex Pattern();
}
