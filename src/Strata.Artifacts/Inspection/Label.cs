namespace Strata.Artifacts.Inspection;

/// <summary>How long what a package says of itself may be: names and versions are written again for every file that it owns.</summary>
internal static class Label
{
    private const int Longest = 256, LongestLine = 4096; // npm allows 214 characters, and no distribution comes near

    /// <summary>Whether it can be a name or a version.</summary>
    public static bool IsPlausible(string text) => text.Length <= Longest;

    /// <summary>Whether it can be a licence or a maker.</summary>
    public static bool IsLine(string? text) => text is not { Length: > LongestLine };
}
