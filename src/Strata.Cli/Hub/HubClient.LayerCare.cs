using System.Text.Json.Serialization;

namespace Strata.Cli.Hub;

/// <content>What an OEM decides about its layers.</content>
internal sealed partial class HubClient
{
    /// <summary>PUT layers/{name}/versions/{version}/state/: where a version stands.</summary>
    public Task<LayerInfo> MoveLayerAsync(string name, string version, LayerState state, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"{VersionPath(name, version)}state/", state, LayerCareJson.Default.LayerState, HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>DELETE layers/{name}/versions/{version}/.</summary>
    public Task DeleteLayerAsync(string name, string version, CancellationToken cancellation) => DeleteAsync(VersionPath(name, version), cancellation);

    /// <summary>PUT layers/{name}/: what holds for versions to come.</summary>
    public Task<LayerInfo> SetLayerAsync(string name, LayerSettings settings, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, LayerPath(name), settings, LayerCareJson.Default.LayerSettings, HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>PUT layers/{name}/sharing/: what holds for all service providers.</summary>
    public Task<LayerInfo> ShareLayerAsync(string name, LayerSharingChange change, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"{LayerPath(name)}sharing/", change, LayerCareJson.Default.LayerSharingChange, HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>PUT layers/{name}/sharing/{provider}/: what holds for one service provider.</summary>
    public Task<LayerInfo> ShareLayerAsync(string name, string provider, ProviderSharing sharing, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"{LayerPath(name)}sharing/{Uri.EscapeDataString(provider)}/", sharing, LayerCareJson.Default.ProviderSharing, HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>POST layers/{name}/aliases/.</summary>
    public Task<LayerInfo> NameLayerAsync(string name, string alias, CancellationToken cancellation) =>
        PostAsync($"{LayerPath(name)}aliases/", new(alias), LayerCareJson.Default.LayerAlias, HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>DELETE layers/{name}/aliases/{alias}/.</summary>
    public Task UnnameLayerAsync(string name, string alias, CancellationToken cancellation) => DeleteAsync($"{LayerPath(name)}aliases/{Uri.EscapeDataString(alias)}/", cancellation);
}

/// <summary>Body of PUT layers/{name}/versions/{version}/state/; what is null is not said.</summary>
/// <param name="EndsOn">A day, as 2027-01-31.</param>
internal sealed record LayerState(string State, string? Reason = null, string? Successor = null, string? EndsOn = null);

/// <summary>Body of PUT layers/{name}/.</summary>
internal sealed record LayerSettings(bool StartsAsCandidate);

/// <summary>Body of PUT layers/{name}/sharing/; what is null stays as it is.</summary>
internal sealed record LayerSharingChange(bool? IsOpen = null, bool? IsRecommended = null);

/// <summary>Body of PUT layers/{name}/sharing/{provider}/; what is null stays as it is.</summary>
/// <param name="Access"><c>shared</c>, <c>hidden</c> or <c>default</c>.</param>
internal sealed record ProviderSharing(string? Access = null, bool? IsRecommended = null);

/// <summary>Body of POST layers/{name}/aliases/.</summary>
internal sealed record LayerAlias(string Alias);

/// <summary>JSON of what is decided about layers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerState))]
[JsonSerializable(typeof(LayerSettings))]
[JsonSerializable(typeof(LayerSharingChange))]
[JsonSerializable(typeof(ProviderSharing))]
[JsonSerializable(typeof(LayerAlias))]
internal sealed partial class LayerCareJson : JsonSerializerContext;
