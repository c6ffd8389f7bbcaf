using System.CommandLine;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target publish</c>: tells the hub, signed, what a target's base is.</summary>
internal static class TargetPublishCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A target.yaml, or the folder that holds one." };
        var cache = CacheOption.Create();
        var hub = new HubArguments();
        return hub.AddTo(new Command("publish", "Publish a target at the hub, signed by its OEM.") { target, cache }).Runs(
            "strata target publish build/target --hub https://localhost:10000/ --key pki/aos-user-oem.p12",
            async (parsed, terminal, cancellation) =>
            {
                await RunAsync(parsed.GetRequiredValue(target), parsed.Open(cache), hub.Access(parsed), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    /// <summary>Signs the target's document and sends it.</summary>
    public static async Task<TargetInfo> RunAsync(string path, BuildCache cache, HubAccess access, Terminal terminal, CancellationToken cancellation)
    {
        var target = TargetCommand.Read(path);
        var tree = await BuildFailures.GuardAsync(() => BaseTree.OpenAsync(target, cache, cancellation));
        var keyFile = access.KeyFile(Directory.GetCurrentDirectory(), null, "");
        using var credentials = CredentialFiles.Load(keyFile);
        using var client = access.Connect(keyFile, null);
        // The hub judges a signature by the certificates of users it has met; the document's author may be new to it.
        await client.MeAsync(cancellation);
        var document = CanonicalJson.Write(TargetDocument.Of(target, tree), TargetJson.Default.TargetDocument);
        var published = await client.PublishTargetAsync(Jws.Sign(document, credentials.Certificate), cancellation);
        terminal.Result(published, HubJson.Default.TargetInfo, text => text.WriteLine($"{published.Name} is published; the hub knows its base as {tree.Identity}."));
        return published;
    }
}
