using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Who brought a layer version, when, in what.</summary>
/// <param name="SignedBy">Name of the user whose certificate signed the bundle; null when the hub no longer knows it.</param>
/// <param name="Subject">Subject of that certificate, as RFC 4514 writes it; null likewise.</param>
/// <param name="Kid">Its key id, as the signature names it: base64 of issuer and serial number; null when nobody knows it any more.</param>
/// <param name="JudgedAt">When signature and chain were judged (decision 10).</param>
public sealed record Provenance(Guid BundleId, Digest BundleDigest, string? SignedBy, string? Subject, string? Kid, DateTimeOffset JudgedAt)
{
    /// <summary>Of a version; null when nobody wrote it down.</summary>
    internal static Provenance? Of(HubState state, LayerRelease release)
    {
        if (release.Origin is not { } origin) return null;
        var user = origin.Kid is null ? null : state.Users.GetValueOrDefault(origin.Kid);
        return new(origin.Bundle, origin.BundleDigest, user?.Name, user is null ? null : SubjectOf(user), origin.Kid, origin.JudgedAt);
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
