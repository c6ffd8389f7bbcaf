using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Hub;

/// <summary>One mutual TLS connection's settings: shows our certificate, judges the hub's, and remembers why it would not do.</summary>
/// <param name="api">The API's address, for messages.</param>
/// <param name="client">What we show; null to show nothing.</param>
/// <param name="roots">Roots for the hub's certificate; null takes the system's.</param>
internal sealed class HubConnection(Uri api, Credentials? client, X509Certificate2Collection? roots)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly CertificateTrust? _trust = roots is null ? null : new(roots, Purpose.Server);
    private string? _distrust;

    /// <summary>Host and port, as messages name the hub.</summary>
    public string Place => $"{api.IdnHost}:{api.Port}";

    /// <summary>A handler that is given to one client.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = ConnectTimeout,
        AllowAutoRedirect = false,
        UseProxy = false, // a proxy would see a connection that only we and the hub may share
        Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
        AutomaticDecompression = DecompressionMethods.None,
        SslOptions = new()
        {
            ClientCertificateContext = client is null ? null : SslStreamCertificateContext.Create(client.Certificate, client.Others, offline: true),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate as X509Certificate2, chain, errors),
        },
    };

    /// <summary>What a failure to talk means to the user.</summary>
    public CommandFailure Explain(Exception problem) => problem switch
    {
        _ when _distrust is not null => new(ExitCode.Unavailable, $"The hub at {Place} was not trusted. {_distrust} Name its root with --ca fleet-root.crt."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(ExitCode.Unavailable, $"There is no host named '{api.IdnHost}'. Check --hub, or publish.domain in config.yaml."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(ExitCode.Unavailable, $"Nothing answers at {Place}. Start the hub there (strata hub --help), or name another with --hub."),
        TimeoutException => new(ExitCode.Unavailable, $"The hub at {Place} did not answer in time. Try again, or look at the hub's log."),
        _ when client is null => new(ExitCode.Unavailable, $"The hub at {Place} ended the connection. ({Innermost(problem)})"),
        _ => new(ExitCode.Unavailable, $"The hub at {Place} ended the connection. It may not accept the certificate '{Quote.Short(client.Certificate.Subject)}' of issuer '{Quote.Short(client.Certificate.Issuer)}': use one that its users root issued. ({Innermost(problem)})"),
    };

    private bool IsTrusted(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _distrust = null;
        if (certificate is null) _distrust = "It showed no certificate.";
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) _distrust = $"Its certificate '{Quote.Short(certificate.Subject)}' is for other names than {api.IdnHost}. Call it by a name that the certificate has.";
        else if (_trust is not null) _distrust = _trust.Judge(certificate, chain?.ChainPolicy.ExtraStore.AsEnumerable() ?? [], DateTimeOffset.UtcNow)?.Sentence;
        else if (errors != SslPolicyErrors.None) _distrust = $"Its certificate '{Quote.Short(certificate.Subject)}' is from none of this system's authorities.";
        return _distrust is null;
    }

    private static string Innermost(Exception problem)
    {
        while (problem.InnerException is { } inner) problem = inner;
        return Quote.Short(problem.Message);
    }
}
