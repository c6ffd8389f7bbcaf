using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Signing;
using Xunit;

namespace Strata.Tests.Artifacts.Signing;

public sealed class PkiTests
{
    private readonly TestPki _pki = TestPki.Shared;

    [Fact]
    public void Users_stand_under_the_users_root_and_nowhere_else()
    {
        var users = new CertificateTrust([_pki.Users.Certificate], Purpose.Client);
        var fleet = new CertificateTrust([_pki.Fleet.Certificate], Purpose.Client);
        Assert.Null(users.Judge(_pki.Oem.Certificate, _pki.Oem.Others, _pki.Now));
        Assert.Equal(Distrust.Foreign, fleet.Judge(_pki.Oem.Certificate, _pki.Oem.Others, _pki.Now)!.Value.Reason);
    }

    [Fact]
    public void The_hub_is_a_server_and_a_unit_a_client_of_the_fleet_root()
    {
        using var hub = Credentials.FromPkcs12(_pki[PkiFiles.Hub]);
        using var unit = Credentials.FromPkcs12(PkiFiles.Unit(_pki.Fleet, "unit-1", _pki.Now));
        var servers = new CertificateTrust([_pki.Fleet.Certificate], Purpose.Server);
        var clients = new CertificateTrust([_pki.Fleet.Certificate], Purpose.Client);
        Assert.Null(servers.Judge(hub.Certificate, hub.Others, _pki.Now));
        Assert.Null(clients.Judge(unit.Certificate, unit.Others, _pki.Now));
        Assert.Equal(Distrust.WrongPurpose, servers.Judge(unit.Certificate, unit.Others, _pki.Now)!.Value.Reason);
        Assert.True(hub.Certificate.MatchesHostname("localhost"));
        Assert.True(hub.Certificate.MatchesHostname("127.0.0.1"));
        Assert.Equal("unit-1", unit.Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.Equal("localhost", PkiFiles.OrganisationOf(unit.Certificate));
    }

    [Fact]
    public void The_release_certificate_brings_its_authority_and_has_the_release_purpose()
    {
        using var release = Credentials.FromPkcs12(_pki[PkiFiles.Release]);
        var trust = new CertificateTrust([_pki.Fleet.Certificate], Purpose.Release);
        Assert.Null(trust.Judge(release.Certificate, release.Others, _pki.Now));
        Assert.Equal(Distrust.Foreign, trust.Judge(release.Certificate, [], _pki.Now)!.Value.Reason);
        Assert.True(release.Certificate.GetRSAPublicKey()!.KeySize >= 2048);
        using var hub = Credentials.FromPkcs12(_pki[PkiFiles.Hub]);
        Assert.Equal(Distrust.WrongPurpose, trust.Judge(hub.Certificate, hub.Others, _pki.Now)!.Value.Reason);
    }

    [Fact]
    public void Time_before_and_after_a_certificates_life_is_told_apart()
    {
        var trust = new CertificateTrust([_pki.Users.Certificate], Purpose.Client);
        Assert.Equal(Distrust.Expired, trust.Judge(_pki.Oem.Certificate, _pki.Oem.Others, _pki.Now.AddDays(400))!.Value.Reason);
        Assert.Equal(Distrust.NotYetValid, trust.Judge(_pki.Oem.Certificate, _pki.Oem.Others, _pki.Now.AddDays(-1))!.Value.Reason);
    }

    [Fact]
    public void A_leaf_cannot_issue_another()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=intruder,O=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Purpose.Client)], false));
        using var forged = request.Create(_pki.Oem.Certificate.SubjectName, X509SignatureGenerator.CreateForRSA(_pki.Oem.Certificate.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1), _pki.Now, _pki.Now.AddDays(1), [1]);
        var trust = new CertificateTrust([_pki.Users.Certificate], Purpose.Client);
        Assert.NotNull(trust.Judge(forged, [_pki.Oem.Certificate], _pki.Now.AddHours(1)));
    }

    [Fact]
    public void A_users_certificate_says_role_owner_and_name()
    {
        Assert.Equal(new ClientIdentity(ClientRole.Oem, "demo-oem.localhost", "oem-user"), ClientIdentity.Of(_pki.Oem.Certificate).Identity);
        Assert.Equal(new ClientIdentity(ClientRole.ServiceProvider, "demo-sp.localhost", "sp-user"), ClientIdentity.Of(_pki.Sp.Certificate).Identity);
        using var hub = Credentials.FromPkcs12(_pki[PkiFiles.Hub]);
        Assert.Contains("it is no user certificate", ClientIdentity.Of(hub.Certificate).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_id_is_the_issuers_name_by_rfc_4514_and_the_serial_in_even_hex()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new X500DistinguishedNameBuilder();
        issuer.AddCommonName("#1 Root+CA"); // the builder takes the most specific part first
        issuer.AddOrganizationName("Example, \"Inc\" ");
        issuer.AddCountryOrRegion("UA");
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(issuer.Build(), X509SignatureGenerator.CreateForECDsa(key), _pki.Now, _pki.Now.AddDays(1), [0x0A, 0xBC]);
        Assert.Equal("""CN=\#1 Root\+CA,O=Example\, \"Inc\"\ ,C=UA:0ABC""", Encoding.UTF8.GetString(Convert.FromBase64String(Kid.Of(certificate))));
        using var high = request.Create(issuer.Build(), X509SignatureGenerator.CreateForECDsa(key), _pki.Now, _pki.Now.AddDays(1), [0x00, 0xFF, 0x01]);
        Assert.EndsWith(":FF01", Encoding.UTF8.GetString(Convert.FromBase64String(Kid.Of(high))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unit-1", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("../up", false)]
    [InlineData(".hidden", false)]
    [InlineData("with space", false)]
    public void A_system_id_is_also_a_safe_file_name(string text, bool expected) => Assert.Equal(expected, PkiFiles.IsName(text));
}
