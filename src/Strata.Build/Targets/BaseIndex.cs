using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Build.Trees;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>A base packed as one layer, and what is in it, file by file and symbol by symbol.</summary>
/// <remarks>
/// Made once for each content and kept in the cache. What stands below <c>dev</c>, <c>proc</c>, <c>run</c>, <c>sys</c> and <c>tmp</c> is left out,
/// as it is of the base's identity. Source: docs/formats/target.md, "What the hub is told".
/// </remarks>
/// <param name="Folder">Full path of the folder that holds the files below.</param>
/// <param name="Archive">The base as a layer archive, <see cref="ArchiveName"/>.</param>
/// <param name="Documents">What stands beside it, ordered by name.</param>
public sealed record BaseIndex(string Folder, LayerArchive Archive, EquatableList<SideDocument> Documents)
{
    /// <summary>File name of the packed base.</summary>
    public const string ArchiveName = "base.tar.gz";

    // Changes whenever the same base would be packed or described otherwise.
    private const string Kept = "base-index-2";
    private const string Summary = "index.json";
    private static readonly ArchiveLimits Limits = new() { Devices = true };

    /// <summary>Full path of the packed base or of a document.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Packs and describes the base, or finds it in the cache.</summary>
    /// <exception cref="TreeRefusedException">A name in the base cannot be in a layer.</exception>
    /// <exception cref="ArchiveRefusedException">The base is beyond what is looked into.</exception>
    public static async Task<BaseIndex> OfAsync(BaseTree tree, BuildCache cache, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var folder = cache.At(Kept, tree.Identity.Hex);
        if (!File.Exists(Path.Combine(folder, Summary)))
        {
            using var scratch = cache.NewScratch();
            var made = scratch.Folder("index");
            await MakeAsync(tree, made, progress, cancellation);
            using (var handle = DirectoryHandle.Open(made)) handle.FlushFileSystem();
            BuildCache.Publish(made, folder);
        }
        await using var file = File.OpenRead(Path.Combine(folder, Summary));
        var summary = await JsonSerializer.DeserializeAsync(file, BaseIndexJson.Default.BaseIndexSummary, cancellation)
            ?? throw new InvalidDataException($"{file.Name} is damaged; delete {folder}, which is made anew.");
        return new(folder, summary.Archive, summary.Documents);
    }

    private static async Task MakeAsync(BaseTree tree, string folder, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var whole = TreeScanner.Scan(tree.Root, cancellation);
        var still = whole with { Entries = [.. whole.Entries.Where(entry => !TreeIdentity.IsLeftOut(entry.Path))] };
        var options = new PackOptions();
        var contents = TreeDifference.Between(whole with { Entries = [] }, still, options, cancellation);
        var path = Path.Combine(folder, ArchiveName);
        var archive = await LayerPacker.WriteAsync(contents, options, path, progress, cancellation);

        await using var packed = File.OpenRead(path);
        var inspection = LayerDocuments.Inspection(() => SpoolFile.Create(folder)) with { Limits = Limits };
        var inspected = await LayerInspector.InspectFileAsync(packed, inspection, cancellation);
        var documents = new List<SideDocument>();
        foreach (var name in BaseDocuments.Names)
        {
            await using var document = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write);
            documents.Add(BaseDocuments.Write(name, document, inspected.Content));
        }
        await using var summary = new FileStream(Path.Combine(folder, Summary), FileMode.CreateNew, FileAccess.Write);
        await JsonSerializer.SerializeAsync(summary, new BaseIndexSummary(archive, documents.ToEquatableList()), BaseIndexJson.Default.BaseIndexSummary, cancellation);
    }
}

/// <summary>What the cache keeps of an index beside its files.</summary>
internal sealed record BaseIndexSummary(LayerArchive Archive, EquatableList<SideDocument> Documents);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(EquatableListConverter<SideDocument>)])]
[JsonSerializable(typeof(BaseIndexSummary))]
[JsonSerializable(typeof(SideDocument[]))]
internal sealed partial class BaseIndexJson : JsonSerializerContext;
