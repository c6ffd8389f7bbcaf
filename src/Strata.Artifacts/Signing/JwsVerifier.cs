using System.Security.Cryptography.X509Certificates;
using Strata.Model.Identity;

namespace Strata.Artifacts.Signing;

/// <summary>Why a signature or what it covers is refused.</summary>
public enum Refusal
{
    /// <summary>It cannot be read: not the format, another algorithm, too large.</summary>
    Malformed,

    /// <summary>None of the certificates at hand is the one that the key id names.</summary>
    UnknownSigner,

    /// <summary>The signer's certificate expired or is not valid yet.</summary>
    SignerOutOfTime,

    /// <summary>The signer's certificate comes from elsewhere, or was issued for something else.</summary>
    SignerNotTrusted,

    /// <summary>The signature does not fit the content.</summary>
    BadSignature,

    /// <summary>What was signed is not what arrived.</summary>
    ContentMismatch,
}

/// <summary>A payload whose signature and signer held. Only <see cref="JwsVerifier"/> can make one.</summary>
public sealed record VerifiedPayload
{
    internal VerifiedPayload(ReadOnlyMemory<byte> payload, X509Certificate2 signer, DateTimeOffset verifiedAt) =>
        (Payload, Signer, VerifiedAt) = (payload, signer, verifiedAt);

    /// <summary>What was signed.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Who signed; the caller's certificate, not a copy.</summary>
    public X509Certificate2 Signer { get; }

    /// <summary>When the signer's chain was judged.</summary>
    public DateTimeOffset VerifiedAt { get; }
}

/// <summary>What verifying a signed text came to.</summary>
public abstract record SignatureVerdict
{
    private SignatureVerdict() { }

    /// <summary>It holds.</summary>
    public sealed record Trusted(VerifiedPayload Content) : SignatureVerdict;

    /// <summary>It does not; <paramref name="Detail"/> is a sentence with the cure.</summary>
    public sealed record Refused(Refusal Reason, string Detail) : SignatureVerdict;
}

/// <summary>Verifies compact signatures of certificates that the caller has at hand: bundles, targets, statements.</summary>
/// <param name="trust">Roots and purpose that a signer needs.</param>
/// <param name="clock">When the chain is judged.</param>
public sealed class JwsVerifier(CertificateTrust trust, TimeProvider clock)
{
    /// <summary>Verifies <paramref name="text"/>.</summary>
    /// <param name="signers">Certificates that may have signed; the key id picks one. Intermediates may be among them.</param>
    /// <param name="maxLength">Longest text that is looked at, in characters.</param>
    public SignatureVerdict Verify(string text, IReadOnlyCollection<X509Certificate2> signers, int maxLength)
    {
        var (jws, problem) = Jws.Read(text, maxLength);
        if (jws is null) return new SignatureVerdict.Refused(Refusal.Malformed, $"{problem} Sign again.");
        var signer = signers.FirstOrDefault(s => Kid.Of(s) == jws.KeyId);
        if (signer is null)
            return new SignatureVerdict.Refused(Refusal.UnknownSigner,
                $"The signature's key id '{Quote.Short(jws.KeyId)}' names none of the certificates known here. Sign with the certificate that you connect with.");
        var now = clock.GetUtcNow();
        if (trust.Judge(signer, signers, now) is var (reason, sentence))
            return new SignatureVerdict.Refused(reason is Distrust.Expired or Distrust.NotYetValid ? Refusal.SignerOutOfTime : Refusal.SignerNotTrusted, sentence);
        return jws.IsSignedBy(signer)
            ? new SignatureVerdict.Trusted(new(jws.Payload, signer, now))
            : new SignatureVerdict.Refused(Refusal.BadSignature, "The signature does not fit what it covers: it was changed, or signed with another key. Sign again.");
    }
}
