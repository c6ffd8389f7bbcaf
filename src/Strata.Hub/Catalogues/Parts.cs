namespace Strata.Hub.Catalogues;

/// <summary>Parts of what is read one after the other.</summary>
internal static class Parts
{
    /// <summary>Up to <paramref name="limit"/> rows behind the first <paramref name="offset"/>, and how many there are in all; no others are held.</summary>
    public static async Task<(T[] Rows, int Total)> PartAsync<T>(this IAsyncEnumerable<T> lines, int offset, int limit, CancellationToken cancellation)
    {
        var (rows, total) = (new List<T>(limit), 0);
        await foreach (var line in lines.WithCancellation(cancellation))
            if (total++ >= offset && rows.Count < limit) rows.Add(line);
        return ([.. rows], total);
    }
}
