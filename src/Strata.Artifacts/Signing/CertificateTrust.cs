using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Model.Identity;

namespace Strata.Artifacts.Signing;

/// <summary>Why a certificate is not trusted.</summary>
public enum Distrust
{
    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not begun.</summary>
    NotYetValid,

    /// <summary>None of the roots stands behind it.</summary>
    Foreign,

    /// <summary>It was issued for something else.</summary>
    WrongPurpose,
}

/// <summary>Judges certificates against roots of our own; the system's roots play no part.</summary>
/// <param name="roots">The only ones trusted.</param>
/// <param name="purpose">The <see cref="Purpose"/> that a certificate has to be good for.</param>
/// <remarks>
/// A certificate that states no purpose at all is good for every one (RFC 5280, section 4.2.1.12), but not for
/// <see cref="Purpose.Release"/>: what units run is only ever signed with a key that was issued for it (architecture decision 10).
/// </remarks>
public sealed class CertificateTrust(IEnumerable<X509Certificate2> roots, string purpose, IEnumerable<X509Certificate2>? authorities = null)
{
    private readonly bool _mustStatePurpose = purpose == Purpose.Release;
    private readonly X509Certificate2Collection _roots = [.. roots];
    private readonly X509Certificate2[] _authorities = [.. authorities ?? []];

    /// <summary>Builds the chain of <paramref name="certificate"/> at <paramref name="time"/>.</summary>
    /// <param name="others">Intermediate certificates that came along.</param>
    /// <returns>Null when it is trusted; else why not, with a sentence.</returns>
    /// <remarks>Nothing is fetched, and there are no revocation lists: a leaf lives a year at most.</remarks>
    public (Distrust Reason, string Sentence)? Judge(X509Certificate2 certificate, IEnumerable<X509Certificate2> others, DateTimeOffset time)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_roots);
        foreach (var other in others.Concat(_authorities)) policy.ExtraStore.Add(other);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = time.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(purpose));
        var trusted = chain.Build(certificate);
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        var foundRoot = chain.ChainElements.Count > 0 && _roots.Contains(chain.ChainElements[^1].Certificate);
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        if (trusted && _mustStatePurpose && !States(certificate)) (trusted, flags) = (false, X509ChainStatusFlags.NotValidForUsage);
        return trusted ? null : Explain(certificate, flags, foundRoot, time);
    }

    private bool States(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(e => e.EnhancedKeyUsages[purpose] is not null);

    private static (Distrust, string) Explain(X509Certificate2 certificate, X509ChainStatusFlags flags, bool foundRoot, DateTimeOffset time)
    {
        var name = $"The certificate '{Quote.Short(certificate.Subject)}'";
        if (!foundRoot || (flags & (X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return (Distrust.Foreign, $"{name} was not issued under a root trusted here (its issuer is '{Quote.Short(certificate.Issuer)}'). Use one from this installation's PKI.");
        if (time.UtcDateTime < certificate.NotBefore.ToUniversalTime())
            return (Distrust.NotYetValid, $"{name} is valid only from {certificate.NotBefore.ToUniversalTime():u}. Check this machine's clock.");
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
            return (Distrust.Expired, $"{name} or its issuer expired; its own time ended {certificate.NotAfter.ToUniversalTime():u}. Have a new one issued.");
        return (Distrust.WrongPurpose, $"{name} was not issued for this use ({flags}). Have one issued for it.");
    }
}
