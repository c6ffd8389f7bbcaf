using System.CommandLine;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Programs;

/// <summary><c>strata hub</c>: becomes the hub's own program.</summary>
internal static class HubCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder that the hub keeps everything in; made if it is not there.", Required = true };
        var pki = new Option<string>("--pki") { Description = "Folder that 'strata pki init' made.", Required = true };
        Option<string?>[] others =
        [
            new("--domain") { Description = "Name that clients and units reach the hub by; else localhost." },
            new("--bind") { Description = "IP address to listen on; else 127.0.0.1." },
            new("--api-port") { Description = "Port of the API; else 10000. 0 is any free one, here and below." },
            new("--units-port") { Description = "Port for units; else 9000." },
            new("--blobs-port") { Description = "Port of downloads; else 10001." },
            new("--portal-port") { Description = "Port of the portal; else 10002." },
            new("--portal-mtls-port") { Description = "Port at which browsers sign in to the portal with a user's certificate; else 10003." },
            new("--openid") { Description = "File that names the OpenID Connect provider which signs people in to the portal; docs/hub.md says what stands in it." },
            new("--database") { Description = "PostgreSQL database, postgres://USER@HOST[:PORT]/NAME; else a file in the data folder. Its password comes from PGPASSWORD, PGPASSFILE or ~/.pgpass." },
            new("--follow") { Description = "As --database, of a hub that runs elsewhere: its log is followed, and answered what only reads. Needs that hub's --blobs." },
            new("--blobs") { Description = "Bucket of an S3 store, s3://HOST[:PORT]/BUCKET; else a folder in the data folder. Its key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws/credentials." },
            new("--insecure-blobs") { Description = "As --blobs, over plain HTTP." },
            new("--fleet") { Description = "File that says what units hold until they say it themselves; docs/formats/fleet.md says what stands in it." },
            new("--garbage-grace") { Description = "Seconds for which nothing must have named a blob before it goes; else 21600. Longer than any upload takes." },
            new("--garbage-period") { Description = "Seconds between two looks for garbage; else 3600." },
            new("--max-bundle-bytes") { Description = "Largest bundle that is taken, in bytes; else 4294967296." },
        ];
        var command = new Command("hub", "Run a hub until Ctrl-C or SIGTERM.") { data, pki, HubSignInCommand.Create() };
        foreach (var option in others) command.Options.Add(option);
        return command.Runs("strata hub --data hub --pki pki", (parsed, _, _) =>
        {
            var given = others.Select(o => (o.Name, Value: parsed.GetValue(o))).Where(o => o.Value is not null).SelectMany(o => new[] { o.Name, o.Value! });
            return Task.FromResult(SiblingProgram.Become("strata-hub", ["--data", parsed.GetRequiredValue(data), "--pki", parsed.GetRequiredValue(pki), .. given]));
        });
    }
}
