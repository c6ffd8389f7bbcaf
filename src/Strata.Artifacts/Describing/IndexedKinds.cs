using System.Text.Json;

namespace Strata.Artifacts.Describing;

/// <summary>The words for what stands at a path, as <c>files.json</c>, the hub's API and the command line write them.</summary>
public static class IndexedKinds
{
    /// <summary>Each kind by its word: <c>symbolicLink</c>.</summary>
    public static IReadOnlyDictionary<string, IndexedKind> ByWord { get; } = Enum.GetValues<IndexedKind>().ToDictionary(Word, StringComparer.Ordinal);

    /// <summary>The word for <paramref name="kind"/>.</summary>
    public static string Word(this IndexedKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
