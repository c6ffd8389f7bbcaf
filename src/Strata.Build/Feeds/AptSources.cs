namespace Strata.Build.Feeds;

/// <summary>The machine's package sources, cut to one suite and what belongs to it: the suite itself, its updates, its security.</summary>
/// <remarks>Other archives that the machine uses are left out, so that a layer holds what the suite has and nothing else. Source: sources.list(5).</remarks>
internal static class AptSources
{
    private const string Folder = "/etc/apt";

    /// <summary>Writes the sources of <paramref name="suite"/> into <paramref name="target"/>; gives their number.</summary>
    public static int CopyOf(string suite, string target)
    {
        var count = 0;
        foreach (var file in Files())
        {
            var text = File.ReadAllText(file);
            var kept = file.EndsWith(".sources", StringComparison.Ordinal) ? Stanzas(text, suite) : Lines(text, suite);
            if (kept.Count == 0) continue;
            count += kept.Count;
            File.WriteAllText(Path.Combine(target, Path.GetFileName(file)), string.Concat(kept));
        }
        return count;
    }

    /// <summary>The deb822 stanzas for packages of <paramref name="suite"/>.</summary>
    internal static IReadOnlyList<string> Stanzas(string text, string suite) =>
    [
        .. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(stanza => Words(stanza, "Types:").Contains("deb") && Words(stanza, "Suites:").Any(s => IsOf(s, suite)) && !Words(stanza, "Enabled:").Contains("no"))
            .Select(stanza => stanza.Trim('\n') + "\n\n"),
    ];

    /// <summary>The one-line entries for packages of <paramref name="suite"/>.</summary>
    internal static IReadOnlyList<string> Lines(string text, string suite) =>
    [
        .. text.ReplaceLineEndings("\n").Split('\n')
            .Where(line => line.StartsWith("deb ", StringComparison.Ordinal) && IsOf(SuiteOf(line), suite))
            .Select(line => line + "\n"),
    ];

    private static IEnumerable<string> Files()
    {
        var parts = Path.Combine(Folder, "sources.list.d");
        var list = Path.Combine(Folder, "sources.list");
        if (File.Exists(list)) yield return list;
        if (!Directory.Exists(parts)) yield break;
        foreach (var file in Directory.EnumerateFiles(parts).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".list" or ".sources") yield return file;
        }
    }

    private static string[] Words(string stanza, string key) => stanza.Split('\n')
        .FirstOrDefault(line => line.StartsWith(key, StringComparison.OrdinalIgnoreCase))?[key.Length..]
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    // deb [options] uri suite components
    private static string SuiteOf(string line)
    {
        var rest = line[4..].TrimStart();
        if (rest.StartsWith('[')) rest = rest[(rest.IndexOf(']', StringComparison.Ordinal) + 1)..];
        var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 ? words[1] : "";
    }

    private static bool IsOf(string name, string suite) =>
        name == suite || name.StartsWith(suite + "-", StringComparison.Ordinal) || name.StartsWith(suite + "/", StringComparison.Ordinal);
}
