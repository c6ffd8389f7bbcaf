namespace Strata.Artifacts.Inspection;

/// <summary>Reads the paragraphs of Debian control files and the headers of Python metadata: <c>Key: value</c>, lines that go on begin with a blank.</summary>
/// <remarks>Source: Debian policy 5.1; Python core metadata, RFC 822 headers.</remarks>
public static class ControlFile
{
    /// <summary>The paragraphs of <paramref name="text"/>; of a key given twice the first value, of a value over several lines the first line.</summary>
    /// <param name="whole">A key of whose value all lines are kept.</param>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Paragraphs(string text, string? whole = null)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        List<string>? lines = null;
        foreach (var line in text.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                Close();
                if (fields.Count > 0) yield return fields;
                fields = new(StringComparer.OrdinalIgnoreCase);
            }
            else if (char.IsWhiteSpace(line[0]))
            {
                lines?.Add(line);
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                Close();
                var (key, value) = (line[..colon], line[(colon + 1)..].Trim());
                if (fields.TryAdd(key, value) && key.Equals(whole, StringComparison.OrdinalIgnoreCase)) lines = [value];
            }
        }
        Close();
        if (fields.Count > 0) yield return fields;

        void Close()
        {
            if (lines is not null) fields[whole!] = string.Join('\n', lines);
            lines = null;
        }
    }
}
