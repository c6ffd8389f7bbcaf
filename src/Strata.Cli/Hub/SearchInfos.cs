namespace Strata.Cli.Hub;

/// <summary>What is searched for; null is any.</summary>
internal sealed record SearchQuery(string Text, string? Kind = null, string? Owner = null, string? Platform = null, string? Feature = null, string? State = null);

/// <summary>A part of what a search found.</summary>
/// <param name="NextCursor">Asks for what follows; null at the end.</param>
/// <param name="Behind">Changes of the hub that its index has not taken in yet.</param>
internal sealed record SearchInfo(SearchHitInfo[] Items, string? NextCursor, long Behind);

/// <summary>Something that a search found.</summary>
/// <param name="Kind"><c>layer</c>, <c>library</c> or <c>file</c>.</param>
/// <param name="LayerVersion">The version that was published last of those that hold it.</param>
/// <param name="Versions">Runs of versions that hold it; none for a layer.</param>
internal sealed record SearchHitInfo(
    string Kind, string Name, string? Version, string? Type, string? License, string[] Sonames,
    string LayerId, string Layer, string Owner, string LayerVersion, string? Platform, VersionSpanInfo[] Versions);

/// <summary>Versions of a layer that were published one after another.</summary>
internal sealed record VersionSpanInfo(string First, string Last, bool IsOpen);
