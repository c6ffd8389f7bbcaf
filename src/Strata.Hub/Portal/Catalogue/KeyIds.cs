using System.Text;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Key ids as people read them.</summary>
internal static class KeyIds
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Issuer and serial number of a kid; the kid itself when it is none that Strata makes, and a dash for none.</summary>
    public static string Text(string? kid)
    {
        if (kid is null) return "-";
        try
        {
            return Strict.GetString(Convert.FromBase64String(kid));
        }
        catch (Exception other) when (other is FormatException or DecoderFallbackException)
        {
            return kid;
        }
    }
}
