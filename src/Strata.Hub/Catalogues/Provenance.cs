using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Who brought a layer version, when, in what.</summary>
/// <param name="SignedBy">Name of the user whose certificate signed the bundle; null when the hub no longer knows it.</param>
/// <param name="Subject">Subject of that certificate, as RFC 4514 writes it; null likewise.</param>
/// <param name="Kid">Issuer and serial of that certificate; null when nobody knows it any more.</param>
/// <param name="JudgedAt">When signature and chain were judged (decision 10).</param>
public sealed record Provenance(Guid BundleId, Digest BundleDigest, string? SignedBy, string? Subject, string? Kid, DateTimeOffset JudgedAt)
{
    /// <summary>Of each of these versions of a layer the bundle that brought it first, by the version's text.</summary>
    internal static IReadOnlyDictionary<string, Provenance> Of(HubState state, Layer layer, IReadOnlySet<string> versions) =>
        state.Bundles.Values
            .Where(b => b is { State: BundleState.Done, JudgedAt: not null } && b.Owner == layer.Key.Owner)
            .SelectMany(b => (b.Items ?? []).Where(i => i.Type == "layer" && i.Codename == layer.Key.Codename && versions.Contains(i.Version)).Select(i => (i.Version, Bundle: b)))
            .GroupBy(b => b.Version, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => Of(state, g.Select(b => b.Bundle).MinBy(b => b.JudgedAt)!), StringComparer.Ordinal);

    private static Provenance Of(HubState state, BundleRow bundle)
    {
        var kid = bundle.SignerKid ?? bundle.UploaderKid; // early releases kept the uploader's alone
        var user = kid is null ? null : state.Users.GetValueOrDefault(kid);
        return new(bundle.Id, bundle.Digest, user?.Name, user is null ? null : SubjectOf(user), kid, bundle.JudgedAt!.Value);
    }

    private static string? SubjectOf(UserRow user)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(user.Certificate));
            return certificate.Subject;
        }
        catch (Exception other) when (other is FormatException or CryptographicException)
        {
            return null; // an early record may hold none
        }
    }
}
