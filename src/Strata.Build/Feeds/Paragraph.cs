using System.Text;

namespace Strata.Build.Feeds;

/// <summary>One paragraph of a package index or database, as it is written.</summary>
/// <param name="Text">Whole lines; lines that go on a value begin with a blank.</param>
/// <remarks>Source: Debian policy 5.1.</remarks>
internal sealed record Paragraph(string Text)
{
    // The longest real ones list some thousand files.
    private const int MostCharacters = 4 << 20;

    /// <summary>When the file that it stands in was written, milliseconds since 1970; 0 when that does not matter.</summary>
    public long WrittenAt { get; init; }

    /// <summary>The paragraphs of a file, one after the other.</summary>
    /// <exception cref="InvalidDataException">One is longer than any real one.</exception>
    public static IEnumerable<Paragraph> ReadAll(string file)
    {
        using var reader = new StreamReader(file);
        foreach (var paragraph in ReadAll(reader, file)) yield return paragraph;
    }

    /// <summary>The paragraphs of a text.</summary>
    /// <param name="name">Of the file, for the message.</param>
    public static IEnumerable<Paragraph> ReadAll(TextReader reader, string name)
    {
        var text = new StringBuilder();
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                text.Append(line).Append('\n');
                if (text.Length > MostCharacters) throw new InvalidDataException($"{name} is no list of packages: one entry has more than {MostCharacters} characters.");
            }
            else if (text.Length > 0)
            {
                yield return new(text.ToString());
                text.Clear();
            }
        }
        if (text.Length > 0) yield return new(text.ToString());
    }

    /// <summary>The first line of a field's value; empty when there is no such field.</summary>
    public string Value(string field)
    {
        foreach (var line in Text.AsSpan().EnumerateLines())
        {
            if (line.Length > field.Length && line[field.Length] == ':' && line.StartsWith(field, StringComparison.OrdinalIgnoreCase))
                return line[(field.Length + 1)..].Trim().ToString();
        }
        return "";
    }

    /// <summary>The text without some fields, a line feed at its end.</summary>
    public string Without(params ReadOnlySpan<string> fields)
    {
        var kept = new StringBuilder(Text.Length);
        var keeps = true;
        foreach (var line in Text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty) continue;
            if (!char.IsWhiteSpace(line[0]))
            {
                keeps = true;
                foreach (var field in fields) keeps &= !(line.Length > field.Length && line[field.Length] == ':' && line.StartsWith(field, StringComparison.OrdinalIgnoreCase));
            }
            if (keeps) kept.Append(line).Append('\n');
        }
        return kept.ToString();
    }
}
