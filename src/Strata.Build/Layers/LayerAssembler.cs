using Strata.Artifacts.Describing;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Build.Layers;

/// <summary>Makes the documents of a packed layer from its content: <c>layer.json</c>, <c>elf.json</c>, <c>sbom.spdx.json</c>, <c>sbom.cdx.json</c>.</summary>
/// <remarks>The one way by which a build from a recipe and a bare pair of trees are described, so that both give the same bytes.</remarks>
public static class LayerAssembler
{
    /// <summary>Name of the description.</summary>
    public const string DescriptionName = "layer.json";

    /// <summary>Inspects an archive, checks it, and writes its documents beside each other.</summary>
    /// <param name="archive">The layer file.</param>
    /// <param name="packed">What is known of it from packing.</param>
    /// <param name="beneath">What the layer lies on, for rules that ask for it.</param>
    /// <param name="folder">Where the documents are written, each whole or not at all, the description last.</param>
    /// <param name="prefixes">Each document is written once with each of them before its name: the archive's stem and a dot, or nothing.</param>
    /// <param name="strict">Write nothing when there are findings.</param>
    /// <exception cref="ContentMismatchException">The file is not what was packed.</exception>
    /// <exception cref="ArchiveRefusedException">It is no layer.</exception>
    public static async Task<AssembledLayer> AssembleAsync(
        string archive, LayerArchive packed, LayerClaims claims, IReadOnlySet<string>? beneath, string folder, IReadOnlyList<string> prefixes, bool strict, CancellationToken cancellation)
    {
        var inspected = await InspectAsync(archive, LayerDocuments.Inspection(() => SpoolFile.Create(folder)), cancellation);
        if (inspected.Digest != packed.Digest) throw new ContentMismatchException($"{archive} is {inspected.Digest}, and {packed.Digest} was packed: another process wrote to it.");
        var described = LayerDescriber.Describe(claims, packed, inspected.Content);
        var findings = described.Mismatches.Concat(LayerChecks.Judge(inspected.Content, new() { Architecture = claims.Platform.Architecture, Providers = beneath })).ToEquatableList();
        if (strict && findings.Count > 0) return new(described.Description, findings);
        var documents = new List<SideDocument>();
        foreach (var name in LayerDocuments.Names)
        {
            foreach (var prefix in prefixes)
            {
                await BuildCache.WriteAsync(Path.Combine(folder, prefix + name), file =>
                {
                    var written = LayerDocuments.Write(name, file, described.Description, inspected.Content);
                    if (!documents.Contains(written)) documents.Add(written);
                    return Task.CompletedTask;
                });
            }
        }
        var description = described.Description with { Documents = documents.ToEquatableList() };
        foreach (var prefix in prefixes)
            await BuildCache.WriteAsync(Path.Combine(folder, prefix + DescriptionName), file => file.WriteAsync(LayerDescriptionJson.Write(description), cancellation).AsTask());
        return new(description, findings);
    }

    /// <summary>Inspects a layer file; device nodes, which no unit takes, are read and reported.</summary>
    /// <exception cref="ArchiveRefusedException">It is no layer.</exception>
    public static async Task<InspectedLayer> InspectAsync(string archive, InspectionOptions options, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        return await LayerInspector.InspectFileAsync(file, options with { Limits = options.Limits with { Devices = true } }, cancellation);
    }
}
