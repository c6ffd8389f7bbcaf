using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Agent.Reporting;
using Strata.Artifacts.Protocol;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.Agent.Obtaining;

/// <summary>Judges the release signatures of one desired status: its chains have to end at the fleet root and start at a release certificate.</summary>
/// <remarks>
/// The signature is over the plain blob's SHA-256, which is its digest: it is judged before a byte is fetched.
/// Source: facts on AosCore 9.1, section 5, "Signature"; architecture decision 10.
/// </remarks>
internal sealed class ReleaseTrust(DesiredStatus status, IEnumerable<X509Certificate2> roots)
{
    private const int LeastKeyBits = 2048;
    private const int LongestSignature = 512;
    private readonly CertificateTrust _trust = new(roots, Purpose.Release);

    /// <summary>Checks that the blob was released.</summary>
    /// <exception cref="ItemRefusedException">It was not; the message says what is wrong with the signature.</exception>
    public void Check(Digest blob, SignInfo? signature)
    {
        if (signature is null) throw Refused(blob, "it is not signed");
        var leaf = Judge(blob, signature);
        var (padding, value) = (PaddingOf(blob, signature.Alg), ValueOf(blob, signature));
        using var key = leaf.GetRSAPublicKey() ?? throw Refused(blob, "the release certificate has no RSA key");
        if (key.KeySize < LeastKeyBits) throw Refused(blob, $"the release key has only {key.KeySize} bits");
        if (!key.VerifyHash(Convert.FromHexString(blob.Hex), value, HashAlgorithmName.SHA256, padding))
            throw Refused(blob, "the release signature does not hold");
    }

    private X509Certificate2 Judge(Digest blob, SignInfo signature)
    {
        if (!DateTimeOffset.TryParse(signature.TrustedTimestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw Refused(blob, "its signature has no readable time");
        var chain = Chain(blob, signature.ChainName);
        if (_trust.Judge(chain[0], chain[1..], time) is { } distrust) throw Refused(blob, $"signer refused ({distrust.Reason}): {distrust.Sentence}");
        return chain[0];
    }

    private X509Certificate2[] Chain(Digest blob, string name)
    {
        var chain = status.CertificateChains.FirstOrDefault(c => c.Name == name) ?? throw Refused(blob, $"chain '{Quote.Short(name)}' is not listed");
        if (chain.Fingerprints.Length == 0) throw Refused(blob, $"chain '{Quote.Short(name)}' is empty");
        return [.. chain.Fingerprints.Select(fingerprint =>
        {
            var entry = status.Certificates.FirstOrDefault(c => string.Equals(c.Fingerprint, fingerprint, StringComparison.OrdinalIgnoreCase))
                ?? throw Refused(blob, $"chain '{Quote.Short(name)}' names a certificate that is not listed");
            try { return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(entry.Certificate)); }
            catch (Exception broken) when (broken is FormatException or CryptographicException)
            {
                throw Refused(blob, $"chain '{Quote.Short(name)}' holds what is no certificate");
            }
        })];
    }

    private static RSASignaturePadding PaddingOf(Digest blob, string algorithm) => algorithm.ToUpperInvariant() switch
    {
        "RSA/SHA256/PKCS1V1_5" => RSASignaturePadding.Pkcs1,
        "RSA/SHA256/PSS" => RSASignaturePadding.Pss,
        _ => throw new ItemRefusedException($"{Short(blob)}: algorithm '{Quote.Short(algorithm)}' is not known", AosCodes.NotSupported),
    };

    private static byte[] ValueOf(Digest blob, SignInfo signature)
    {
        var value = new byte[LongestSignature];
        return Convert.TryFromBase64String(signature.Value, value, out var length)
            ? value[..length]
            : throw Refused(blob, "its signature is no base64 of at most 512 bytes");
    }

    private static ItemRefusedException Refused(Digest blob, string why) => new($"{Short(blob)}: {why}", AosCodes.InvalidChecksum);

    private static string Short(Digest blob) => $"blob {blob.Hex[..12]}";
}
