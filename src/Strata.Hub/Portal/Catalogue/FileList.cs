using Strata.Artifacts.Describing;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Entries of a layer as a page shows them, read from its file index one line at a time.</summary>
internal static class FileList
{
    /// <summary>The part that a page asks for: <c>q</c> is in the path, the link's target or the package, or begins the SHA-256; <c>kind</c> keeps one kind of entry.</summary>
    /// <param name="index">files.json.</param>
    /// <param name="entries">How many stand in it: without a filter the rest need not be read to count them.</param>
    public static async Task<PagePart<IndexedEntry>> ReadAsync(Stream index, PageQuery query, int entries, CancellationToken cancellation)
    {
        var (text, kind, offset) = (query["q"], query["kind"], query.Offset);
        var rows = new List<IndexedEntry>(PageQuery.PageSize);
        if (text.Length == 0 && kind.Length == 0)
        {
            await foreach (var entry in FileIndex.ReadEachAsync(index, offset, cancellation))
            {
                if (rows.Count == PageQuery.PageSize) break;
                rows.Add(entry);
            }
            return new([.. rows], offset, entries);
        }
        var total = 0;
        await foreach (var entry in FileIndex.ReadEachAsync(index, 0, cancellation))
            if ((kind.Length == 0 || entry.Kind.ToString() == kind) && IsMeant(entry) && total++ >= offset && rows.Count < PageQuery.PageSize) rows.Add(entry);
        return new([.. rows], offset, total);

        bool IsMeant(IndexedEntry entry) => text.Length == 0 || Has(entry.Path) || Has(entry.LinkTarget) || Has(entry.Package)
            || entry.Sha256?.StartsWith(text, StringComparison.OrdinalIgnoreCase) == true;
        bool Has(string? value) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
    }
}
