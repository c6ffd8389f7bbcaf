using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>What a search asks for.</summary>
/// <param name="Text">Words that must all be in what is found, in any case: in a layer's names and title; in a library's name, version, licence and sonames; in a file's path and soname.</param>
public sealed record CatalogueQuery(string Text)
{
    /// <summary>Most hits on a page.</summary>
    public const int MostHits = 100;

    /// <summary>Longest text, in characters; what stands behind is not looked at.</summary>
    public const int LongestText = 256;

    /// <summary>Null for all kinds.</summary>
    public HitKind? Kind { get; init; }

    /// <summary>Domain of the layer's owner; null for any.</summary>
    public string? Owner { get; init; }

    /// <summary>What the layer runs on, as <see cref="Model.Identity.Platform.ToString"/> writes it; null for any.</summary>
    public string? Platform { get; init; }

    /// <summary>A feature of the operating system that the layer asks for; null for any.</summary>
    public string? Feature { get; init; }

    /// <summary>Where a version that holds it stands in its life; null for any.</summary>
    public ReleaseState? State { get; init; }

    /// <summary>Where the page before ended; null for the first page.</summary>
    public CatalogueCursor? After { get; init; }

    /// <summary>Hits on the page, 1 to <see cref="MostHits"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The words of the text, folded, each once.</summary>
    internal IReadOnlyList<string> Words =>
        [.. IndexedThing.Fold(Given).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MostWords)];

    /// <summary>The <see cref="IndexedThing.Key"/> of what is called exactly so.</summary>
    internal string Key => IndexedThing.KeyOf(Given);

    private const int MostWords = 8;

    private string Given => IndexedThing.Clean(IndexedThing.Cut(Text, LongestText)).Trim();
}
