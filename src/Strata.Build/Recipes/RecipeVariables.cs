using System.Text.RegularExpressions;

namespace Strata.Build.Recipes;

/// <summary>The variables that make up a layer recipe, in the order in which they are shown.</summary>
public static partial class RecipeVariables
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "PN", "PV", "SUMMARY", "LICENSE", "AOS_BASE_IMAGE", "AOS_PARENT_LAYER", "AOS_LAYER_VERSION", "AOS_LAYER_FEATURES", "AOS_LAYER_WHITEOUTS",
    ];

    /// <summary>The first of them that a Python function would set; null when it sets none by name.</summary>
    internal static string? ChangedBy(string body) =>
        Change().Matches(body).Select(m => m.Groups["name"].Value.Split(':')[0]).FirstOrDefault(Names.Contains);

    [GeneratedRegex("""\bd\s*\.\s*(setVar|appendVar|prependVar|delVar|renameVar)\s*\(\s*['"](?<name>[^'"]+)['"]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Change();
}
