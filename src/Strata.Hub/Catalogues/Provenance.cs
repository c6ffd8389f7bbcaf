using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Who brought a layer version, when, in what: to whom the layer is shared, as much as vouches for its content (record 0037).</summary>
/// <param name="Owner">Domain in whose name it was signed.</param>
/// <param name="BundleId">The bundle that brought it; null to who may not read the owner's bundles.</param>
/// <param name="BundleDigest">Of that bundle's bytes.</param>
/// <param name="SignedBy">Name of the user whose certificate signed the bundle; null when the hub no longer knows it, and to who may not read the owner's bundles.</param>
/// <param name="Subject">Subject of that certificate, as RFC 4514 writes it; null likewise, since it holds the user's name.</param>
/// <param name="Kid">Its key id, as the signature names it: base64 of issuer and serial number; null when nobody knows it any more.</param>
/// <param name="JudgedAt">When signature and chain were judged (decision 10).</param>
public sealed record Provenance(string Owner, Guid? BundleId, Digest BundleDigest, string? SignedBy, string? Subject, string? Kid, DateTimeOffset JudgedAt)
{
    /// <summary>Of a version, as <paramref name="caller"/> may know it; null when nobody wrote it down.</summary>
    internal static Provenance? Of(HubState state, Caller caller, LayerRelease release)
    {
        if (release.Origin is not { } origin) return null;
        var owner = release.Layer.Owner;
        if (!caller.Sees(new(ObjectKind.Bundle, owner))) return new(owner, null, origin.BundleDigest, null, null, origin.Kid, origin.JudgedAt);
        var user = origin.Kid is null ? null : state.Users.GetValueOrDefault(origin.Kid);
        return new(owner, origin.Bundle, origin.BundleDigest, user?.Name, user is null ? null : SubjectOf(user), origin.Kid, origin.JudgedAt);
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
