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

/// <summary>Makes the documents of a packed layer from its content: <c>layer.json</c>, <c>elf.json</c>, <c>files.json</c>, <c>sbom.spdx.json</c>, <c>sbom.cdx.json</c>.</summary>
/// <remarks>The one way by which a build from a recipe and a bare pair of trees are described, so that both give the same bytes.</remarks>
/// <param name="claims">What its makers say of it.</param>
public sealed class LayerAssembler(LayerClaims claims)
{
    /// <summary>Name of the description.</summary>
    public const string DescriptionName = "layer.json";

    /// <summary>Names under which the loader finds shared objects beneath the layer, see <see cref="SharedObjects"/>; null when that is not known.</summary>
    public IReadOnlySet<string>? Beneath { get; init; }

    /// <summary>Each document is written once with each of them before its name: the archive's stem and a dot, or nothing. Default nothing.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [""];

    /// <summary>Write nothing when there are findings. Default false.</summary>
    public bool Strict { get; init; }

    /// <summary>Inspects an archive, checks it, and writes its documents beside it: each whole or not at all, the description last.</summary>
    /// <param name="archive">The layer file.</param>
    /// <param name="packed">What is known of it from packing.</param>
    /// <exception cref="ContentMismatchException">The file is not what was packed.</exception>
    /// <exception cref="ArchiveRefusedException">It is no layer.</exception>
    public async Task<AssembledLayer> AssembleAsync(string archive, LayerArchive packed, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(archive))!;
        var inspected = await InspectAsync(archive, LayerDocuments.Inspection(() => SpoolFile.Create(folder)), cancellation);
        if (inspected.Digest != packed.Digest) throw new ContentMismatchException($"{archive} is {inspected.Digest}, and {packed.Digest} was packed: another process wrote to it.");
        var (described, mismatches) = LayerDescriber.Describe(claims, packed, inspected.Content);
        var findings = mismatches.Concat(LayerChecks.Judge(inspected.Content, new() { Architecture = claims.Platform.Architecture, Providers = Beneath })).ToEquatableList();
        return Strict && findings.Count > 0 ? new(described, findings) : new(await WriteAsync(folder, described, inspected.Content, cancellation), findings);
    }

    private async Task<LayerDescription> WriteAsync(string folder, LayerDescription description, LayerInspection content, CancellationToken cancellation)
    {
        var documents = new List<SideDocument>();
        foreach (var name in LayerDocuments.Names)
        {
            SideDocument? written = null;
            foreach (var prefix in Prefixes)
            {
                await BuildCache.WriteAsync(Path.Combine(folder, prefix + name), file =>
                {
                    written = LayerDocuments.Write(name, file, description, content);
                    return Task.CompletedTask;
                });
            }
            documents.Add(written!);
        }
        description = description with { Documents = documents.ToEquatableList() };
        foreach (var prefix in Prefixes)
            await BuildCache.WriteAsync(Path.Combine(folder, prefix + DescriptionName), file => file.WriteAsync(LayerDescriptionJson.Write(description), cancellation).AsTask());
        return description;
    }

    /// <summary>Inspects a layer file; device nodes, which no unit takes, are read and reported.</summary>
    /// <exception cref="ArchiveRefusedException">It is no layer.</exception>
    public static async Task<InspectedLayer> InspectAsync(string archive, InspectionOptions options, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        return await LayerInspector.InspectFileAsync(file, options with { Limits = options.Limits with { Devices = true } }, cancellation);
    }
}
