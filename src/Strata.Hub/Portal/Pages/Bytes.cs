using System.Globalization;

namespace Strata.Hub.Portal.Pages;

/// <summary>Small texts of the pages.</summary>
internal static class Bytes
{
    /// <summary>Bytes as people read them, in powers of ten.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A moment as people read it, in UTC.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A list in one line, the first of them and how many more there are; a dash for none.</summary>
    public static string OrNone(IEnumerable<string> items, int most = 20)
    {
        var all = items.ToList();
        return all.Count == 0 ? "-" : string.Join(", ", all.Take(most).Select(i => Short(i))) + (all.Count > most ? $" and {Number(all.Count - most)} more" : "");
    }

    /// <summary>A number as people read it.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A text where there is no room for a long one: its begin, and three dots for the rest.</summary>
    /// <param name="most">Longest text that is left whole, in characters.</param>
    public static string? Short(string? text, int most = 160) =>
        text is null || text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
