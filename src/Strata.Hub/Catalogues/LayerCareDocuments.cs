using System.Text.Json.Serialization;
using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>Where a layer version shall stand.</summary>
/// <param name="State"><c>candidate</c>, <c>released</c>, <c>deprecated</c>, <c>yanked</c> or <c>retired</c>.</param>
/// <param name="Reason">For those who use it, at most 500 characters; a yank needs one.</param>
/// <param name="Successor">The version to take instead of a deprecated one.</param>
/// <param name="EndsOn">The day on which a deprecated version shall be gone, as 2027-01-31. Nothing happens by itself on it.</param>
public sealed record LayerStateRequest(string? State, string? Reason = null, string? Successor = null, string? EndsOn = null);

/// <summary>Who may use a layer and to whom it is recommended. What is left out stays as it is; lists are replaced whole.</summary>
/// <param name="IsOpen">Whether service providers that are not named may use it.</param>
/// <param name="SharedWith">Domains that may use it although it is not open.</param>
/// <param name="HiddenFrom">Domains that may not use it and do not learn of it.</param>
/// <param name="IsRecommended">Whether it is recommended to all that may use it.</param>
/// <param name="RecommendedTo">Domains that it is recommended to.</param>
public sealed record LayerSharingRequest(
    bool? IsOpen = null, string[]? SharedWith = null, string[]? HiddenFrom = null, bool? IsRecommended = null, string[]? RecommendedTo = null);

/// <summary>What is said of one service provider. What is left out stays as it is.</summary>
/// <param name="Access"><c>shared</c>, <c>hidden</c>, or <c>default</c>, which is what the layer says of those that it does not name.</param>
/// <param name="IsRecommended">Whether the layer is recommended to it by name.</param>
public sealed record ProviderSharingRequest(string? Access = null, bool? IsRecommended = null);

/// <summary>A further name for a layer.</summary>
public sealed record LayerAliasRequest(string? Alias);

/// <summary>What holds for a layer's versions to come.</summary>
/// <param name="StartsAsCandidate">Whether they are on trial until they are released.</param>
public sealed record LayerSettingsRequest(bool? StartsAsCandidate);

/// <summary>Who may use a layer and to whom it is recommended; shown to its owner alone.</summary>
public sealed record LayerSharingDocument(bool IsOpen, string[] SharedWith, string[] HiddenFrom, bool IsRecommended, string[] RecommendedTo)
{
    internal static LayerSharingDocument Of(LayerSharing sharing) =>
        new(sharing.IsOpen, [.. sharing.SharedWith], [.. sharing.HiddenFrom], sharing.IsRecommended, [.. sharing.RecommendedTo]);
}

/// <summary>JSON of what is decided about layers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LayerStateRequest))]
[JsonSerializable(typeof(LayerSharingRequest))]
[JsonSerializable(typeof(ProviderSharingRequest))]
[JsonSerializable(typeof(LayerAliasRequest))]
[JsonSerializable(typeof(LayerSettingsRequest))]
internal sealed partial class LayerCareJson : JsonSerializerContext;
