using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;

namespace Strata.Build.Feeds;

/// <summary>Reads and writes <c>packages.lock</c>.</summary>
public static class PackageLockJson
{
    // Versions are full of plus signs, which the default encoder writes as an escape that no person reads.
    private static readonly LockJson Readable = new(new(LockJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document's bytes: the same for equal locks, with a line feed at the end.</summary>
    public static byte[] Write(PackageLock locked) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(locked, Readable.PackageLock) + "\n");

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is no packages.lock.</exception>
    public static PackageLock Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, LockJson.Default.PackageLock) ?? throw new JsonException("The document is null.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(DigestConverter), typeof(EquatableListConverter<LockedPackage>)])]
[JsonSerializable(typeof(PackageLock))]
[JsonSerializable(typeof(LockedPackage[]))]
internal sealed partial class LockJson : JsonSerializerContext;
