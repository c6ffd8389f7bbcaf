namespace Strata.Hub.Catalogues;

/// <summary>One page of what a search found.</summary>
/// <remarks>Nobody counts what there is in all: that would cost as much as showing it.</remarks>
/// <param name="Hits">Layers first, then libraries, then files; of each those that are called exactly so first, and what was published last before what was published earlier.</param>
/// <param name="Next">Where the next page begins; null when there is no more. A page looks at a bounded number of rows: it may be short, even empty, and yet have a next one.</param>
/// <param name="Behind">Changes of the hub that the index has not taken in yet; while it is made anew, many.</param>
public sealed record CataloguePage(IReadOnlyList<CatalogueHit> Hits, CatalogueCursor? Next, long Behind);
