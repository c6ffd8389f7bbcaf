using System.Text.Json;
using Strata.Model.Identity;

namespace Strata.Artifacts.Signing;

/// <summary>One file that a bundle's signature covers.</summary>
/// <param name="Name">Base name.</param>
/// <param name="Hash">SHA3-512 in lower-case hex.</param>
/// <param name="Size">Bytes.</param>
internal sealed record SignedFile(string Name, string Hash, long Size)
{
    public static SignedFile Of(string name, ReadOnlySpan<byte> sha3With512, long size) => new(name, Convert.ToHexStringLower(sha3With512), size);
}

/// <summary>What a bundle's signature signs: <c>{"data":[{name,hash,size},{name,hash,size}]}</c>, the inner archive and config.yaml.</summary>
/// <remarks>Source: facts on AosEdge, c.4.</remarks>
internal static class BundlePayload
{
    public static byte[] Write(IEnumerable<SignedFile> files)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteString("hash", file.Hash);
                json.WriteNumber("size", file.Size);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <returns>The records, or a sentence that says what is wrong.</returns>
    public static (IReadOnlyList<SignedFile>? Files, string? Problem) Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload, StrictJson.Options);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return (null, "What was signed is not a JSON object.");
            foreach (var property in json.RootElement.EnumerateObject())
                if (!property.NameEquals("data")) return (null, $"What was signed holds '{Quote.Short(property.Name)}', which is not read here.");
            if (!json.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array || data.GetArrayLength() != 2)
                return (null, "What was signed is not a list of exactly two files.");
            var files = data.EnumerateArray().Select(File).OfType<SignedFile>().ToList();
            return files.Count == 2 ? (files, null) : (null, "A signed file lacks its name, hash or size.");
        }
        catch (Exception unreadable) when (StrictJson.IsUnreadable(unreadable))
        {
            return (null, "What was signed is not JSON.");
        }
    }

    private static SignedFile? File(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object
        && record.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && record.TryGetProperty("hash", out var hash) && hash.ValueKind == JsonValueKind.String
        && record.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes)
            ? new(name.GetString()!, hash.GetString()!.ToLowerInvariant(), bytes)
            : null;
}
