namespace Strata.Hub.Catalogues;

/// <summary>A part of what a search found. Nobody counts the whole.</summary>
/// <param name="NextCursor">Asks, as <c>cursor</c>, for what follows; null at the end. A part may be short, even empty, and yet have a next one.</param>
/// <param name="Behind">Changes of the hub that the index has not taken in yet.</param>
public sealed record SearchDocument(SearchHitDocument[] Items, string? NextCursor, long Behind);

/// <summary>Something that a search found, in one layer and for one platform.</summary>
/// <param name="Kind"><c>layer</c>, <c>library</c> or <c>file</c>.</param>
/// <param name="Name">The layer's codename, the library's name, or the file's path.</param>
/// <param name="Version">The library's.</param>
/// <param name="Type">The library's.</param>
/// <param name="License">The library's, as it states it.</param>
/// <param name="LayerVersion">The version that was published last of those that hold it and pass the filters.</param>
/// <param name="Platform">Null for a layer.</param>
/// <param name="Versions">Runs of versions that hold it, published last first; none for a layer.</param>
public sealed record SearchHitDocument(
    string Kind,
    string Name,
    string? Version,
    string? Type,
    string? License,
    string[] Sonames,
    Guid LayerId,
    string Layer,
    string Owner,
    string LayerVersion,
    string? Platform,
    VersionSpanDocument[] Versions);

/// <summary>Versions of a layer that were published one after another.</summary>
/// <param name="IsOpen">The last one is the one that was published last of all.</param>
public sealed record VersionSpanDocument(string First, string Last, bool IsOpen);
