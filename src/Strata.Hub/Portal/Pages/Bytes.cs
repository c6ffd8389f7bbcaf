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

    /// <summary>A list in one line; a dash for none.</summary>
    public static string OrNone(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "-";
}
