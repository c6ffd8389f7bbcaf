using Strata.Model.Identity;

namespace Strata.Model.Layers;

/// <summary>A document that stands beside <c>layer.json</c> and is derived from the same content.</summary>
/// <param name="Name">File name: <c>elf.json</c>, <c>files.json</c>, <c>sbom.cdx.json</c>, <c>sbom.spdx.json</c>.</param>
/// <param name="Digest">Of the document.</param>
/// <param name="Size">In bytes.</param>
public sealed record SideDocument(string Name, Digest Digest, long Size);
