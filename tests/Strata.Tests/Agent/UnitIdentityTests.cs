using System.Security.Cryptography;
using Strata.Agent.Connecting;
using Strata.Artifacts.Signing;
using Strata.Tests.Artifacts.Signing;
using Strata.Tests.Store;

namespace Strata.Tests.Agent;

/// <summary>An agent starts only as a unit of its fleet; the time on its clock is no reason not to start.</summary>
public sealed class UnitIdentityTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestPki _pki = TestPki.Shared;

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(5)]
    public void A_units_certificate_is_taken_whatever_the_clock_says(int yearsOff) =>
        Assert.Equal("unit-1", Load(PkiFiles.Unit(_pki.Fleet, "unit-1", _pki.Now.AddYears(yearsOff))).SystemId);

    [Fact]
    public void A_users_certificate_is_refused() => Refused(_pki[PkiFiles.OemUser], "not issued under a root trusted here");

    [Fact]
    public void The_hubs_certificate_is_refused() => Refused(_pki[PkiFiles.Hub], "not issued for this use");

    [Fact]
    public void The_release_certificate_is_refused() => Refused(_pki[PkiFiles.Release], "not issued for this use");

    private void Refused(byte[] certificate, string words)
    {
        var message = Assert.Throws<CryptographicException>(() => Load(certificate)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains("strata pki unit", message, StringComparison.Ordinal);
    }

    private UnitIdentity Load(byte[] certificate)
    {
        File.WriteAllBytes(_folder["unit.p12"], certificate);
        File.WriteAllBytes(_folder["root.crt"], _pki[PkiFiles.FleetRoot]);
        return UnitIdentity.Load(_folder["unit.p12"], _folder["root.crt"]);
    }

    public void Dispose() => _folder.Dispose();
}
