using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;

namespace Strata.Artifacts.Describing;

/// <summary>Reads and writes <c>files.json</c>: every entry of a layer with its rights, and of each file size and SHA-256.</summary>
/// <remarks>
/// One line for each entry, in the order in which a canonical layer has them. Times are left out, for they are no part of content:
/// what did not change from one version to the next has the same line in both. Source: docs/formats/layer-json.md, "files.json".
/// </remarks>
public static class FileIndex
{
    /// <summary>Name of the file beside <c>layer.json</c>.</summary>
    public const string FileName = "files.json";

    private const int Format = 1;

    // Two paths of 4096 bytes and a mebibyte of attributes, with each byte escaped, are a good half of it.
    private static readonly LineDocument Lines = new(Format, "entries", maxLineBytes: 16 << 20);

    private static readonly FileIndexJson Readable = new(new(FileIndexJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the index, one entry in memory at a time.</summary>
    /// <param name="output">Not closed.</param>
    /// <param name="entries">In the order of paths; inspected with <see cref="InspectionOptions.Files"/>.</param>
    public static void Write(Stream output, IEnumerable<FoundEntry> entries) => Lines.Write(output, entries.Select(IndexedEntry.Of), Readable.IndexedEntry);

    /// <summary>Reads an index that <see cref="Write"/> made, one entry in memory at a time.</summary>
    /// <param name="index">Read to its end, not closed.</param>
    /// <param name="skip">Entries at its start that are passed over without a look into them: where a page before this one ended.</param>
    /// <exception cref="JsonException">It is none, or is written otherwise; also for what the enumeration comes to later.</exception>
    public static IAsyncEnumerable<IndexedEntry> ReadEachAsync(Stream index, long skip, CancellationToken cancellation) =>
        Lines.ReadAsync(index, FileIndexJson.Default.IndexedEntry, skip, cancellation);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(IndexedEntry))]
internal sealed partial class FileIndexJson : JsonSerializerContext;
