using System.Text;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Agent;

/// <summary>An installation's certificates in a folder, with one unit. Its keys are made once for all tests: that takes seconds.</summary>
public sealed class TestPki
{
    private static readonly Lazy<IReadOnlyList<PkiFile>> One = new(Create);
    private static readonly Lazy<IReadOnlyList<PkiFile>> Other = new(Create);
    private readonly string _folder;

    public TestPki(string folder, bool isForeign = false)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in (isForeign ? Other : One).Value) File.WriteAllBytes(PathOf(file.Name), file.Content);
    }

    public const string SystemId = "unit-1";

    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>The users root, to issue certificates that no file holds.</summary>
    public CertificateAuthority Users => CertificateAuthority.FromPem(File.ReadAllText(PathOf(PkiFiles.UsersRoot)), File.ReadAllText(PathOf("users-root.key")));

    public Credentials Load(string file) => Credentials.FromPkcs12(File.ReadAllBytes(PathOf(file)));

    private static IReadOnlyList<PkiFile> Create()
    {
        var now = DateTimeOffset.UtcNow;
        var files = PkiFiles.Create(new("localhost", "demo-oem.localhost", "demo-sp.localhost"), now);
        string Text(string name) => Encoding.ASCII.GetString(files.Single(f => f.Name == name).Content);
        using var fleet = CertificateAuthority.FromPem(Text(PkiFiles.FleetRoot), Text(PkiFiles.FleetRootKey));
        return
        [
            .. files,
            new("unit.p12", PkiFiles.Unit(fleet, SystemId, now), IsSecret: true),
            new("rsa-hub.p12", fleet.IssueLeaf(new("localhost", "localhost", Purpose.Server) { IsRsa = true }, now), IsSecret: true),
        ];
    }
}
