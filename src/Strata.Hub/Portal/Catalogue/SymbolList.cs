using Strata.Artifacts.Describing;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>A symbol of a file of a layer.</summary>
/// <param name="File">Path of the ELF file.</param>
/// <param name="Symbol">As <c>nm -D</c> writes it.</param>
/// <param name="IsDefined">The file gives it; otherwise it takes it from another.</param>
public sealed record SymbolLine(string File, string? Soname, string Symbol, bool IsDefined);

/// <summary>Symbols of a layer as a page shows them, read from its ELF index one file at a time.</summary>
internal static class SymbolList
{
    /// <summary>The part that a page asks for: <c>q</c> is in the symbol, the soname or the path, <c>side</c> is <c>gives</c> or <c>takes</c>.</summary>
    /// <param name="index">elf.json.</param>
    public static async Task<PagePart<SymbolLine>> ReadAsync(Stream index, PageQuery query, CancellationToken cancellation)
    {
        var (text, side, offset) = (query["q"], query["side"], query.Offset);
        var rows = new List<SymbolLine>(PageQuery.PageSize);
        var total = 0;
        await foreach (var binary in ElfIndex.ReadEachAsync(index, cancellation))
        {
            var isNamed = Has(binary.Path) || (binary.Elf.Soname is { } soname && Has(soname));
            foreach (var symbol in binary.Elf.Symbols)
            {
                if (side == "gives" && !symbol.IsDefined || side == "takes" && symbol.IsDefined) continue;
                if (!isNamed && !Has(symbol.Name)) continue;
                if (total++ >= offset && rows.Count < PageQuery.PageSize) rows.Add(new(binary.Path, binary.Elf.Soname, symbol.ToString(), symbol.IsDefined));
            }
        }
        return new([.. rows], offset, total);

        bool Has(string name) => text.Length == 0 || name.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
