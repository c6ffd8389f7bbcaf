using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Build.Trees;

/// <summary>Keeps the notes of a layer beside it in the cache.</summary>
internal static class TreeNoteJson
{
    public static byte[] Write(IReadOnlyList<TreeNote> notes) => JsonSerializer.SerializeToUtf8Bytes(notes, NoteJson.Default.IReadOnlyListTreeNote);

    public static IReadOnlyList<TreeNote> Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, NoteJson.Default.IReadOnlyListTreeNote) ?? [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<TreeNote>))]
internal sealed partial class NoteJson : JsonSerializerContext;
