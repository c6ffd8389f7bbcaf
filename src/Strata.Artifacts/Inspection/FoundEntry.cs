using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Inspection;

/// <summary>An entry of a layer and what is known of it beyond its header.</summary>
/// <param name="Sha256">Of a file's bytes, in lower-case hex; null for everything else.</param>
/// <param name="Package">Name of the package that owns it; null when none does.</param>
public sealed record FoundEntry(TarEntry Entry, string? Sha256, string? Package);
