using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary>What <c>strata layer inspect --json</c> writes.</summary>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
/// <param name="OsVersion">Of the layer's own os-release.</param>
/// <param name="BeneathKnown">A target was given, so that shared objects were looked for beneath the layer.</param>
internal sealed record LayerInspectResult(
    Digest Digest, DiffId DiffId, long Size, long UnpackedSize, int Entries, EquatableList<string> Architectures, string? OsVersion, EquatableList<Library> Libraries,
    LayerInspectBinary[] Binaries, IReadOnlyList<LayerFinding> Findings, bool BeneathKnown);

/// <summary>An ELF file, with the keys of <c>layer.json</c>.</summary>
/// <param name="Defined">Symbols that it gives, as <c>nm -D</c> writes them; null unless they were asked for.</param>
/// <param name="Undefined">Symbols that it takes; null unless they were asked for.</param>
internal sealed record LayerInspectBinary(
    string Path, string Architecture, string? Soname, EquatableList<string> Needed, string? Interpreter, string? BuildId, string? Package, string[]? Defined, string[]? Undefined);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(EquatableListConverter<Library>), typeof(EquatableListConverter<string>)])]
[JsonSerializable(typeof(LayerInspectResult))]
[JsonSerializable(typeof(Library[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LayerInspectJson : JsonSerializerContext;
