using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;

namespace Strata.Hub.Trust;

/// <summary>The hub's own certificates and the roots that it trusts, read once at the start.</summary>
/// <param name="Users">Judges OEM and SP users.</param>
/// <param name="Fleet">Judges units.</param>
/// <param name="Server">The certificate of all listeners.</param>
/// <param name="Release">Signs what units download.</param>
internal sealed record HubTrust(CertificateTrust Users, CertificateTrust Fleet, Credentials Server, Credentials Release)
{
    /// <summary>By which the hub enrols users; null when it holds none, and then it enrols nobody.</summary>
    public CertificateAuthority? Enrolling { get; init; }

    /// <summary>Whose name stands as issuer in users' certificates: the users root and the authority beneath it.</summary>
    public IReadOnlyList<X500DistinguishedName> UserIssuers { get; init; } = [];

    /// <summary>Reads the four files that a hub needs out of a PKI folder; every mistake is listed.</summary>
    /// <remarks>Certificates that no unit would take are refused here, where somebody reads it, and not on every unit.</remarks>
    public static (HubTrust? Trust, IReadOnlyList<string> Mistakes) Read(string pki, DateTimeOffset now)
    {
        var mistakes = new List<string>();
        var users = Load(pki, PkiFiles.UsersRoot, path => X509CertificateLoader.LoadCertificate(File.ReadAllBytes(path)), mistakes);
        var fleet = Load(pki, PkiFiles.FleetRoot, path => X509CertificateLoader.LoadCertificate(File.ReadAllBytes(path)), mistakes);
        var server = Load(pki, PkiFiles.Hub, path => Credentials.FromPkcs12(File.ReadAllBytes(path)), mistakes);
        var release = Load(pki, PkiFiles.Release, path => Credentials.FromPkcs12(File.ReadAllBytes(path)), mistakes);
        // Folders of earlier releases hold neither; who has only the certificate keeps the users that were enrolled and enrols no more.
        var authority = Optional(pki, PkiFiles.UsersAuthority, path => X509CertificateLoader.LoadCertificate(File.ReadAllBytes(path)), mistakes);
        var enrolling = Optional(pki, PkiFiles.UsersAuthorityKey, path => CertificateAuthority.Of(Credentials.FromPkcs12(File.ReadAllBytes(path))), mistakes);
        X509Certificate2[] authorities = [.. new[] { authority, enrolling?.Certificate }.OfType<X509Certificate2>()];
        Judge(fleet, server, Purpose.Server, Path.Combine(pki, PkiFiles.Hub), now, mistakes);
        Judge(fleet, release, Purpose.Release, Path.Combine(pki, PkiFiles.Release), now, mistakes);
        return mistakes.Count > 0
            ? (null, mistakes)
            : (new(new([users!], Purpose.Client, authorities), new([fleet!], Purpose.Client), server!, release!) { Enrolling = enrolling, UserIssuers = [users!.SubjectName, .. authorities.Select(a => a.SubjectName).DistinctBy(n => n.Name)] }, []);
    }

    private static void Judge(X509Certificate2? fleet, Credentials? own, string purpose, string path, DateTimeOffset now, List<string> mistakes)
    {
        if (fleet is null || own is null) return;
        if (new CertificateTrust([fleet], purpose).Judge(own.Certificate, own.Others, now) is { } distrust)
            mistakes.Add($"{path}: {distrust.Sentence} Units would refuse it.");
    }

    private static T? Optional<T>(string pki, string name, Func<string, T> load, List<string> mistakes)
        where T : class => File.Exists(Path.Combine(pki, name)) ? Load(pki, name, load, mistakes) : null;

    private static T? Load<T>(string pki, string name, Func<string, T> load, List<string> mistakes)
        where T : class
    {
        var path = Path.Combine(pki, name);
        try
        {
            return load(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{path} cannot be read: {problem.Message} Make the folder with 'strata pki init'.");
        }
        catch (CryptographicException problem)
        {
            mistakes.Add($"{path} is not what it should be: {problem.Message} Make the folder with 'strata pki init'.");
        }
        return null;
    }
}
