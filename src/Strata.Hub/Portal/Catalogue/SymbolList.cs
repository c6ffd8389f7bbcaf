using Strata.Artifacts.Describing;
using Strata.Hub.Catalogues;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Symbols of a layer as a page shows them.</summary>
internal static class SymbolList
{
    /// <summary>The part that a page asks for: <c>q</c> is in the symbol, the soname or the path, <c>side</c> is <c>gives</c> or <c>takes</c>.</summary>
    /// <param name="index">elf.json.</param>
    public static async Task<PagePart<SymbolLine>> ReadAsync(Stream index, PageQuery query, CancellationToken cancellation)
    {
        var lines = SymbolLines.ReadEachAsync(index, query["q"], query["side"] switch { "gives" => true, "takes" => false, _ => null }, cancellation);
        var (rows, total) = await lines.PartAsync(query.Offset, query.Rows, cancellation);
        return query.Part(rows, total);
    }
}
