using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Strata.Artifacts.Signing;

/// <summary>The key id by which a signature names its certificate.</summary>
/// <remarks>
/// Base64 of the issuer's name by RFC 4514, a colon, and the serial number in upper-case hex of even length.
/// The certificate itself does not travel. Source: facts on AosEdge, c.4.
/// </remarks>
public static class Kid
{
    /// <summary>The key id of <paramref name="certificate"/>.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        var serial = certificate.SerialNumberBytes.Span.TrimStart((byte)0); // DER puts a zero before a high first bit
        var text = $"{DistinguishedNameText.Of(certificate.IssuerName)}:{(serial.IsEmpty ? "00" : Convert.ToHexString(serial))}";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }
}
