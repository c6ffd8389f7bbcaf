using System.CommandLine;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Build.Trees;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target publish</c>: tells the hub, signed, what a target's base is and what is in it.</summary>
internal static class TargetPublishCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A target.yaml, or the folder that holds one." };
        var cache = CacheOption.Create();
        var withBase = new Option<bool>("--with-base") { Description = "Publish the base itself too, as a layer: images for other runtimes than a unit's then have it as their lowest layer." };
        var hub = new HubArguments();
        return hub.AddTo(new Command("publish", "Publish a target at the hub, signed by its OEM: identity, platform, packages, files and symbols of its base.") { target, withBase, cache }).Runs(
            "strata target publish build/target --hub https://localhost:10000/ --key pki/aos-user-oem.p12",
            async (parsed, terminal, cancellation) =>
            {
                await RunAsync(parsed.GetRequiredValue(target), parsed.GetValue(withBase), parsed.Open(cache), hub.Access(parsed), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    /// <summary>Signs the target's document and sends it with what it names.</summary>
    public static async Task<TargetInfo> RunAsync(string path, bool withBase, BuildCache cache, HubAccess access, Terminal terminal, CancellationToken cancellation)
    {
        var target = TargetCommand.Read(path);
        var tree = await BuildFailures.GuardAsync(() => BaseTree.OpenAsync(target, cache, cancellation));
        var key = access.UserKey(Directory.GetCurrentDirectory(), null, "");
        using var credentials = key.Load();
        using var client = access.Connect(key, null);
        // Asked before the long work; and the hub judges a signature by the certificates of users it has met.
        await client.MeAsync(cancellation);

        BaseIndex index;
        using (var step = terminal.Begin($"Looking into the base of {target.Name}"))
            index = await BuildFailures.GuardAsync(() => BaseIndex.OfAsync(tree, cache, new Shown(step), cancellation));

        var document = CanonicalJson.Write(TargetDocument.Of(target, tree, index), TargetJson.Default.TargetDocument);
        var names = index.Documents.Select(d => d.Name).Concat(withBase ? [BaseIndex.ArchiveName] : []);
        var parts = names.Select(name => new TargetPart(name, index.PathOf(name))).ToList();
        TargetInfo published;
        using (var step = terminal.Begin($"Publishing {target.Name}"))
        {
            var total = parts.Sum(p => new FileInfo(p.Path).Length);
            published = await client.PublishTargetAsync(Jws.Sign(document, credentials.Certificate), parts, new Sent(step, total), cancellation);
        }
        terminal.Result(published, HubJson.Default.TargetInfo, text => text.WriteLine(
            $"{published.Name} is published{(published.HasBase ? " with its base" : "")}; the hub knows its base as {tree.Identity}."));
        return published;
    }

    private sealed class Shown(Progress step) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => step.Report(value.Done, value.Total);
    }

    private sealed class Sent(Progress step, long total) : IProgress<long>
    {
        public void Report(long value) => step.Report(value, total);
    }
}
