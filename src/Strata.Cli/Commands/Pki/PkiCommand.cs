using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Pki;

/// <summary><c>strata pki</c>: makes the certificates of a small installation.</summary>
internal static class PkiCommand
{
    private static readonly Argument<string> Folder = new("dir") { Description = "The folder that holds, or will hold, certificates and keys." };

    internal static Command Create() => new("pki", "Make certificates: users, hub, units, release key.") { Init(), Unit(), User() };

    private static Command Init()
    {
        var domain = new Option<string>("--domain") { Description = "The hub's domain.", DefaultValueFactory = _ => "localhost" };
        var oem = new Option<string>("--oem") { Description = "The OEM's domain.", DefaultValueFactory = _ => "demo-oem.localhost" };
        var provider = new Option<string>("--sp") { Description = "The service provider's domain.", DefaultValueFactory = _ => "demo-sp.localhost" };
        return new Command("init", "Make a new folder with two roots and all that stands under them.") { Folder, domain, oem, provider }
            .Runs("strata pki init pki", (parsed, terminal, cancellation) =>
            {
                var folder = new PkiFolder(parsed.GetRequiredValue(Folder), TimeProvider.System);
                IReadOnlyList<string> files;
                using (terminal.Begin("Making keys and certificates"))
                    files = folder.Create(new(parsed.GetRequiredValue(domain), parsed.GetRequiredValue(oem), parsed.GetRequiredValue(provider)), cancellation);
                terminal.Result(new PkiCreated(folder.FullPath, files), PkiJson.Default.PkiCreated, text =>
                {
                    text.WriteLine(folder.FullPath);
                    foreach (var file in files) text.WriteLine($"  {file}");
                });
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static Command Unit()
    {
        var systemId = new Argument<string>("system-id") { Description = "The unit's name." };
        return new Command("unit", "Make a unit's certificate, units/SYSTEM-ID.p12.") { Folder, systemId }
            .Runs("strata pki unit pki unit-1", (parsed, terminal, _) =>
            {
                var file = new PkiFolder(parsed.GetRequiredValue(Folder), TimeProvider.System).AddUnit(parsed.GetRequiredValue(systemId));
                return Report(terminal, file);
            });
    }

    private static Command User()
    {
        var name = new Argument<string>("name") { Description = "The user's name; the file is NAME.p12." };
        var role = new Option<string>("--role") { Description = "oem, sp, fleet-owner or admin.", Required = true };
        var owner = new Option<string>("--owner") { Description = "Domain of the OEM, service provider or fleet owner.", Required = true };
        return new Command("user", "Make a certificate for another user.") { Folder, name, role, owner }
            .Runs("strata pki user pki second --role sp --owner demo-sp.localhost", (parsed, terminal, _) =>
            {
                var known = ClientIdentity.RoleOf(parsed.GetRequiredValue(role))
                    ?? throw new CommandFailure(ExitCode.Usage, $"'{parsed.GetValue(role)}' is no role; use oem, sp, fleet-owner or admin.");
                var file = new PkiFolder(parsed.GetRequiredValue(Folder), TimeProvider.System)
                    .AddUser(new(known, parsed.GetRequiredValue(owner), parsed.GetRequiredValue(name)));
                return Report(terminal, file);
            });
    }

    private static Task<ExitCode> Report(Terminal terminal, string file)
    {
        terminal.Result(new CertificateCreated(file), PkiJson.Default.CertificateCreated, text => text.WriteLine(file));
        return Task.FromResult(ExitCode.Ok);
    }
}

internal sealed record PkiCreated(string Folder, IReadOnlyList<string> Files);

internal sealed record CertificateCreated(string File);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PkiCreated))]
[JsonSerializable(typeof(CertificateCreated))]
internal sealed partial class PkiJson : JsonSerializerContext;
