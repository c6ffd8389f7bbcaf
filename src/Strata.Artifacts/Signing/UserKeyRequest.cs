using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strata.Artifacts.Signing;

/// <summary>A request for a user's certificate (PKCS #10), judged: its key is strong enough, and who asks holds it.</summary>
/// <remarks>Only the key is taken from a request. Role, owner and name are what the invitation says. Source: RFC 2986; facts on AosEdge, c.3.</remarks>
/// <param name="Key">The public key.</param>
/// <param name="CanSign">Whether bundles can be signed with it: RS256 needs an RSA key; one on a curve authenticates and cannot sign.</param>
public sealed record UserKeyRequest(PublicKey Key, bool CanSign)
{
    /// <summary>Characters of a request's text.</summary>
    public const int LongestText = 16 * 1024;

    /// <summary>Bits of the smallest RSA key that is certified.</summary>
    public const int FewestBits = 2048;

    private const int MostBits = 8192; // verifying with a larger one would only cost time
    private const string Rsa = "1.2.840.113549.1.1.1", EllipticCurve = "1.2.840.10045.2.1";
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34"]; // P-256, P-384

    /// <summary>Reads and judges PEM text.</summary>
    /// <returns>The request, or a sentence that says what is wrong with it.</returns>
    public static (UserKeyRequest? Request, string? Problem) Read(string pem)
    {
        if (pem.Length > LongestText) return (null, $"The certificate request has {pem.Length} characters, and {LongestText} are the most.");
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            return (null, $"The certificate request cannot be read, or is not signed with its own key: {problem.Message} Send PKCS #10 as PEM.");
        }
        try
        {
            return Judge(request.PublicKey);
        }
        catch (CryptographicException problem)
        {
            return (null, $"The request's key cannot be used: {problem.Message}");
        }
    }

    private static (UserKeyRequest?, string?) Judge(PublicKey key)
    {
        switch (key.Oid.Value)
        {
            case Rsa:
                using (var rsa = key.GetRSAPublicKey()!)
                    return rsa.KeySize is >= FewestBits and <= MostBits
                        ? (new(key, CanSign: true), null)
                        : (null, $"The request's RSA key has {rsa.KeySize} bits; {FewestBits} to {MostBits} are taken.");
            case EllipticCurve:
                using (var curve = key.GetECDsaPublicKey()!)
                    return Curves.Contains(curve.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value)
                        ? (new(key, CanSign: false), null)
                        : (null, "The request's key is on a curve that is not taken; use P-256 or P-384, or RSA.");
            default:
                return (null, $"The request's key is of a kind that is not taken ({key.Oid.Value}); use RSA with {FewestBits} bits or more, or the curve P-256 or P-384.");
        }
    }
}
