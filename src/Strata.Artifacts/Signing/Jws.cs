using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Strata.Artifacts.Signing;

/// <summary>A signed text in compact form, read but not verified: three parts of base64url with dots between.</summary>
/// <remarks>
/// RS256 and nothing else. The header may hold <c>alg</c>, <c>kid</c> and <c>typ</c>; one that brings a key, a link to a key
/// or critical extensions is refused, since honouring none of them silently would not be honouring them.
/// Source: RFC 7515, sections 3 to 5 and 7.1; RFC 8725, sections 2.1 and 3.1; facts on AosEdge, c.4.
/// </remarks>
public sealed class Jws
{
    private const string Algorithm = "RS256";
    private const int LeastRsaBits = 2048;
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private Jws(string kid, byte[] payload, byte[] signed, byte[] signature) =>
        (KeyId, Payload, _signed, _signature) = (kid, payload, signed, signature);

    /// <summary>Names the signer's certificate: <see cref="Kid"/>.</summary>
    public string KeyId { get; }

    /// <summary>What was signed; not to be believed before <see cref="IsSignedBy"/>.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Signs <paramref name="payload"/> with the private key of <paramref name="signer"/>.</summary>
    /// <exception cref="CryptographicException">The certificate has no RSA private key of at least 2048 bits.</exception>
    public static string Sign(ReadOnlySpan<byte> payload, X509Certificate2 signer)
    {
        using var key = signer.GetRSAPrivateKey()
            ?? throw new CryptographicException($"The certificate '{signer.Subject}' has no RSA private key; {Algorithm} needs one. An EC key can connect and cannot sign.");
        if (key.KeySize < LeastRsaBits) throw new CryptographicException($"The RSA key of '{signer.Subject}' has {key.KeySize} bits; at least {LeastRsaBits} are needed.");
        var text = $"{Base64Url.EncodeToString(Header(Kid.Of(signer)))}.{Base64Url.EncodeToString(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Reads the compact form.</summary>
    /// <param name="maxLength">Longest text that is looked at, in characters.</param>
    /// <returns>The parts, or a sentence that says what is wrong.</returns>
    public static (Jws? Jws, string? Problem) Read(string text, int maxLength)
    {
        if (text.Length > maxLength) return (null, $"The signature is longer than {maxLength} characters.");
        var parts = text.Split('.', 4);
        if (parts.Length != 3) return (null, "The signature is not three parts with dots between them.");
        if (Decoded(parts[0]) is not { } header || Decoded(parts[1]) is not { } payload || Decoded(parts[2]) is not { } signature)
            return (null, "A part of the signature is not base64url.");
        var (kid, problem) = ReadHeader(header);
        return kid is null ? (null, problem) : (new(kid, payload, Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), signature), null);
    }

    /// <summary>Whether the key of <paramref name="certificate"/> made the signature. Says nothing about trust in the certificate.</summary>
    public bool IsSignedBy(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is { KeySize: >= LeastRsaBits } && key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static byte[] Header(string kid)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("alg", Algorithm);
            json.WriteString("kid", kid);
            json.WriteString("typ", "JWT");
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static byte[]? Decoded(string part)
    {
        if (part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !Base64Url.IsValid(part)) return null;
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null; // one text for one content: spare bits must be zero
    }

    private static (string? Kid, string? Problem) ReadHeader(byte[] header)
    {
        try
        {
            using var json = JsonDocument.Parse(header, StrictJson.Options);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return (null, "The signature's header is not a JSON object.");
            string? algorithm = null, kid = null;
            foreach (var property in json.RootElement.EnumerateObject())
            {
                var value = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
                if (property.NameEquals("alg")) algorithm = value;
                else if (property.NameEquals("kid")) kid = value;
                else if (!property.NameEquals("typ")) return (null, $"The signature's header holds '{Model.Identity.Quote.Short(property.Name)}', which is not read here.");
            }
            if (algorithm != Algorithm) return (null, $"The signature's algorithm is '{Model.Identity.Quote.Short(algorithm)}'; only {Algorithm} is accepted.");
            return string.IsNullOrEmpty(kid) ? (null, "The signature's header has no key id 'kid'.") : (kid, null);
        }
        catch (Exception unreadable) when (StrictJson.IsUnreadable(unreadable))
        {
            return (null, "The signature's header is not JSON.");
        }
    }
}

/// <summary>JSON that was signed: no key twice, nothing after the end, no comments, few levels.</summary>
internal static class StrictJson
{
    public static JsonDocumentOptions Options => new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>What reading other people's JSON throws; the second for text that is no UTF-8, found only when it is asked for.</summary>
    public static bool IsUnreadable(Exception problem) => problem is JsonException or InvalidOperationException;
}
