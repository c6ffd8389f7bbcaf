using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strata.Artifacts.Json;

/// <summary>JSON as bytes that depend on the value alone: keys in ordinal order, no white space, UTF-8.</summary>
/// <remarks>What is hashed or signed is written this way. Numbers in our documents are integers, so no float formatting enters.</remarks>
public static class CanonicalJson
{
    /// <summary>The canonical bytes of <paramref name="value"/>.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        using var document = JsonSerializer.SerializeToDocument(value, type);
        return Write(document.RootElement);
    }

    /// <summary>The canonical bytes of <paramref name="element"/>.</summary>
    public static byte[] Write(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteSorted(writer, element);
        return buffer.ToArray();
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    WriteSorted(writer, property.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
