using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Cli.Hub;

/// <summary>A list as the hub gives it, a page at a time.</summary>
internal sealed record Page<T>(T[] Items, int Total, int Offset);

/// <summary>Who the hub takes the caller for.</summary>
internal sealed record UserInfo(string? Name, string? Role, string? Owner);

/// <summary>An item of an uploaded bundle.</summary>
internal sealed record BundleItemInfo(string? Id, string? Type, string? Codename, string? Version);

/// <summary>An uploaded bundle. <paramref name="BuildInfo"/> is a text, a list of texts, or null.</summary>
internal sealed record BundleInfo(string Id, string State, BundleItemInfo[]? Items, JsonElement? BuildInfo, long? FileSize, string? Digest)
{
    /// <summary>Published.</summary>
    [JsonIgnore]
    public bool IsDone => State.Equals("done", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refused; the reasons are in <see cref="BuildLines"/>.</summary>
    [JsonIgnore]
    public bool IsError => State.Equals("error", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the hub says of the bundle, a line each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> BuildLines => BuildInfo switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(e => e.ToString())],
        _ => [],
    };
}

/// <summary>A layer in the hub's list.</summary>
internal sealed record LayerInfo(
    string Id, string Codename, string? Owner, string? Title, string[]? Aliases, string[]? Platforms, LayerVersionInfo[]? Versions);

/// <summary>A version in a layer's list.</summary>
internal sealed record LayerVersionInfo(string Version);

/// <summary>A published target.</summary>
internal sealed record TargetInfo(string Id, string Name, string? Owner);

/// <summary>A service in the hub's list.</summary>
internal sealed record ServiceInfo(string Id, string Codename, string? Owner, string? Title);

/// <summary>A unit in the hub's list.</summary>
internal sealed record UnitInfo(string Id, string SystemUid, string? OnlineStatus, string? Target);

/// <summary>A subject: what joins units and services.</summary>
internal sealed record SubjectInfo(string Id, string Label, bool IsGroup, int Priority);

/// <summary>Body of POST units/.</summary>
internal sealed record NewUnit(string SystemUid, string? Target);

/// <summary>Body of POST subjects/.</summary>
internal sealed record NewSubject(string Label, bool IsGroup, int Priority);

/// <summary>Body of POST subjects/{id}/services/.</summary>
internal sealed record SubjectServices(string[] ServiceIds);

/// <summary>Body of POST subjects/{id}/units/.</summary>
internal sealed record SubjectUnits(string[] SystemUids);

/// <summary>A refusal. Source: RFC 9457; <paramref name="Errors"/> when there are several sentences.</summary>
internal sealed record HubProblem(string? Title, string? Detail, string[]? Errors);

/// <summary>JSON of the hub's API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(BundleInfo))]
[JsonSerializable(typeof(Page<BundleInfo>))]
[JsonSerializable(typeof(LayerInfo))]
[JsonSerializable(typeof(Page<LayerInfo>))]
[JsonSerializable(typeof(TargetInfo))]
[JsonSerializable(typeof(Page<TargetInfo>))]
[JsonSerializable(typeof(ServiceInfo))]
[JsonSerializable(typeof(Page<ServiceInfo>))]
[JsonSerializable(typeof(UnitInfo))]
[JsonSerializable(typeof(Page<UnitInfo>))]
[JsonSerializable(typeof(SubjectInfo))]
[JsonSerializable(typeof(Page<SubjectInfo>))]
[JsonSerializable(typeof(NewUnit))]
[JsonSerializable(typeof(NewSubject))]
[JsonSerializable(typeof(SubjectServices))]
[JsonSerializable(typeof(SubjectUnits))]
[JsonSerializable(typeof(HubProblem))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HubJson : JsonSerializerContext;
