using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strata.Artifacts.Signing;

/// <summary>A certificate with its private key, and the certificates that came with it.</summary>
/// <param name="Certificate">The leaf.</param>
/// <param name="Others">The other certificates of the file: its chain.</param>
public sealed record Credentials(X509Certificate2 Certificate, X509Certificate2Collection Others) : IDisposable
{
    /// <summary>Reads PKCS #12 with an empty password, as the vendor's tools write it.</summary>
    /// <exception cref="CryptographicException">It is no PKCS #12, has a password, or holds no private key.</exception>
    public static Credentials FromPkcs12(ReadOnlySpan<byte> content)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(content, "", X509KeyStorageFlags.EphemeralKeySet);
        var leaf = all.FirstOrDefault(c => c.HasPrivateKey)
            ?? throw new CryptographicException("It holds no private key.");
        return new(leaf, [.. all.Where(c => !ReferenceEquals(c, leaf))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var other in Others) other.Dispose();
    }
}
