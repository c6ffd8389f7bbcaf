namespace Strata.Artifacts.Yaml;

/// <summary>Takes a text apart into lines that put together are the text again, byte for byte.</summary>
public static class TextLines
{
    /// <summary>The lines with their ends; the last has none when the text ends without one.</summary>
    public static List<string> Of(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var at ? at + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }
}
