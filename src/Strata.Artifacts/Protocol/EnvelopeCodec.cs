using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Artifacts.Protocol;

/// <summary>Messages as the bytes of one WebSocket frame, and back.</summary>
public static class EnvelopeCodec
{
    /// <summary>Largest message that is read, in bytes: 64 items and 256 instances need far less.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const string AckType = "ack";
    private const string NackType = "nack";

    /// <summary>The bytes of <paramref name="envelope"/>.</summary>
    public static byte[] Write(Envelope envelope)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("header");
            JsonSerializer.Serialize(writer, envelope.Header, ProtocolJson.Default.MessageHeader);
            writer.WriteStartObject("data");
            switch (envelope.Data)
            {
                case Ack: writer.WriteString("messageType", AckType); break;
                case Nack m: WriteData(writer, NackType, m, ProtocolJson.Default.Nack); break;
                case UnitStatus m: WriteData(writer, "unitStatus", m, ProtocolJson.Default.UnitStatus); break;
                case DesiredStatus m: WriteData(writer, "desiredStatus", m, ProtocolJson.Default.DesiredStatus); break;
                case RequestBlobUrls m: WriteData(writer, "requestBlobUrls", m, ProtocolJson.Default.RequestBlobUrls); break;
                case BlobUrls m: WriteData(writer, "blobUrls", m, ProtocolJson.Default.BlobUrls); break;
                case Alerts m: WriteData(writer, "alerts", m, ProtocolJson.Default.Alerts); break;
                default: throw new ArgumentException($"{envelope.Data.GetType().Name} is never sent.", nameof(envelope));
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteData<T>(Utf8JsonWriter writer, string messageType, T data, JsonTypeInfo<T> type)
    {
        writer.WriteString("messageType", messageType);
        foreach (var property in JsonSerializer.SerializeToElement(data, type).EnumerateObject()) property.WriteTo(writer);
    }

    /// <summary>Reads one frame.</summary>
    /// <exception cref="JsonException">Not a message of version 7, or a required field is missing.</exception>
    public static Envelope Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > MaxBytes) throw new JsonException($"A message of {frame.Length} bytes is over the bound of {MaxBytes}.");
        var reader = new Utf8JsonReader(frame);
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            NullElements.Refuse(document.RootElement);
            return Read(document.RootElement);
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException($"The message holds what is no text: {broken.Message}", broken);
        }
    }

    private static Envelope Read(JsonElement message)
    {
        var header = Object(message, "header").Deserialize(ProtocolJson.Default.MessageHeader)!;
        if (header.Version != MessageHeader.ProtocolVersion)
            throw new JsonException($"The message is of protocol version {header.Version}; only {MessageHeader.ProtocolVersion} is spoken.");
        var data = Object(message, "data");
        return new(header, ReadData(Field(data, "messageType").GetString() ?? "", data));
    }

    private static Message ReadData(string messageType, JsonElement data) => messageType switch
    {
        AckType => new Ack(),
        NackType => data.Deserialize(ProtocolJson.Default.Nack)!,
        "unitStatus" => data.Deserialize(ProtocolJson.Default.UnitStatus)!,
        "desiredStatus" => data.Deserialize(ProtocolJson.Default.DesiredStatus)!,
        "requestBlobUrls" => data.Deserialize(ProtocolJson.Default.RequestBlobUrls)!,
        "blobUrls" => data.Deserialize(ProtocolJson.Default.BlobUrls)!,
        "alerts" => data.Deserialize(ProtocolJson.Default.Alerts)!,
        _ => new OtherMessage(Quote.Short(messageType)),
    };

    private static JsonElement Object(JsonElement element, string name) => Field(element, name) is { ValueKind: JsonValueKind.Object } value
        ? value
        : throw new JsonException($"The message's '{name}' is no object.");

    private static JsonElement Field(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new JsonException("A message is a JSON object.");
        foreach (var property in element.EnumerateObject())
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        throw new JsonException($"The message has no '{name}'.");
    }
}
