using System.CommandLine;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;

namespace Strata.Cli.Hub;

/// <summary>The options of every command that talks to a hub.</summary>
internal sealed class HubArguments
{
    private readonly Option<string?> _hub = new("--hub") { Description = "The hub's address, https://HOST:PORT/; else publish.domain, else the domain in the certificate." };
    private readonly Option<string?> _key = new("--key") { Description = "The user's certificate with its key, a p12 file with an empty password; or a key in a token, pkcs11:token=NAME;object=LABEL." };
    private readonly Option<string?> _cert = new("--cert") { Description = "The certificate of a key in a token, PEM; else the one that the token keeps." };
    private readonly Option<string?> _ca = new("--ca") { Description = "Root of the hub's certificate; else fleet-root.crt beside key or certificate, else ~/.aos/security/strata-ca.crt, else the system's." };

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public Command AddTo(Command command)
    {
        foreach (var option in new[] { _hub, _key, _cert, _ca }) command.Options.Add(option);
        return command;
    }

    /// <summary>What was given.</summary>
    public HubAccess Access(ParseResult parsed) => new(parsed.GetValue(_hub), parsed.GetValue(_key), parsed.GetValue(_ca), UserFolders.Home) { Cert = parsed.GetValue(_cert) };
}

/// <summary>How to reach a hub, as the user said it; what is null is looked up.</summary>
/// <param name="Home">The user's home.</param>
internal sealed record HubAccess(string? Hub, string? Key, string? Ca, string Home)
{
    /// <summary>PEM file of the certificate of a key in a token.</summary>
    public string? Cert { get; init; }

    /// <summary>The user's key: the option's, or that of <paramref name="configured"/>, or the usual one.</summary>
    /// <param name="folder">Of config.yaml, or the current one.</param>
    /// <param name="what">Who names <paramref name="configured"/>, for messages: <c>publish.tlsKey</c>.</param>
    public UserKey UserKey(string folder, string? configured, string what)
    {
        var key = Key is not null ? new CredentialFiles(Directory.GetCurrentDirectory(), Home).Named(Key, "--key", Cert)
            : configured is not null ? new CredentialFiles(folder, Home).Named(configured, what, Cert)
            : new UserKey.InFile(new CredentialFiles(folder, Home).FindUsual());
        return Cert is null || key is UserKey.InToken ? key
            : throw new CommandFailure(ExitCode.Usage, $"--cert goes with a key in a token, and {key} is a file, which holds its certificate. Leave --cert out.");
    }

    /// <summary>A client with the usual certificate, looked for in the current folder.</summary>
    public HubClient Connect() => Connect(UserKey(Directory.GetCurrentDirectory(), null, ""), null);

    /// <summary>A client with the certificate of <paramref name="key"/>.</summary>
    /// <param name="domain">publish.domain; null when there is none.</param>
    public HubClient Connect(UserKey key, string? domain)
    {
        var credentials = key.Load();
        var address = Hub ?? domain ?? PkiFiles.OrganisationOf(credentials.Certificate);
        if (address.Length == 0)
            throw new CommandFailure(ExitCode.Usage, $"Neither --hub nor publish.domain is given, and the certificate of {key} names no domain. Give --hub https://HOST:PORT/.");
        return new(HubClient.Address(address), credentials, new CredentialFiles(".", Home).Roots(Ca, key.Folder));
    }
}
