using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strata.Artifacts.Signing;

/// <summary>What a leaf certificate is for and whom it names.</summary>
/// <param name="CommonName">Subject CN, at most 64 characters.</param>
/// <param name="Organisation">Subject O: the hub's domain.</param>
/// <param name="Purpose">A <see cref="Signing.Purpose"/>.</param>
public sealed record LeafProfile(string CommonName, string Organisation, string Purpose)
{
    /// <summary>The key is RSA, so that it can sign by RS256; else EC P-256, which only connects.</summary>
    public bool IsRsa { get; init; }

    /// <summary>Subject alternative names; null for none.</summary>
    public X509Extension? AlternativeNames { get; init; }
}

/// <summary>A certificate that issues others, with its private key.</summary>
/// <remarks>
/// Keys: RSA 3072 for authorities, which last ten years; RSA 2048 for leaves that sign, which last one; EC P-256 for leaves that only connect. Serial numbers: 16 random bytes. Valid from an hour before,
/// against clocks that run a little late: authorities 10 years, leaves 1 year.
/// Source: RFC 5280, sections 4.1 and 4.2; architecture decision 10.
/// </remarks>
public sealed class CertificateAuthority : IDisposable
{
    private const int AuthorityBits = 3072;
    private const int LeafBits = 2048;
    private const int SerialBytes = 16;
    private static readonly TimeSpan Allowance = TimeSpan.FromHours(1);
    private readonly X509Certificate2[] _above;

    private CertificateAuthority(X509Certificate2 certificate, X509Certificate2[] above) => (Certificate, _above) = (certificate, above);

    /// <summary>The certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A new root.</summary>
    /// <param name="issuersBelow">How many authorities may stand between it and a leaf.</param>
    public static CertificateAuthority CreateRoot(string name, string organisation, int issuersBelow, DateTimeOffset now)
    {
        using var key = RSA.Create(AuthorityBits);
        var request = AuthorityRequest(name, organisation, issuersBelow, key);
        var from = Begin(now);
        return new(request.CreateSelfSigned(from, from.AddYears(10)), []);
    }

    /// <summary>An authority from its two PEM texts.</summary>
    /// <exception cref="CryptographicException">They are no certificate and key, or do not belong together.</exception>
    public static CertificateAuthority FromPem(string certificate, string key) => new(X509Certificate2.CreateFromPem(certificate, key), []);

    /// <summary>A new authority under this one, for leaves only.</summary>
    public CertificateAuthority IssueAuthority(string name, string organisation, DateTimeOffset now)
    {
        using var key = RSA.Create(AuthorityBits);
        var request = AuthorityRequest(name, organisation, 0, key);
        request.CertificateExtensions.Add(IssuerKeyId());
        var from = Begin(now);
        var until = from.AddYears(10) < Certificate.NotAfter ? from.AddYears(10) : Certificate.NotAfter;
        using var certificate = request.Create(Certificate, from, until, NewSerial());
        return new(certificate.CopyWithPrivateKey(key), [Certificate, .. _above]);
    }

    /// <summary>A leaf with a new key, as PKCS #12 with an empty password and the issuing certificates inside.</summary>
    public byte[] IssueLeaf(LeafProfile profile, DateTimeOffset now)
    {
        using AsymmetricAlgorithm key = profile.IsRsa ? RSA.Create(LeafBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = IssueLeaf(profile, new PublicKey(key), now);
        using var leaf = key is RSA rsaKey ? bare.CopyWithPrivateKey(rsaKey) : bare.CopyWithPrivateKey((ECDsa)key);
        X509Certificate2Collection bag = [leaf, .. Chain()];
        return bag.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");
    }

    /// <summary>A leaf for a key that somebody else holds. Lasts a year, or as long as this authority if that is less.</summary>
    /// <param name="key">The public half; its holder has proved to have the other.</param>
    public X509Certificate2 IssueLeaf(LeafProfile profile, PublicKey key, DateTimeOffset now)
    {
        var request = new CertificateRequest(Subject(profile.CommonName, profile.Organisation), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(profile.Purpose)], critical: false));
        if (profile.AlternativeNames is not null) extensions.Add(profile.AlternativeNames);
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        extensions.Add(IssuerKeyId());

        var from = Begin(now);
        var until = from.AddYears(1) < Certificate.NotAfter ? from.AddYears(1) : Certificate.NotAfter;
        using var issuing = Certificate.GetRSAPrivateKey()!;
        var generator = X509SignatureGenerator.CreateForRSA(issuing, RSASignaturePadding.Pkcs1);
        return request.Create(Certificate.SubjectName, generator, from, until, NewSerial());
    }

    /// <summary>An authority out of a PKCS #12 file, with those above it.</summary>
    /// <exception cref="CryptographicException">The certificate may not issue others, or its key is not RSA.</exception>
    public static CertificateAuthority Of(Credentials credentials)
    {
        var certificate = credentials.Certificate;
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
            throw new CryptographicException("Its certificate may not issue others.");
        if (certificate.PublicKey.Oid.Value != "1.2.840.113549.1.1.1") throw new CryptographicException("Its key is not RSA.");
        return new(certificate, [.. credentials.Others]);
    }

    /// <summary>This authority and those above it, without keys, as they stand behind a leaf.</summary>
    public IReadOnlyList<X509Certificate2> Chain() => [.. _above.Prepend(Certificate).Select(WithoutKey)];

    /// <summary>This authority with its key, as PKCS #12 with an empty password and those above it inside.</summary>
    public byte[] ToPkcs12()
    {
        X509Certificate2Collection bag = [Certificate, .. _above.Select(WithoutKey)];
        return bag.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");
    }

    /// <summary>The certificate as PEM.</summary>
    public string CertificatePem() => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key as unencrypted PKCS #8 PEM.</summary>
    public string KeyPem()
    {
        using var key = Certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static CertificateRequest AuthorityRequest(string name, string organisation, int issuersBelow, RSA key)
    {
        var request = new CertificateRequest(Subject(name, organisation), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, issuersBelow, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X500DistinguishedName Subject(string name, string organisation)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        subject.AddOrganizationName(organisation);
        return subject.Build();
    }

    private X509AuthorityKeyIdentifierExtension IssuerKeyId() =>
        X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false);

    private static X509Certificate2 WithoutKey(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);

    private static DateTimeOffset Begin(DateTimeOffset now) => new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset) - Allowance;

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40); // positive, and the same length every time
        return serial;
    }
}
