using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Signing;
using Xunit;

namespace Strata.Tests.Artifacts.Signing;

public sealed class JwsTests
{
    private const int Most = 16384;
    private readonly TestPki _pki = TestPki.Shared;

    [Fact]
    public void What_was_signed_verifies_and_comes_back()
    {
        var text = Jws.Sign("hello"u8, _pki.Oem.Certificate);
        var trusted = Assert.IsType<SignatureVerdict.Trusted>(Verifier().Verify(text, [_pki.Sp.Certificate, _pki.Oem.Certificate], Most));
        Assert.Equal("hello", Encoding.UTF8.GetString(trusted.Content.Payload.Span));
        Assert.Equal(_pki.Now, trusted.Content.VerifiedAt);
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"KID"}""", "algorithm is 'none'")]
    [InlineData("""{"alg":"HS256","kid":"KID"}""", "algorithm is 'HS256'")]
    [InlineData("""{"alg":"rs256","kid":"KID"}""", "algorithm is 'rs256'")]
    [InlineData("""{"alg":"RS512","kid":"KID"}""", "algorithm is 'RS512'")]
    [InlineData("""{"kid":"KID"}""", "algorithm is ''")]
    [InlineData("""{"alg":"RS256"}""", "no key id")]
    [InlineData("""{"alg":"RS256","kid":7}""", "no key id")]
    [InlineData("""{"alg":"RS256","kid":"KID","jwk":{}}""", "holds 'jwk'")]
    [InlineData("""{"alg":"RS256","kid":"KID","x5u":"https://evil/"}""", "holds 'x5u'")]
    [InlineData("""{"alg":"RS256","kid":"KID","crit":["exp"]}""", "holds 'crit'")]
    [InlineData("""{"alg":"RS256","alg":"none","kid":"KID"}""", "not JSON")]
    [InlineData("""{"alg":"RS256","kid":"KID"} x""", "not JSON")]
    [InlineData("""["RS256"]""", "not a JSON object")]
    public void A_header_that_asks_for_anything_else_is_refused_even_when_its_signature_fits(string header, string expected)
    {
        var text = Forge(header.Replace("KID", Kid.Of(_pki.Oem.Certificate), StringComparison.Ordinal));
        var refused = Assert.IsType<SignatureVerdict.Refused>(Verifier().Verify(text, [_pki.Oem.Certificate], Most));
        Assert.Equal(Refusal.Malformed, refused.Reason);
        Assert.Contains(expected, refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_as_other_tools_write_it_is_read()
    {
        var text = Forge($$"""{"typ": "JWT", "kid": "{{Kid.Of(_pki.Oem.Certificate)}}", "alg": "RS256"}""");
        Assert.IsType<SignatureVerdict.Trusted>(Verifier().Verify(text, [_pki.Oem.Certificate], Most));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("e30=.e30.e30")]
    [InlineData("e3 0.e30.e30")]
    public void Text_of_another_form_is_refused(string text) =>
        Assert.Equal(Refusal.Malformed, Assert.IsType<SignatureVerdict.Refused>(Verifier().Verify(text, [_pki.Oem.Certificate], Most)).Reason);

    [Fact]
    public void The_length_is_bounded() => Assert.Contains("longer than 100", Jws.Read(new string('a', 101), 100).Problem, StringComparison.Ordinal);

    [Fact]
    public void Every_other_reason_has_its_own_name()
    {
        var text = Jws.Sign("x"u8, _pki.Oem.Certificate);
        Assert.Equal(Refusal.UnknownSigner, Reason(Verifier().Verify(text, [_pki.Sp.Certificate], Most)));
        Assert.Equal(Refusal.SignerOutOfTime, Reason(Verifier(days: 400).Verify(text, [_pki.Oem.Certificate], Most)));
        Assert.Equal(Refusal.SignerOutOfTime, Reason(Verifier(days: -2).Verify(text, [_pki.Oem.Certificate], Most)));
        var foreign = new JwsVerifier(new([_pki.Fleet.Certificate], Purpose.Client), new FixedClock(_pki.Now));
        Assert.Equal(Refusal.SignerNotTrusted, Reason(foreign.Verify(text, [_pki.Oem.Certificate], Most)));
        var parts = text.Split('.');
        var changed = $"{parts[0]}.{Base64Url.EncodeToString("y"u8)}.{parts[2]}";
        Assert.Equal(Refusal.BadSignature, Reason(Verifier().Verify(changed, [_pki.Oem.Certificate], Most)));
    }

    [Fact]
    public void An_ec_key_connects_and_cannot_sign()
    {
        using var unit = Credentials.FromPkcs12(PkiFiles.Unit(_pki.Fleet, "unit-1", _pki.Now));
        Assert.Contains("has no RSA private key", Assert.Throws<CryptographicException>(() => Jws.Sign("x"u8, unit.Certificate)).Message, StringComparison.Ordinal);
    }

    private static Refusal Reason(SignatureVerdict verdict) => Assert.IsType<SignatureVerdict.Refused>(verdict).Reason;

    private JwsVerifier Verifier(int days = 0) => new(new([_pki.Users.Certificate], Purpose.Client), new FixedClock(_pki.Now.AddDays(days)));

    private string Forge(string header)
    {
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString("payload"u8)}";
        using var key = _pki.Oem.Certificate.GetRSAPrivateKey()!;
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }
}
