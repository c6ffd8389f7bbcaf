using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Json;

/// <summary>JSON of the model's documents: camelCase, two blanks a step, absent for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    Converters = [
        typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(PlatformConverter),
        typeof(EquatableListConverter<string>), typeof(EquatableListConverter<Library>), typeof(EquatableListConverter<LayerImage>),
        typeof(UtcSecondsConverter), typeof(EquatableListConverter<Binary>), typeof(EquatableListConverter<SideDocument>), typeof(LowerCaseEnumConverter<ReleaseState>),
    ])]
[JsonSerializable(typeof(LayerDescription))]
[JsonSerializable(typeof(Library[]))]
[JsonSerializable(typeof(Binary[]))]
[JsonSerializable(typeof(SideDocument[]))]
[JsonSerializable(typeof(LayerFinding[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(LayerImage[]))]
[JsonSerializable(typeof(CatalogueDocument))]
public sealed partial class ModelJson : JsonSerializerContext;

/// <summary>Reads and writes <c>layer.json</c>.</summary>
public static class LayerDescriptionJson
{
    /// <summary>Largest document that is read, in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    // A reader of the file should see 'tar+gzip', not an escape; nothing of it goes into HTML.
    private static readonly ModelJson Readable = new(new(ModelJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document's bytes: the same for equal descriptions, with a line feed at the end.</summary>
    public static byte[] Write(LayerDescription description) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description, Readable.LayerDescription) + "\n");

    /// <summary>As <see cref="Write"/>; false when it would be longer than <see cref="MaxBytes"/>, which nobody reads.</summary>
    public static bool TryWrite(LayerDescription description, out byte[] document)
    {
        // What is far too long is not even written: escapes make six characters of one.
        var least = description.Libraries.Sum(l => (long)l.Name.Length + l.Version.Length + (l.License?.Length ?? 0) + (l.Purl?.Length ?? 0) + l.Sonames.Sum(s => s.Length))
            + description.Binaries.Sum(b => (long)b.Path.Length + b.Needed.Sum(n => n.Length) + (b.Soname?.Length ?? 0) + (b.Interpreter?.Length ?? 0) + (b.BuildId?.Length ?? 0));
        document = least > MaxBytes ? [] : Write(description);
        return least <= MaxBytes && document.Length <= MaxBytes;
    }

    /// <summary>Reads a document of at most <see cref="MaxBytes"/>.</summary>
    /// <exception cref="JsonException">It is no layer.json; the message says where and why.</exception>
    public static LayerDescription Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, ModelJson.Default.LayerDescription) ?? throw new JsonException("The document is null.");
}
