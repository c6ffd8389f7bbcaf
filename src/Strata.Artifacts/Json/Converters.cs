using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Json;

/// <summary>A value that is one JSON string.</summary>
/// <typeparam name="T">Parsed by its own rules; what does not parse is a <see cref="JsonException"/> with the parser's sentence.</typeparam>
public class ParsedTextConverter<T> : JsonConverter<T>
    where T : IParsable<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"A string was expected, not {reader.TokenType}.");
        try
        {
            return T.Parse(reader.GetString()!, null);
        }
        catch (FormatException problem)
        {
            throw new JsonException(problem.Message, problem);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A digest as a JSON string.</summary>
public sealed class DigestConverter : ParsedTextConverter<Digest>;

/// <summary>A diff id as a JSON string.</summary>
public sealed class DiffIdConverter : ParsedTextConverter<DiffId>;

/// <summary>A version as a JSON string.</summary>
public sealed class SemanticVersionConverter : ParsedTextConverter<SemanticVersion>;

/// <summary>A list as a JSON array. The context in use has to know <typeparamref name="T"/>'s array.</summary>
public sealed class EquatableListConverter<T> : JsonConverter<EquatableList<T>>
{
    /// <inheritdoc/>
    public override EquatableList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EquatableList.Create<T>((T[]?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T[]))));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EquatableList<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), options.GetTypeInfo(typeof(T[])));
}

/// <summary>A platform with OCI's keys: <c>architecture</c>, <c>os</c>, <c>os.version</c>, <c>os.features</c>, <c>variant</c>.</summary>
/// <remarks>Source: OCI image-spec 1.1, image-index.md, "platform". Unknown keys are passed over.</remarks>
public sealed class PlatformConverter : JsonConverter<Platform>
{
    /// <inheritdoc/>
    public override Platform Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("A platform is a JSON object.");
        if (root.EnumerateObject().GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new JsonException($"A platform says '{Quote.Short(twice.Key)}' twice.");
        string? Text(string key) => root.TryGetProperty(key, out var value) ? value.GetString() : null;
        return new(Text("architecture") ?? throw new JsonException("A platform has no architecture."), Text("os") ?? "linux")
        {
            Variant = Text("variant"),
            OsVersion = Text("os.version"),
            OsFeatures = root.TryGetProperty("os.features", out var features)
                ? features.EnumerateArray().Select(f => f.GetString() ?? "").ToEquatableList()
                : [],
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Platform value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("architecture", value.Architecture);
        writer.WriteString("os", value.Os);
        if (value.OsVersion is not null) writer.WriteString("os.version", value.OsVersion);
        if (value.OsFeatures.Count > 0)
        {
            writer.WriteStartArray("os.features");
            foreach (var feature in value.OsFeatures) writer.WriteStringValue(feature);
            writer.WriteEndArray();
        }
        if (value.Variant is not null) writer.WriteString("variant", value.Variant);
        writer.WriteEndObject();
    }
}
