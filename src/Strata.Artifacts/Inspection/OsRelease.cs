using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads os-release files.</summary>
/// <remarks>Source: os-release(5).</remarks>
public static class OsRelease
{
    /// <summary>Where the file stands, the place that holds first.</summary>
    public static IReadOnlyList<string> Places { get; } = ["etc/os-release", "usr/lib/os-release"];

    /// <summary>Whether it is one.</summary>
    public static bool Is(string name) => Places.Contains(name);

    /// <summary>What the version is called: VERSION_ID, then VERSION_CODENAME; those that the file has.</summary>
    public static EquatableList<string> Versions(string text) =>
        new[] { Value(text, "VERSION_ID"), Value(text, "VERSION_CODENAME") }.OfType<string>().Where(Label.IsPlausible).ToEquatableList();

    /// <summary>The value of a key without its quotes; null when the file has none.</summary>
    public static string? Value(string text, string key)
    {
        foreach (var line in text.Split('\n'))
            if (line.StartsWith(key + "=", StringComparison.Ordinal)) return line[(key.Length + 1)..].Trim().Trim('"', '\'') is { Length: > 0 } value ? value : null;
        return null;
    }
}
