using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Strata.Artifacts.Signing;

/// <summary>A distinguished name as RFC 4514 writes it: most specific part first, <c>CN=Root,O=Example</c>.</summary>
/// <remarks>
/// .NET's own text of a name spaces and escapes differently, and key ids are made from this one, byte for byte as
/// the vendor's signer makes it. Source: RFC 4514, sections 2.1 to 2.4; facts on AosEdge, c.4.
/// </remarks>
internal static class DistinguishedNameText
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.6"] = "C",
        ["2.5.4.9"] = "STREET",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
    };

    /// <exception cref="AsnContentException">The name is not DER.</exception>
    public static string Of(X500DistinguishedName name)
    {
        var parts = new List<string>();
        var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData) parts.Add(Part(sequence.ReadSetOf()));
        parts.Reverse();
        return string.Join(',', parts);
    }

    private static string Part(AsnReader set)
    {
        var pairs = new List<string>();
        while (set.HasData)
        {
            var pair = set.ReadSequence();
            var type = pair.ReadObjectIdentifier();
            var tag = pair.PeekTag();
            var value = tag.TagClass == TagClass.Universal && IsText((UniversalTagNumber)tag.TagValue)
                ? Escaped(pair.ReadCharacterString((UniversalTagNumber)tag.TagValue))
                : "#" + Convert.ToHexStringLower(pair.ReadEncodedValue().Span);
            pairs.Add($"{ShortNames.GetValueOrDefault(type, type)}={value}");
        }
        return string.Join('+', pairs);
    }

    private static bool IsText(UniversalTagNumber tag) => tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
        or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
        or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString;

    private static string Escaped(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var needsEscape = value[i] is '\\' or '"' or '+' or ',' or ';' or '<' or '>'
                || (i == 0 && value[i] is ('#' or ' '))
                || (i == value.Length - 1 && value[i] == ' ');
            if (value[i] == '\0') text.Append("\\00");
            else text.Append(needsEscape ? "\\" : "").Append(value[i]);
        }
        return text.ToString();
    }
}
