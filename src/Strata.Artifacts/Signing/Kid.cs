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
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The key id of <paramref name="certificate"/>.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        return Of(certificate.IssuerName, certificate.SerialNumberBytes.Span);
    }

    /// <summary>The key id of the certificate with <paramref name="serial"/> that <paramref name="issuer"/> issued.</summary>
    /// <param name="serial">Its bytes, the highest first; zeros before them do not count.</param>
    public static string Of(X500DistinguishedName issuer, ReadOnlySpan<byte> serial)
    {
        serial = serial.TrimStart((byte)0); // DER puts a zero before a high first bit
        var text = $"{DistinguishedNameText.Of(issuer)}:{(serial.IsEmpty ? "00" : Convert.ToHexString(serial))}";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A key id as people read it: issuer and serial number; the key id itself when it is none that <see cref="Of(X509Certificate2)"/> makes.</summary>
    public static string TextOf(string kid)
    {
        try
        {
            return Strict.GetString(Convert.FromBase64String(kid));
        }
        catch (Exception other) when (other is FormatException or DecoderFallbackException)
        {
            return kid;
        }
    }

    /// <summary>The serial number in a key id, upper-case hex; null when it is none.</summary>
    public static string? SerialOf(string kid)
    {
        var bytes = new byte[kid.Length];
        if (!Convert.TryFromBase64String(kid, bytes, out var length)) return null;
        var serial = Encoding.UTF8.GetString(bytes, 0, length).Split(':')[^1];
        return serial.Length is > 0 and < 256 && serial.Length % 2 == 0 && serial.All(char.IsAsciiHexDigitUpper) && length > serial.Length ? serial : null;
    }
}
