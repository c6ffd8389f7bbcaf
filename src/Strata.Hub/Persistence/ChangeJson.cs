using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;
using Strata.Model.Units;

namespace Strata.Hub.Persistence;

/// <summary>JSON of the change log. Fields may be added; a meaning never changes without a new version of its kind.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [
        typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(PlatformConverter), typeof(LayerNeedConverter),
        typeof(EquatableListConverter<string>), typeof(EquatableListConverter<Guid>), typeof(EquatableListConverter<Digest>),
        typeof(EquatableListConverter<Platform>), typeof(EquatableListConverter<LayerNeed>), typeof(EquatableListConverter<LayerImage>),
        typeof(EquatableListConverter<LayerBlob>), typeof(EquatableListConverter<DesiredItem>), typeof(EquatableListConverter<DesiredInstances>),
        typeof(EquatableListConverter<DesiredSubject>), typeof(EquatableListConverter<BundleItemRow>), typeof(EquatableListConverter<ServiceImage>),
        typeof(EquatableListConverter<NodeRow>), typeof(EquatableListConverter<ReportedItem>), typeof(EquatableListConverter<ReportedInstance>), typeof(EquatableListConverter<ComposedLayer>),
        typeof(EquatableListConverter<StoredBlob>), typeof(EquatableListConverter<SideDocument>), typeof(EquatableListConverter<TargetRevision>),
    ])]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Guid[]))]
[JsonSerializable(typeof(Digest[]))]
[JsonSerializable(typeof(Platform[]))]
[JsonSerializable(typeof(LayerNeed[]))]
[JsonSerializable(typeof(LayerImage[]))]
[JsonSerializable(typeof(LayerBlob[]))]
[JsonSerializable(typeof(DesiredItem[]))]
[JsonSerializable(typeof(DesiredInstances[]))]
[JsonSerializable(typeof(DesiredSubject[]))]
[JsonSerializable(typeof(BundleItemRow[]))]
[JsonSerializable(typeof(ServiceImage[]))]
[JsonSerializable(typeof(NodeRow[]))]
[JsonSerializable(typeof(ReportedItem[]))]
[JsonSerializable(typeof(ReportedInstance[]))]
[JsonSerializable(typeof(ComposedLayer[]))]
[JsonSerializable(typeof(StoredBlob[]))]
[JsonSerializable(typeof(SideDocument[]))]
[JsonSerializable(typeof(TargetRevision[]))]
internal sealed partial class ChangeJson : JsonSerializerContext;

/// <summary>A need as one object: layer, versions as comparators (absent for any), whether pre-releases count, where it was written.</summary>
internal sealed class LayerNeedConverter : JsonConverter<LayerNeed>
{
    /// <inheritdoc/>
    public override LayerNeed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        string? Text(string key) => root.TryGetProperty(key, out var value) ? value.GetString() : null;
        var preReleases = root.TryGetProperty("includePreRelease", out var flag) && flag.GetBoolean();
        var (range, problem) = Text("versions") is { } versions
            ? VersionRange.FromComparators(versions, preReleases)
            : (VersionRange.Any, null);
        return new(Text("layer") ?? throw new JsonException("A need names no layer."), range ?? throw new JsonException(problem))
        {
            WrittenAt = Text("writtenAt"),
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LayerNeed value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("layer", value.Layer);
        if (value.Range.Lower is not null || value.Range.Upper is not null) writer.WriteString("versions", value.Range.ToString());
        if (value.Range.IncludePreRelease) writer.WriteBoolean("includePreRelease", true);
        if (value.WrittenAt is not null) writer.WriteString("writtenAt", value.WrittenAt);
        writer.WriteEndObject();
    }
}
