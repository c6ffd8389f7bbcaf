using System.CommandLine;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;

namespace Strata.Cli.Hub;

/// <summary>The options of every command that talks to a hub.</summary>
internal sealed class HubArguments
{
    private readonly Option<string?> _hub = new("--hub") { Description = "The hub's address, https://HOST:PORT/; else publish.domain, else the domain in the certificate." };
    private readonly Option<string?> _key = new("--key") { Description = "The user's certificate with its key, a p12 file with an empty password." };
    private readonly Option<string?> _ca = new("--ca") { Description = "Root of the hub's certificate; else fleet-root.crt beside the p12, else ~/.aos/security/strata-ca.crt, else the system's." };

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public Command AddTo(Command command)
    {
        foreach (var option in new[] { _hub, _key, _ca }) command.Options.Add(option);
        return command;
    }

    /// <summary>What was given.</summary>
    public HubAccess Access(ParseResult parsed) => new(parsed.GetValue(_hub), parsed.GetValue(_key), parsed.GetValue(_ca), UserFolders.Home);
}

/// <summary>How to reach a hub, as the user said it; what is null is looked up.</summary>
/// <param name="Home">The user's home.</param>
internal sealed record HubAccess(string? Hub, string? Key, string? Ca, string Home)
{
    /// <summary>The certificate file: the option's, or that of <paramref name="configured"/>, or the usual one.</summary>
    public string KeyFile(string folder, string? configured, string what)
    {
        var files = new CredentialFiles(folder, Home);
        if (Key is not null) return new CredentialFiles(Directory.GetCurrentDirectory(), Home).Find(Key, "--key");
        return configured is null ? files.FindUsual() : files.Find(configured, what);
    }

    /// <summary>A client with the usual certificate, looked for in the current folder.</summary>
    public HubClient Connect() => Connect(KeyFile(Directory.GetCurrentDirectory(), null, ""), null);

    /// <summary>A client with the certificate in <paramref name="keyFile"/>.</summary>
    /// <param name="domain">publish.domain; null when there is none.</param>
    public HubClient Connect(string keyFile, string? domain)
    {
        var credentials = CredentialFiles.Load(keyFile);
        var address = Hub ?? domain ?? PkiFiles.OrganisationOf(credentials.Certificate);
        if (address.Length == 0)
            throw new CommandFailure(ExitCode.Usage, $"Neither --hub nor publish.domain is given, and the certificate in {keyFile} names no domain. Give --hub https://HOST:PORT/.");
        return new(HubClient.Address(address), credentials, new CredentialFiles(".", Home).Roots(Ca, keyFile));
    }
}
