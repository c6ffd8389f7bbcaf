using System.CommandLine;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Programs;

/// <summary><c>strata agent</c>: becomes the unit's own program.</summary>
internal static class AgentCommand
{
    private const string Program = "strata-agent";

    public static Command Create()
    {
        var root = Root();
        var certificate = new Option<string>("--cert") { Description = "The unit's certificate with its key, as 'strata pki unit' made it.", Required = true };
        var fleetRoot = new Option<string>("--ca") { Description = "fleet-root.crt of the PKI folder: what the unit trusts.", Required = true };
        var rootfs = new Option<string>("--base") { Description = "Folder of the base root file system; never written to.", Required = true };
        Option<string?>[] others =
        [
            new("--visible") { Description = "Top folders of the base that services see, with commas; else bin,sbin,lib,lib64,usr." },
            new("--discovery") { Description = "Where the hub is asked for; else what the certificate says." },
            new("--runtime") { Description = "OCI runtime; else crun." },
        ];
        var command = new Command("agent", "Run a unit until Ctrl-C or SIGTERM; its services stop with it.") { root, certificate, fleetRoot, rootfs };
        foreach (var option in others) command.Options.Add(option);
        command.Subcommands.Add(CreateCleanup());
        return command.Runs(
            "strata agent --root unit --cert pki/units/unit-1.p12 --ca pki/fleet-root.crt --base target/rootfs",
            (parsed, _, _) => Task.FromResult(SiblingProgram.Become(Program,
            [
                "--root", parsed.GetRequiredValue(root), "--cert", parsed.GetRequiredValue(certificate),
                "--ca", parsed.GetRequiredValue(fleetRoot), "--base", parsed.GetRequiredValue(rootfs),
                .. others.Select(o => (o.Name, Value: parsed.GetValue(o))).Where(o => o.Value is not null).SelectMany(o => new[] { o.Name, o.Value! }),
            ])));
    }

    private static Command CreateCleanup()
    {
        var root = Root();
        var command = new Command("cleanup", "End every container and take every mount away that a killed agent left.") { root };
        return command.Runs(
            "strata agent cleanup --root unit",
            (parsed, _, _) => Task.FromResult(SiblingProgram.Become(Program, ["--root", parsed.GetRequiredValue(root), "cleanup"])));
    }

    private static Option<string> Root() =>
        new("--root") { Description = "Folder that the unit keeps everything in; made if it is not there. One agent a folder.", Required = true };
}
