using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Signing;

namespace Strata.Tests.Artifacts.Signing;

/// <summary>A PKI made once for all tests: RSA keys take seconds.</summary>
public sealed class TestPki
{
    private readonly Dictionary<string, byte[]> _files;

    private TestPki(DateTimeOffset now)
    {
        Now = now;
        _files = PkiFiles.Create(new("localhost", "demo-oem.localhost", "demo-sp.localhost"), now).ToDictionary(f => f.Name, f => f.Content, StringComparer.Ordinal);
        Users = CertificateAuthority.FromPem(Text(PkiFiles.UsersRoot), Text("users-root.key"));
        Fleet = CertificateAuthority.FromPem(Text(PkiFiles.FleetRoot), Text(PkiFiles.FleetRootKey));
        Oem = Credentials.FromPkcs12(_files[PkiFiles.OemUser]);
        Sp = Credentials.FromPkcs12(_files[PkiFiles.ServiceProviderUser]);
    }

    public static TestPki Shared { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now { get; }

    public CertificateAuthority Users { get; }

    public CertificateAuthority Fleet { get; }

    public Credentials Oem { get; }

    public Credentials Sp { get; }

    public byte[] this[string file] => _files[file];

    public IEnumerable<string> Names => _files.Keys;

    public X509Certificate2 Certificate(string file) => X509CertificateLoader.LoadCertificate(_files[file]);

    private string Text(string file) => Encoding.ASCII.GetString(_files[file]);
}

/// <summary>A clock that stands still.</summary>
public sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
