using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>What the address of a page asks for: filters, order, place in the list.</summary>
/// <param name="Path">The page, without its query.</param>
/// <param name="Values">The query's first value for each name; blank ones are left out.</param>
public sealed record PageQuery(string Path, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Rows on a page of a list.</summary>
    public const int PageSize = 50;

    private const int LongestValue = 256;

    /// <summary>Reads a request's address.</summary>
    public static PageQuery Of(HttpContext context) => new(
        context.Request.Path.Value ?? "/",
        context.Request.Query.Select(q => (q.Key, Value: q.Value.ToString().Trim()))
            .Where(q => q.Value.Length is > 0 and <= LongestValue).ToDictionary(q => q.Key, q => q.Value, StringComparer.Ordinal));

    /// <summary>A value; empty when it is not asked for.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>Number of rows that stand before this page.</summary>
    public int Offset => int.TryParse(this["offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    /// <summary>Whether some filter of the page is set.</summary>
    public bool Filters(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Values.ContainsKey(name)) return true;
        return false;
    }

    /// <summary>The same page's address with another value; null or empty takes it out. All but a change of the place begins at the first row again.</summary>
    public string With(string name, string? value)
    {
        var values = Values.Where(v => v.Key != name && v.Key is not ("offset" or "after")).Select(v => KeyValuePair.Create(v.Key, (string?)v.Value));
        if (!string.IsNullOrEmpty(value)) values = values.Append(KeyValuePair.Create(name, (string?)value));
        return QueryHelpers.AddQueryString(Path, values);
    }

    /// <summary>The part of a list that this page shows.</summary>
    public PagePart<T> Part<T>(IReadOnlyList<T> all) => new([.. all.Skip(Offset).Take(PageSize)], Offset, all.Count);
}

/// <summary>Some rows of a list.</summary>
/// <param name="Offset">How many stand before them.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record PagePart<T>(T[] Rows, int Offset, int Total)
{
    /// <summary>The same part, each row as <paramref name="show"/> makes it: only what is shown is made.</summary>
    public PagePart<TShown> Select<TShown>(Func<T, TShown> show) => new([.. Rows.Select(show)], Offset, Total);

    /// <summary>Place of the page before; null on the first.</summary>
    public int? Previous => Offset == 0 ? null : Math.Max(0, Offset - PageQuery.PageSize);

    /// <summary>Place of the next page; null on the last.</summary>
    public int? Next => Offset + Rows.Length < Total && Rows.Length > 0 ? Offset + Rows.Length : null;
}
