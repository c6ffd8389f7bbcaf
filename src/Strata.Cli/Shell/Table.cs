namespace Strata.Cli.Shell;

/// <summary>Rows in aligned columns, for people.</summary>
internal static class Table
{
    private const string Gap = "  ";

    /// <summary>Writes the heads and rows; nothing is cut, and the last column is not padded.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [heads, .. rows];
        var widths = Enumerable.Range(0, heads.Count).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            output.WriteLine(string.Join(Gap, row.Select((cell, column) => column == row.Count - 1 ? cell : cell.PadRight(widths[column]))).TrimEnd());
    }
}
