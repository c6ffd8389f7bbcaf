using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Targets;

/// <summary>What the hub reads of a signed target document; the whole of it is kept as a blob. Source: docs/formats/target.md.</summary>
internal sealed record TargetPayload(int SchemaVersion, string Name, Digest Identity, Platform Platform)
{
    private const int KnownSchema = 2;
    private const int MostWords = 256, LongestWord = 255; // of lists that are kept in the hub's memory

    public EquatableList<string> Visible { get; init; } = [];

    public EquatableList<TargetPackageEntry> Packages { get; init; } = [];

    public LayerArchive? Archive { get; init; }

    public EquatableList<SideDocument> Documents { get; init; } = [];

    /// <summary>Reads a payload.</summary>
    /// <returns>It, or every mistake in it.</returns>
    public static (TargetPayload? Payload, IReadOnlyList<string> Mistakes) Read(ReadOnlySpan<byte> utf8, long maxBaseBytes)
    {
        TargetPayload payload;
        try
        {
            payload = JsonSerializer.Deserialize(utf8, TargetPayloadJson.Default.TargetPayload) ?? throw new JsonException("It is null.");
            if (payload.Packages.Contains(null!) || payload.Documents.Contains(null!) || payload.Visible.Contains(null!)) throw new JsonException("A list holds null.");
        }
        catch (JsonException problem)
        {
            return (null, [$"The target document cannot be read: {problem.Message}"]);
        }
        var mistakes = payload.Mistakes(maxBaseBytes).ToList();
        return mistakes.Count == 0 ? (payload, mistakes) : (null, mistakes);
    }

    private IEnumerable<string> Mistakes(long maxBaseBytes)
    {
        if (SchemaVersion != KnownSchema) yield return $"The target document has schemaVersion {SchemaVersion}; this hub reads {KnownSchema}. Publish with the strata of this hub's release.";
        if (!TargetName.IsValid(Name)) yield return $"'{Quote.Short(Name)}' is no name of a target; {TargetName.Rule}.";
        if (Visible.Count > MostWords) yield return $"The target names {Visible.Count} visible folders; this hub takes up to {MostWords}.";
        foreach (var folder in Visible.Where(f => !TargetName.IsTopFolder(f))) yield return $"'{Quote.Short(folder)}' is no top folder; write names such as usr, without slashes.";
        string?[] words = [Platform.Os, Platform.Architecture, Platform.Variant, Platform.OsVersion, .. Platform.OsFeatures];
        if (Platform.OsFeatures.Count > MostWords || words.Any(word => word is { Length: 0 or > LongestWord } || word?.Any(char.IsControl) == true))
            yield return $"The platform's words have 1 to {LongestWord} characters, none of them a control character, and are at most {MostWords}.";
        if (Archive is { } archive && (archive.Size <= 0 || archive.Size > maxBaseBytes)) yield return $"The base's archive has {archive.Size} bytes; this hub takes 1 to {maxBaseBytes}.";
        foreach (var document in Documents)
        {
            if (!BaseDocuments.Names.Contains(document.Name))
                yield return $"The document '{Quote.Short(document.Name)}' is not known here; known are {string.Join(", ", BaseDocuments.Names)}. Publish with the strata of this hub's release.";
            if (document.Size is < 0 or > BaseDocuments.MaxBytes) yield return $"{Quote.Short(document.Name)} has {document.Size} bytes; this hub takes up to {BaseDocuments.MaxBytes}.";
        }
        foreach (var twice in Documents.GroupBy(d => d.Name).Where(g => g.Count() > 1)) yield return $"The document '{Quote.Short(twice.Key)}' is named twice.";
    }
}

/// <summary>A package of the base.</summary>
internal sealed record TargetPackageEntry(string Name, string Version, string Architecture);

/// <summary>JSON of a target document.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [
        typeof(DigestConverter), typeof(DiffIdConverter), typeof(PlatformConverter),
        typeof(EquatableListConverter<string>), typeof(EquatableListConverter<TargetPackageEntry>), typeof(EquatableListConverter<SideDocument>),
    ])]
[JsonSerializable(typeof(TargetPayload))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(TargetPackageEntry[]))]
[JsonSerializable(typeof(SideDocument[]))]
internal sealed partial class TargetPayloadJson : JsonSerializerContext;
