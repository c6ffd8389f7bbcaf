using Strata.Artifacts.Describing;
using Strata.Hub.Catalogues;

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
        if (text.Length == 0 && kind.Length == 0)
        {
            var rows = new List<IndexedEntry>(query.Rows);
            await foreach (var entry in FileIndex.ReadEachAsync(index, offset, cancellation))
            {
                if (rows.Count == query.Rows) break;
                rows.Add(entry);
            }
            return query.Part([.. rows], entries);
        }
        IndexedKind? only = Enum.TryParse<IndexedKind>(kind, out var known) ? known : null;
        if (kind.Length > 0 && only is null) return query.Part<IndexedEntry>([], 0);
        var (found, total) = await FileLines.ReadEachAsync(index, text, only, cancellation).PartAsync(offset, query.Rows, cancellation);
        return query.Part(found, total);
    }
}
