using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strata.Hub.Listeners;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary>An order in which a list can be read.</summary>
/// <param name="Name">As the query parameter <c>ordering</c> names it; a <c>-</c> before it turns it round.</param>
/// <param name="By">What rows are compared by, ordinally; rows that are equal in it are ordered by their key.</param>
internal sealed record Order<TRow>(string Name, Func<TRow, string> By);

/// <summary>A list that is read in parts: in which orders, and by which key a reader goes on where it ended, whatever came in or went meanwhile.</summary>
/// <param name="key">What stays the same of a row for as long as it is there, and is no other's.</param>
/// <param name="default">The order without <c>ordering</c>: a name of <paramref name="orders"/>, with <c>-</c> before it or not.</param>
internal sealed class Listing<TRow>(Func<TRow, string> key, string @default, params IReadOnlyList<Order<TRow>> orders)
{
    private const string OrderingParameter = "ordering", CursorParameter = "cursor", OffsetParameter = "offset";
    private const int LongestCursor = 4096;

    /// <summary>What <c>ordering</c> may be.</summary>
    public IReadOnlyList<string> Orderings { get; } = [.. orders.SelectMany(o => new[] { o.Name, $"-{o.Name}" })];

    /// <summary>What <c>ordering</c> is when it is not said.</summary>
    public string Default => @default;

    /// <summary>The part of <paramref name="rows"/> that the request asks for, or every mistake in how it asks.</summary>
    public IResult Page<T>(HttpContext context, IEnumerable<TRow> rows, Func<TRow, T> document, JsonTypeInfo<Page<T>> type)
    {
        var (part, mistakes) = Read(context.Request.Query);
        if (part is null) return Problems.Answer(StatusCodes.Status400BadRequest, mistakes);
        var by = orders.First(o => o.Name == part.Ordering.TrimStart('-')).By;
        var sign = part.Ordering[0] == '-' ? -1 : 1;
        int Compare((string By, string Key) left, (string By, string Key) right) =>
            sign * (string.CompareOrdinal(left.By, right.By) is var order and not 0 ? order : string.CompareOrdinal(left.Key, right.Key));

        var all = rows.Select(row => (Row: row, At: (By: by(row), Key: key(row)))).ToList();
        var rest = part.After is { } after ? all.Where(r => Compare(r.At, after) > 0).ToList() : all;
        var items = rest.OrderBy(r => r.At, Comparer<(string, string)>.Create(Compare)).Skip(part.Offset).Take(part.Limit).ToList();
        var isEnd = items.Count == 0 || part.Offset + items.Count >= rest.Count;
        return TypedResults.Json(
            new Page<T>([.. items.Select(r => document(r.Row))], all.Count, all.Count - rest.Count + part.Offset, isEnd ? null : Cursor(part.Ordering, items[^1].At)), type);
    }

    private (Part? Part, List<string> Mistakes) Read(IQueryCollection query)
    {
        var mistakes = new List<string>();
        var ordering = query[OrderingParameter].ToString();
        if (ordering.Length > 0 && !Orderings.Contains(ordering)) mistakes.Add($"{OrderingParameter}: '{Quote.Short(ordering)}' is none of {string.Join(", ", Orderings)}.");
        (string, string)? after = null;
        if (query[CursorParameter].ToString() is { Length: > 0 } cursor)
        {
            if (Parse(cursor) is not [var told, var by, var at] || !Orderings.Contains(told)) mistakes.Add($"{CursorParameter}: the next_cursor of an earlier answer of this list is expected.");
            else if (ordering.Length > 0 && ordering != told) mistakes.Add($"{CursorParameter}: it goes on in the order '{told}'; leave {OrderingParameter} out, or begin anew.");
            else (ordering, after) = (told, (by, at));
            if (query.ContainsKey(OffsetParameter)) mistakes.Add($"{OffsetParameter}: a cursor says already where to go on; give one of the two.");
        }
        var offset = Requests.Number(query, OffsetParameter, 0, int.MaxValue, mistakes);
        var limit = Requests.Number(query, "limit", Requests.MostOnAPage, Requests.MostOnAPage, mistakes);
        return mistakes.Count > 0 ? (null, mistakes) : (new(ordering.Length > 0 ? ordering : @default, after, offset, limit), mistakes);
    }

    private static string Cursor(string ordering, (string By, string Key) at) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes([ordering, at.By, at.Key], ApiJson.Default.StringArray));

    private static string[]? Parse(string cursor)
    {
        try
        {
            return cursor.Length > LongestCursor ? null : JsonSerializer.Deserialize(Base64Url.DecodeFromChars(cursor), ApiJson.Default.StringArray);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record Part(string Ordering, (string, string)? After, int Offset, int Limit);
}
