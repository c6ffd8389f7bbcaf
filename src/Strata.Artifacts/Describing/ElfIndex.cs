using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Artifacts.Describing;

/// <summary>Reads and writes <c>elf.json</c>: every ELF file of a layer with its dynamic symbols.</summary>
/// <remarks>One line for each file, since a person who compares two versions compares files. Source: docs/formats/layer-json.md, "elf.json".</remarks>
public static class ElfIndex
{
    /// <summary>Name of the file beside <c>layer.json</c>.</summary>
    public const string FileName = "elf.json";

    /// <summary>Bytes of the longest line, about one file, that is written or read; the largest real libraries have 7 MB.</summary>
    public const int LongestLine = 16 << 20;

    private const int Format = 1;
    private const int PackageRoom = 2048; // in its line, for the name of a package: 256 characters at most, each escaped

    private static readonly LineDocument Lines = new(Format, "binaries", LongestLine);

    // Version text is full of plus signs, and none of it goes into HTML.
    private static readonly ElfIndexJson Readable = new(new(ElfIndexJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the index, one file in memory at a time.</summary>
    /// <param name="binaries">Inspected with <see cref="InspectionOptions.Symbols"/>.</param>
    public static void Write(Stream output, IReadOnlyList<FoundBinary> binaries) => Lines.Write(output, binaries.Select(Entry), Readable.ElfEntry);

    /// <summary>Whether a file's line can be read again, whatever package it is from.</summary>
    internal static bool Takes(string path, ElfFile elf)
    {
        using var line = new HashingStream(Stream.Null);
        JsonSerializer.Serialize(line, Entry(new FoundBinary(path, null, elf)), Readable.ElfEntry);
        return line.Passed <= LongestLine - PackageRoom;
    }

    /// <summary>Reads an index.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static EquatableList<FoundBinary> Read(ReadOnlySpan<byte> utf8)
    {
        var document = JsonSerializer.Deserialize(utf8, ElfIndexJson.Default.ElfIndexDocument) ?? throw new JsonException("The document is null.");
        return document.Format == Format
            ? document.Binaries.Select(Found).ToEquatableList()
            : throw new JsonException($"The index has format {document.Format}, and {Format} is read.");
    }

    /// <summary>Reads an index that <see cref="Write"/> made, one file in memory at a time.</summary>
    /// <param name="index">Read to its end, not closed.</param>
    /// <exception cref="JsonException">It is none, or is written otherwise; also for what the enumeration comes to later.</exception>
    public static async IAsyncEnumerable<FoundBinary> ReadEachAsync(Stream index, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in Lines.ReadAsync(index, ElfIndexJson.Default.ElfEntry, skip: 0, cancellation)) yield return Found(entry);
    }

    private static ElfEntry Entry(FoundBinary binary)
    {
        var elf = binary.Elf;
        return new(Printable.Path(binary.Path), elf.Architecture ?? $"elf-{elf.Machine}", elf.Machine, elf.Bits, elf.IsLittleEndian ? ElfByteOrder.Little : ElfByteOrder.Big, elf.Kind)
        {
            Soname = elf.Soname,
            Needed = [.. elf.Needed],
            RunPath = [.. elf.RunPath],
            Interpreter = elf.Interpreter,
            BuildId = elf.BuildId,
            Package = binary.Package,
            Defined = [.. elf.Symbols.Where(s => s.IsDefined).Select(Entry)],
            Undefined = [.. elf.Symbols.Where(s => !s.IsDefined).Select(Entry)],
        };
    }

    private static ElfSymbolEntry Entry(ElfSymbol symbol) => new(symbol.Name) { Version = symbol.Version, Binding = symbol.Binding, Old = symbol.IsOld, From = symbol.From };

    private static FoundBinary Found(ElfEntry entry) => new(entry.Path, entry.Package, new(entry.Machine, entry.Bits, entry.ByteOrder == ElfByteOrder.Little)
    {
        Kind = entry.Kind,
        Soname = entry.Soname,
        Needed = Whole(entry.Needed).ToEquatableList(),
        RunPath = Whole(entry.RunPath).ToEquatableList(),
        Interpreter = entry.Interpreter,
        BuildId = entry.BuildId,
        Symbols = [.. Whole(entry.Defined).Select(s => Symbol(s, true)), .. Whole(entry.Undefined).Select(s => Symbol(s, false))],
    });

    // The serializer lets a list that is missing and a null element through.
    private static T[] Whole<T>(T[]? list) => list?.Contains(default) == false ? list : throw new JsonException("A list of the index is missing, or holds null.");

    private static ElfSymbol Symbol(ElfSymbolEntry entry, bool isDefined) => new(entry.Name, entry.Version, entry.Binding, isDefined) { IsOld = entry.Old, From = entry.From };
}

/// <summary>One file of the index.</summary>
internal sealed record ElfEntry(string Path, string Architecture, int Machine, int Bits, ElfByteOrder ByteOrder, ElfKind Kind)
{
    public string? Soname { get; init; }

    public string[] Needed { get; init; } = [];

    public string[] RunPath { get; init; } = [];

    public string? Interpreter { get; init; }

    public string? BuildId { get; init; }

    public string? Package { get; init; }

    public ElfSymbolEntry[] Defined { get; init; } = [];

    public ElfSymbolEntry[] Undefined { get; init; } = [];
}

/// <summary>One symbol of the index; what most symbols have alike is left out.</summary>
internal sealed record ElfSymbolEntry(string Name)
{
    public string? Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ElfBinding Binding { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Old { get; init; }

    public string? From { get; init; }
}

/// <summary>Which byte of a number comes first.</summary>
internal enum ElfByteOrder
{
    Little,
    Big,
}

internal sealed record ElfIndexDocument(int Format, ElfEntry[] Binaries);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(LowerCaseEnumConverter<ElfKind>), typeof(LowerCaseEnumConverter<ElfByteOrder>), typeof(LowerCaseEnumConverter<ElfBinding>)])]
[JsonSerializable(typeof(ElfIndexDocument))]
internal sealed partial class ElfIndexJson : JsonSerializerContext;
