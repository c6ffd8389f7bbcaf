using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Strata.Artifacts.Signing;

/// <summary>Whom an installation's certificates name.</summary>
/// <param name="Domain">The hub's domain.</param>
/// <param name="Oem">The OEM's domain.</param>
/// <param name="ServiceProvider">The service provider's domain.</param>
public sealed record PkiNames(string Domain, string Oem, string ServiceProvider);

/// <summary>One file of the PKI folder.</summary>
/// <param name="IsSecret">Holds a private key: only its owner may read it.</param>
public sealed record PkiFile(string Name, byte[] Content, bool IsSecret);

/// <summary>Makes the certificates of an installation: two roots, that never vouch for one another's leaves, and what stands under them.</summary>
/// <remarks>
/// Under the users root: OEM and service provider users, who connect and sign, and one authority by which the hub enrols others. Under the fleet root: hub and units, and one
/// authority of its own for the release key. Source: architecture decision 10.
/// </remarks>
public static class PkiFiles
{
    /// <summary>The users root's certificate.</summary>
    public const string UsersRoot = "users-root.crt";

    /// <summary>The certificate of the authority under the users root by which the hub enrols users.</summary>
    public const string UsersAuthority = "users-ca.crt";

    /// <summary>The same with its key: what a hub needs to enrol users.</summary>
    public const string UsersAuthorityKey = "users-ca.p12";

    /// <summary>The fleet root's certificate.</summary>
    public const string FleetRoot = "fleet-root.crt";

    /// <summary>The fleet root's private key.</summary>
    public const string FleetRootKey = "fleet-root.key";

    /// <summary>The release authority's certificate.</summary>
    public const string ReleaseAuthority = "release-ca.crt";

    /// <summary>The hub's server certificate with its key.</summary>
    public const string Hub = "hub.p12";

    /// <summary>The release-signing certificate with its key.</summary>
    public const string Release = "release.p12";

    /// <summary>The OEM user's certificate with its key, named as the vendor's tools name it.</summary>
    public const string OemUser = "aos-user-oem.p12";

    /// <summary>The service provider user's certificate with its key.</summary>
    public const string ServiceProviderUser = "aos-user-sp.p12";

    /// <summary>Longest system id, as CN allows.</summary>
    private const int LongestName = 64;

    /// <summary>Every file of a new PKI folder.</summary>
    public static IReadOnlyList<PkiFile> Create(PkiNames names, DateTimeOffset now)
    {
        PkiFile[] users = [], fleet = [];
        // Finding RSA primes is nearly all the work, and the two roots have nothing to do with each other.
        Parallel.Invoke(() => users = UsersTree(names, now), () => fleet = FleetTree(names, now));
        return [.. users, .. fleet];
    }

    private static PkiFile[] UsersTree(PkiNames names, DateTimeOffset now)
    {
        using var users = CertificateAuthority.CreateRoot("Strata users root", names.Domain, issuersBelow: 1, now);
        using var enrolling = users.IssueAuthority("Strata users authority", names.Domain, now);
        return
        [
            .. Authority("users-root", users),
            new(UsersAuthority, Encoding.ASCII.GetBytes(enrolling.CertificatePem()), IsSecret: false),
            new(UsersAuthorityKey, enrolling.ToPkcs12(), IsSecret: true),
            new(OemUser, User(users, new(ClientRole.Oem, names.Oem, "oem-user"), names.Domain, now), IsSecret: true),
            new(ServiceProviderUser, User(users, new(ClientRole.ServiceProvider, names.ServiceProvider, "sp-user"), names.Domain, now), IsSecret: true),
        ];
    }

    private static PkiFile[] FleetTree(PkiNames names, DateTimeOffset now)
    {
        using var fleet = CertificateAuthority.CreateRoot("Strata fleet root", names.Domain, issuersBelow: 1, now);
        using var release = fleet.IssueAuthority("Strata release authority", names.Domain, now);
        return
        [
            .. Authority("fleet-root", fleet),
            .. Authority("release-ca", release),
            new(Hub, fleet.IssueLeaf(new(names.Domain, names.Domain, Purpose.Server) { AlternativeNames = ServerNames(names.Domain) }, now), IsSecret: true),
            new(Release, release.IssueLeaf(new("Strata release signing", names.Domain, Purpose.Release) { IsRsa = true }, now), IsSecret: true),
        ];
    }

    /// <summary>A user's certificate, PKCS #12 with an empty password.</summary>
    /// <param name="users">The users root with its key.</param>
    /// <param name="domain">The hub's domain.</param>
    public static byte[] User(CertificateAuthority users, ClientIdentity identity, string domain, DateTimeOffset now) => users.IssueLeaf(
        new(identity.User, domain, Purpose.Client) { IsRsa = true, AlternativeNames = UriName(identity.Urn) }, now);

    /// <summary>A user's certificate for a key that the user made and keeps.</summary>
    /// <param name="users">The users authority with its key.</param>
    /// <param name="key">Of a certificate request that was judged.</param>
    public static X509Certificate2 User(CertificateAuthority users, ClientIdentity identity, PublicKey key, DateTimeOffset now) => users.IssueLeaf(
        new(identity.User, OrganisationOf(users.Certificate), Purpose.Client) { AlternativeNames = UriName(identity.Urn) }, key, now);

    /// <summary>A unit's certificate, PKCS #12 with an empty password.</summary>
    /// <param name="fleet">The fleet root with its key.</param>
    /// <param name="systemId">The unit's name: <see cref="IsName"/>.</param>
    public static byte[] Unit(CertificateAuthority fleet, string systemId, DateTimeOffset now)
    {
        var domain = OrganisationOf(fleet.Certificate);
        return fleet.IssueLeaf(new(systemId, domain, Purpose.Client), now);
    }

    /// <summary>Whether <paramref name="text"/> can be a system id or a user's name: 1 to 64 letters, digits, <c>. _ -</c>, and no dot first.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The subject's O, which in every certificate of Strata is the hub's domain; empty when there is none.</summary>
    public static string OrganisationOf(X509Certificate2 certificate)
    {
        const string Organisation = "2.5.4.10";
        return certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == Organisation)
            .Select(part => part.GetSingleElementValue())
            .FirstOrDefault() ?? "";
    }

    private static PkiFile[] Authority(string name, CertificateAuthority authority) =>
    [
        new($"{name}.crt", Encoding.ASCII.GetBytes(authority.CertificatePem()), IsSecret: false),
        new($"{name}.key", Encoding.ASCII.GetBytes(authority.KeyPem()), IsSecret: true),
    ];

    private static X509Extension ServerNames(string domain)
    {
        var names = new SubjectAlternativeNameBuilder();
        var address = IPAddress.TryParse(domain, out var parsed) ? parsed : null;
        foreach (var name in new[] { "localhost", address is null ? domain : "localhost" }.Distinct(StringComparer.Ordinal)) names.AddDnsName(name);
        foreach (var ip in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, address ?? IPAddress.Loopback }.Distinct()) names.AddIpAddress(ip);
        return names.Build();
    }

    private static X509SubjectAlternativeNameExtension UriName(string uri)
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence()) names.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
        return new(names.Encode());
    }
}
