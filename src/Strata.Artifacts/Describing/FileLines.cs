using System.Runtime.CompilerServices;

namespace Strata.Artifacts.Describing;

/// <summary>Entries of a layer, read from its file index one at a time.</summary>
public static class FileLines
{
    /// <summary>The entries in the order of paths.</summary>
    /// <param name="index">files.json.</param>
    /// <param name="text">Stands in the path, the link's target or the package, in any case, or begins the SHA-256; empty for all.</param>
    /// <param name="kind">What stands there; null for all.</param>
    /// <exception cref="System.Text.Json.JsonException">It is no index.</exception>
    public static async IAsyncEnumerable<IndexedEntry> ReadEachAsync(Stream index, string text, IndexedKind? kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in FileIndex.ReadEachAsync(index, skip: 0, cancellation))
        {
            if (kind is { } wanted && entry.Kind != wanted) continue;
            if (text.Length == 0 || Has(entry.Path) || Has(entry.LinkTarget) || Has(entry.Package) || entry.Sha256?.StartsWith(text, StringComparison.OrdinalIgnoreCase) == true) yield return entry;
        }

        bool Has(string? name) => name?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
    }
}
