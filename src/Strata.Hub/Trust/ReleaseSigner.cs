using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Protocol;
using Strata.Artifacts.Signing;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Trust;

/// <summary>Signs blobs with the release key, and says which certificates prove it.</summary>
/// <remarks>The signature is over the plain blob, whose SHA-256 is its digest: nothing is read to sign. Source: facts on protocol v7, sections 3 and 5.</remarks>
internal sealed class ReleaseSigner
{
    /// <summary>All three parts, since a missing padding is only guessed right (facts, trap 10).</summary>
    public const string Algorithm = "RSA/SHA256/PKCS1v1_5";

    private const string ChainName = "release";
    private readonly RSA _key;
    private readonly TimeProvider _clock;

    /// <exception cref="CryptographicException">The release certificate has no RSA key.</exception>
    public ReleaseSigner(Credentials release, TimeProvider clock)
    {
        _clock = clock;
        _key = release.Certificate.GetRSAPrivateKey()
            ?? throw new CryptographicException("The release certificate has no RSA key; units verify nothing else.");
        X509Certificate2[] chain = [release.Certificate, .. release.Others.Where(c => !IsRoot(c))];
        Leaf = Fingerprint(chain[0]);
        Certificates = [.. chain.Select(c => new CertificateEntry(Convert.ToBase64String(c.RawData), Fingerprint(c)))];
        Chains = [new(ChainName, [.. chain.Select(Fingerprint)])];
    }

    /// <summary>Fingerprint of the signing certificate.</summary>
    public string Leaf { get; }

    /// <summary>Leaf and intermediates; units have the root.</summary>
    public CertificateEntry[] Certificates { get; }

    /// <summary>The one chain, leaf first.</summary>
    public CertificateChainEntry[] Chains { get; }

    /// <summary>Whether <paramref name="blob"/> still needs a signature by the present release certificate.</summary>
    public bool IsMissing(BlobRow blob) => blob.Signature?.Leaf != Leaf;

    /// <summary>Signs.</summary>
    public ReleaseSignature Sign(Digest digest) => new(
        Leaf,
        Convert.ToBase64String(_key.SignHash(Convert.FromHexString(digest.Hex), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        _clock.GetUtcNow());

    /// <summary>The signature as a unit is told. Without ocspValues on purpose (facts, trap 9).</summary>
    public static SignInfo ToSignInfo(ReleaseSignature signature) =>
        new(ChainName, Algorithm, signature.Value, MessageHeader.Time(signature.At));

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
