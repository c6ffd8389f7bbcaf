using System.Globalization;
using System.Text;
using Strata.Artifacts.Yaml;

namespace Strata.Cli.Shell;

/// <summary>Shows a change of a text as <c>diff -u</c> does: one hunk from the first line that differs to the last.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The difference; empty when there is none.</summary>
    /// <param name="name">The file's name in the head.</param>
    public static string Of(string name, string before, string after)
    {
        if (before == after) return "";
        var (old, changed) = (TextLines.Of(before), TextLines.Of(after));
        var shorter = Math.Min(old.Count, changed.Count);
        var (same, sameEnd) = (0, 0);
        while (same < shorter && old[same] == changed[same]) same++;
        while (sameEnd < shorter - same && old[^(sameEnd + 1)] == changed[^(sameEnd + 1)]) sameEnd++;
        var from = Math.Max(0, same - Context);
        var (oldEnd, newEnd) = (old.Count - sameEnd, changed.Count - sameEnd);
        var behind = Math.Min(Context, sameEnd);

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"--- {name}\n+++ {name}\n@@ -{from + 1},{oldEnd + behind - from} +{from + 1},{newEnd + behind - from} @@\n");
        foreach (var line in old.Take(same).Skip(from)) Append(text, ' ', line);
        foreach (var line in old.Take(oldEnd).Skip(same)) Append(text, '-', line);
        foreach (var line in changed.Take(newEnd).Skip(same)) Append(text, '+', line);
        foreach (var line in old.Skip(oldEnd).Take(behind)) Append(text, ' ', line);
        return text.ToString();
    }

    private static void Append(StringBuilder text, char mark, string line)
    {
        text.Append(mark).Append(line);
        if (!line.EndsWith('\n')) text.Append("\n\\ No newline at end of file\n");
    }
}
