using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;

namespace Strata.Tests.Artifacts.Signing;

public sealed class UserKeyRequestTests
{
    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void An_RSA_key_of_2048_bits_or_more_is_taken_and_can_sign(int bits)
    {
        using var key = RSA.Create(bits);
        Assert.True(UserKeyRequest.Read(Request(key)).Request!.CanSign);
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    public void A_key_on_a_curve_is_taken_and_cannot_sign(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        Assert.False(UserKeyRequest.Read(Request(key)).Request!.CanSign);
    }

    [Fact]
    public void A_weak_key_another_curve_and_what_is_no_request_are_refused_with_the_cure()
    {
        using var weak = RSA.Create(1024);
        Assert.Contains("1024 bits; 2048", UserKeyRequest.Read(Request(weak)).Problem, StringComparison.Ordinal);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        Assert.Contains("P-256 or P-384", UserKeyRequest.Read(Request(other)).Problem, StringComparison.Ordinal);
        Assert.Contains("PKCS #10", UserKeyRequest.Read("nothing").Problem, StringComparison.Ordinal);
        Assert.Contains("PKCS #10", UserKeyRequest.Read("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----").Problem, StringComparison.Ordinal);
        Assert.Contains("the most", UserKeyRequest.Read(new string('a', UserKeyRequest.LongestText + 1)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_its_own_key_did_not_sign_is_refused()
    {
        using var key = RSA.Create(2048);
        var der = PemEncoding.Find(Request(key)) is var found ? Convert.FromBase64String(Request(key)[found.Base64Data]) : [];
        der[^1] ^= 1;
        Assert.NotNull(UserKeyRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", der)).Problem);
    }

    [Fact]
    public void A_certificate_for_a_requests_key_chains_over_the_authority_to_the_users_root_and_says_the_invited_role()
    {
        var now = DateTimeOffset.UtcNow;
        using var root = CertificateAuthority.CreateRoot("users", "localhost", issuersBelow: 1, now);
        using var authority = root.IssueAuthority("authority", "localhost", now);
        using var held = CertificateAuthority.Of(Credentials.FromPkcs12(authority.ToPkcs12()));
        using var key = RSA.Create(2048);
        using var certificate = PkiFiles.User(held, new(ClientRole.ServiceProvider, "sp.localhost", "anna"), UserKeyRequest.Read(Request(key)).Request!.Key, now);

        Assert.Equal(new ClientIdentity(ClientRole.ServiceProvider, "sp.localhost", "anna"), ClientIdentity.Of(certificate).Identity);
        Assert.Null(new CertificateTrust([root.Certificate], Purpose.Client, [held.Certificate]).Judge(certificate, [], now));
        Assert.Equal(Distrust.Foreign, new CertificateTrust([root.Certificate], Purpose.Client).Judge(certificate, [], now)!.Value.Reason);
    }

    private static string Request(RSA key) => new CertificateRequest("CN=admin, O=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

    private static string Request(ECDsa key) => new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
}
