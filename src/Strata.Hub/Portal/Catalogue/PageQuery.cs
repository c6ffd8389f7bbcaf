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

    private const string FirstPlace = "offset";
    private const int LongestValue = 256;

    /// <summary>Rows on this page.</summary>
    public int Rows { get; init; } = PageSize;

    /// <summary>Reads a request's address.</summary>
    public static PageQuery Of(HttpContext context) => new(
        context.Request.Path.Value ?? "/",
        context.Request.Query.Select(q => (q.Key, Value: q.Value.ToString().Trim()))
            .Where(q => q.Value.Length is > 0 and <= LongestValue).ToDictionary(q => q.Key, q => q.Value, StringComparer.Ordinal))
    {
        Rows = context.Features.Get<Visit>()?.Rows ?? PageSize,
    };

    /// <summary>A value; empty when it is not asked for.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>Number of rows that stand before this page.</summary>
    public int Offset => OffsetOf(FirstPlace);

    private int OffsetOf(string place) => int.TryParse(this[place], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;

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
    /// <param name="place">Name of its offset in the address: each list of a page has one of its own.</param>
    public PagePart<T> Part<T>(IReadOnlyList<T> all, string place = FirstPlace) => Part([.. all.Skip(OffsetOf(place)).Take(Rows)], all.Count, place);

    /// <summary>The same, where the rows of this page were read already.</summary>
    public PagePart<T> Part<T>(T[] rows, int total, string place = FirstPlace) => new(rows, OffsetOf(place), total) { Place = place, Size = Rows };
}

/// <summary>Some rows of a list.</summary>
/// <param name="Offset">How many stand before them.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record PagePart<T>(T[] Rows, int Offset, int Total)
{
    /// <summary>Name of the offset in the address.</summary>
    public string Place { get; init; } = "offset";

    /// <summary>Rows of a whole page.</summary>
    public int Size { get; init; } = PageQuery.PageSize;

    /// <summary>The same part, each row as <paramref name="show"/> makes it: only what is shown is made.</summary>
    public PagePart<TShown> Select<TShown>(Func<T, TShown> show) => new([.. Rows.Select(show)], Offset, Total) { Place = Place, Size = Size };

    /// <summary>Place of the page before; null on the first.</summary>
    public int? Previous => Offset == 0 ? null : Math.Max(0, Offset - Size);

    /// <summary>Place of the next page; null on the last.</summary>
    public int? Next => Offset + Rows.Length < Total && Rows.Length > 0 ? Offset + Rows.Length : null;
}
