using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;

namespace Strata.Agent.Connecting;

/// <summary>Who this unit is and whom it trusts: its own certificate and the fleet root.</summary>
internal sealed class UnitIdentity
{
    private const int DiscoveryPort = 9000;
    private readonly Credentials _credentials;
    private readonly X509Certificate2Collection _roots;

    private UnitIdentity(Credentials credentials, X509Certificate2Collection roots) =>
        (_credentials, _roots, SystemId) = (credentials, roots, credentials.Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));

    /// <summary>The unit's name: the common name of its certificate.</summary>
    public string SystemId { get; }

    /// <summary>The fleet root: the only one that counts.</summary>
    public IEnumerable<X509Certificate2> Roots => _roots;

    /// <summary>Where the hub is asked for when nothing else was said: the organisation in the certificate names its domain.</summary>
    public Uri DefaultDiscovery => new UriBuilder("https", PkiFiles.OrganisationOf(_credentials.Certificate), DiscoveryPort, "/sd/v7/").Uri;

    /// <summary>Reads both files.</summary>
    /// <param name="certificate">PKCS #12 with an empty password.</param>
    /// <param name="fleetRoot">PEM.</param>
    /// <exception cref="CryptographicException">One of them is not what it should be.</exception>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    public static UnitIdentity Load(string certificate, string fleetRoot)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(fleetRoot);
        if (roots.Count == 0) throw new CryptographicException($"{fleetRoot} holds no certificate. Name fleet-root.crt of the PKI folder with --ca.");
        try
        {
            var credentials = Credentials.FromPkcs12(File.ReadAllBytes(certificate));
            // Judged at its own time, and never for its time: a unit whose clock is wrong, or whose certificate ran out, goes on with what it runs.
            var verdict = new CertificateTrust(roots, Purpose.Client).Judge(credentials.Certificate, credentials.Others, credentials.Certificate.NotBefore);
            if (verdict is { Reason: Distrust.Foreign or Distrust.WrongPurpose } distrust) throw new CryptographicException(distrust.Sentence);
            return new(credentials, roots);
        }
        catch (CryptographicException problem)
        {
            throw new CryptographicException($"{certificate} cannot be used: {problem.Message} Make one with: strata pki unit", problem);
        }
    }

    /// <summary>A connection on which hub and unit both prove who they are.</summary>
    public SocketsHttpHandler MutualTls()
    {
        var handler = ServerTls();
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(_credentials.Certificate, Intermediates(), offline: true);
        return handler;
    }

    /// <summary>A connection on which the hub alone proves who it is; a certificate of the unit would say more than its address needs to.</summary>
    public SocketsHttpHandler ServerTls()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ApplicationPolicy.Add(new(Purpose.Server));
        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = new() { CertificateChainPolicy = policy },
        };
    }

    private X509Certificate2Collection Intermediates() => [.. _credentials.Others.Where(c => c.Subject != c.Issuer)];
}
