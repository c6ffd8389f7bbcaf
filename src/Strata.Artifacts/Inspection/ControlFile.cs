namespace Strata.Artifacts.Inspection;

/// <summary>Reads the paragraphs of Debian control files and the headers of Python metadata: <c>Key: value</c>, lines that go on begin with a blank.</summary>
/// <remarks>Source: Debian policy 5.1; Python core metadata, RFC 822 headers.</remarks>
public static class ControlFile
{
    /// <summary>The paragraphs of <paramref name="text"/>; of a key given twice the first value, of a value over several lines the first line.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Paragraphs(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                if (fields.Count > 0) yield return fields;
                fields = new(StringComparer.OrdinalIgnoreCase);
            }
            else if (!char.IsWhiteSpace(line[0]) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields.TryAdd(line[..colon], line[(colon + 1)..].Trim());
            }
        }
        if (fields.Count > 0) yield return fields;
    }
}
