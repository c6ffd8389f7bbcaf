using Strata.Model.Identity;

namespace Strata.Artifacts.Yaml;

/// <summary>Puts the entries of a list whose key stands twice under the key's first place.</summary>
/// <remarks>
/// Lines are moved and indented as whole lines; comments and everything else stay byte for byte. The result is kept only when it reads
/// as the same document that the two lists together made, so a text that is laid out in a way that this does not foresee stays as it is.
/// </remarks>
public static class RepeatedKeyMender
{
    private const int MostRounds = 100;

    /// <summary>Mends what can be mended.</summary>
    /// <returns>The new text, the same object when there was nothing to do, and a sentence for each key that was mended.</returns>
    public static (string Text, EquatableList<string> Done) Mend(string text)
    {
        var done = new List<string>();
        for (var round = 0; round < MostRounds; round++)
        {
            var (before, repeated) = Read(text);
            var next = repeated.Select(r => (Repeated: r, Text: Join(text, r))).FirstOrDefault(t => t.Text is not null && IsSame(before, Read(t.Text).Root));
            if (next.Text is null) break;
            text = next.Text;
            done.Add($"The entries of '{Quote.Short(next.Repeated.Key)}' on line {next.Repeated.Again.Line} were put into the list that begins on line {next.Repeated.First.Line}.");
        }
        return (text, done.ToEquatableList());
    }

    private static (YamlNode? Root, List<RepeatedList> Repeated) Read(string text)
    {
        var repeated = new List<RepeatedList>();
        return (YamlDocument.Read(text, new MistakeList(""), repeated), repeated);
    }

    /// <summary>The text with one key fewer; null when the two lists are not written as lines that begin with a dash.</summary>
    private static string? Join(string text, RepeatedList repeated)
    {
        var lines = TextLines.Of(text);
        var (first, again, column) = (repeated.First.Line - 1, repeated.Again.Line - 1, repeated.Again.Column - 1);
        if (first >= again || repeated.First.Column - 1 != column) return null;
        if (Head(lines[first], column, repeated.Key) is null || Head(lines[again], column, repeated.Key) is not { } comment) return null;
        if (lines[again].AsSpan(0, column).Trim(' ').Length > 0) return null;
        var (end, last) = (End(lines, first, column), End(lines, again, column));
        if (Dash(lines, first, end) is not { } dash || Dash(lines, again, last) is not { } otherDash) return null;

        var moved = new List<string>();
        var newLine = lines[again].EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        if (comment.Length > 0) moved.Add(new string(' ', dash) + comment + newLine);
        foreach (var line in lines.Skip(again + 1).Take(last - again - 1))
        {
            if (Shifted(line, dash - otherDash) is not { } shifted) return null;
            moved.Add(shifted.EndsWith('\n') ? shifted : shifted + newLine);
        }
        // What stands between the two lists stays above the second, unless it is a key of its own.
        var between = lines.GetRange(end, again - end);
        var isNext = between.TrueForAll(IsBlankOrComment);
        List<string> joined = isNext
            ? [.. lines.Take(again), .. moved, .. lines.Skip(last)]
            : [.. lines.Take(end), .. moved, .. between, .. lines.Skip(last)];
        if (isNext && last == lines.Count && !text.EndsWith('\n')) joined[^1] = joined[^1].TrimEnd('\n', '\r');
        return string.Concat(joined);
    }

    /// <summary>The comment behind <c>key:</c>, empty for none; null when the line is not the key with its list on the lines below.</summary>
    private static string? Head(string line, int column, string key)
    {
        if (column > line.Length) return null;
        var rest = line[column..];
        var written = new[] { key, $"'{key}'", $"\"{key}\"" }.FirstOrDefault(w => rest.StartsWith($"{w}:", StringComparison.Ordinal));
        if (written is null) return null;
        rest = rest[(written.Length + 1)..];
        var comment = rest.Trim();
        return comment.Length == 0 || (comment[0] == '#' && rest[0] == ' ') ? comment : null;
    }

    /// <summary>The line behind the last one that belongs to the list.</summary>
    private static int End(List<string> lines, int head, int column)
    {
        var end = head + 1;
        for (var line = head + 1; line < lines.Count; line++)
        {
            if (IsBlankOrComment(lines[line])) continue;
            var indent = Indent(lines[line]);
            if (indent < column || (indent == column && !IsDash(lines[line], indent))) break;
            end = line + 1;
        }
        return end;
    }

    private static int? Dash(List<string> lines, int head, int end)
    {
        var first = lines.FindIndex(head + 1, end - head - 1, l => !IsBlankOrComment(l));
        if (first < 0) return null;
        var indent = Indent(lines[first]);
        return IsDash(lines[first], indent) ? indent : null;
    }

    private static string? Shifted(string line, int by)
    {
        if (line.AsSpan().Trim().Length == 0 || by == 0) return line;
        if (by > 0) return new string(' ', by) + line;
        var indent = Indent(line);
        if (indent >= -by) return line[-by..];
        return IsBlankOrComment(line) ? line[indent..] : null;
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static bool IsDash(string line, int indent) => line.AsSpan(indent).StartsWith("- ") || line.AsSpan(indent).Trim().SequenceEqual("-");

    private static bool IsBlankOrComment(string line) => line.AsSpan().Trim() is { Length: 0 } or ['#', ..];

    private static bool IsSame(YamlNode? left, YamlNode? right) => (left, right) switch
    {
        (YamlScalar a, YamlScalar b) => a.Value == b.Value && a.IsPlain == b.IsPlain,
        (YamlSequence a, YamlSequence b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(p => IsSame(p.First, p.Second)),
        (YamlMapping a, YamlMapping b) => a.Entries.Count == b.Entries.Count && a.Entries.Zip(b.Entries).All(p => IsSame(p.First.Key, p.Second.Key) && IsSame(p.First.Value, p.Second.Value)),
        _ => false,
    };
}
