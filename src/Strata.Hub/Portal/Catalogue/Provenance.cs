using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Who brought a layer version, when, in what.</summary>
/// <param name="SignedBy">Name of the user whose certificate signed the bundle; null when the hub no longer knows it.</param>
/// <param name="Kid">Issuer and serial of that certificate; null when no certificate brought it.</param>
/// <param name="JudgedAt">When signature and chain were judged (decision 10).</param>
public sealed record Provenance(Guid BundleId, Digest BundleDigest, string? SignedBy, string? Kid, DateTimeOffset JudgedAt)
{
    /// <summary>Of each of these versions of a layer the bundle that brought it first, by the version's text.</summary>
    internal static IReadOnlyDictionary<string, Provenance> Of(HubState state, Layer layer, IReadOnlySet<string> versions) =>
        state.Bundles.Values
            .Where(b => b is { State: BundleState.Done, JudgedAt: not null } && b.Owner == layer.Key.Owner)
            .SelectMany(b => (b.Items ?? []).Where(i => i.Type == "layer" && i.Codename == layer.Key.Codename && versions.Contains(i.Version)).Select(i => (i.Version, Bundle: b)))
            .GroupBy(b => b.Version, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => Of(state, g.Select(b => b.Bundle).MinBy(b => b.JudgedAt)!), StringComparer.Ordinal);

    private static Provenance Of(HubState state, BundleRow bundle) =>
        new(bundle.Id, bundle.Digest, bundle.UploaderKid is { } kid ? state.Users.GetValueOrDefault(kid)?.Name : null, bundle.UploaderKid, bundle.JudgedAt!.Value);
}
