using System.Runtime.CompilerServices;

namespace Strata.Artifacts.Describing;

/// <summary>A symbol of a file of a layer.</summary>
/// <param name="File">Path of the ELF file.</param>
/// <param name="Symbol">As <c>nm -D</c> writes it.</param>
/// <param name="IsDefined">The file gives it; otherwise it takes it from another.</param>
public sealed record SymbolLine(string File, string? Soname, string Symbol, bool IsDefined);

/// <summary>Symbols of a layer, read from its ELF index one file at a time.</summary>
public static class SymbolLines
{
    /// <summary>The symbols in the index's order.</summary>
    /// <param name="index">elf.json.</param>
    /// <param name="text">Stands in the symbol, the soname or the path, in any case; empty for all.</param>
    /// <param name="isDefined">Those that files give, or those that they take; null for both.</param>
    /// <exception cref="System.Text.Json.JsonException">It is no index.</exception>
    public static async IAsyncEnumerable<SymbolLine> ReadEachAsync(Stream index, string text, bool? isDefined, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var binary in ElfIndex.ReadEachAsync(index, cancellation))
        {
            var isNamed = Has(binary.Path) || (binary.Elf.Soname is { } soname && Has(soname));
            foreach (var symbol in binary.Elf.Symbols)
            {
                if (isDefined is { } side && symbol.IsDefined != side) continue;
                if (isNamed || Has(symbol.Name)) yield return new(binary.Path, binary.Elf.Soname, symbol.ToString(), symbol.IsDefined);
            }
        }

        bool Has(string name) => text.Length == 0 || name.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
