using System.CommandLine;
using Strata.Artifacts.Hashing;
using Strata.Build.Caching;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary>What the hub has of targets: <c>strata target list</c>, <c>download</c> and <c>share</c>.</summary>
internal static class PublishedTargets
{
    private const string Everybody = "*";

    private static readonly HubArguments Hub = new();

    public static Command List() => Hub.AddTo(new Command("list", "List the published targets that you own or that are shared with you.")).Runs(
        "strata target list --hub https://localhost:10000/ --key pki/aos-user-sp.p12",
        async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var targets = (await hub.TargetsAsync(cancellation)).ToArray();
            terminal.Result(targets, HubJson.Default.TargetInfoArray, text =>
            {
                if (targets.Length == 0) text.WriteLine("No target is published, or none is shared with you.");
                else Table.Write(text, ["NAME", "OWNER", "PLATFORM", "BASE", "PUBLISHED"], targets.Select(t => new[] { t.Name, t.Owner, t.Platform.ToString(), t.Identity, $"{t.PublishedAt.UtcDateTime:u}" }));
            });
            return ExitCode.Ok;
        });

    public static Command Download()
    {
        var name = Name();
        var folder = new Option<string>("--output", "-o") { Description = "The folder to put the files into; made when it is not there.", DefaultValueFactory = _ => "." };
        return Hub.AddTo(new Command("download", "Download what the hub has of a target: its document and the index of its base.") { name, folder }).Runs(
            "strata target download minimal -o target-index --hub https://localhost:10000/ --key pki/aos-user-sp.p12",
            async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var target = await hub.TargetAsync(parsed.GetRequiredValue(name), cancellation);
                var into = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
                foreach (var document in target.Documents)
                {
                    using var step = terminal.Begin($"Downloading {document.Name}");
                    try
                    {
                        await BuildCache.WriteAsync(Path.Combine(into, Path.GetFileName(document.Name)), file => hub.TargetDocumentAsync(target.Id, document, file, cancellation));
                    }
                    catch (ContentMismatchException other)
                    {
                        throw new CommandFailure(ExitCode.Failed, $"{document.Name} did not arrive as the hub describes it: {other.Message} Download it again.");
                    }
                }
                terminal.Result(target, HubJson.Default.TargetInfo, text =>
                {
                    foreach (var document in target.Documents) text.WriteLine($"{Path.Combine(into, document.Name)} ({document.Size / 1e6:0.0} MB)");
                });
                return ExitCode.Ok;
            });
    }

    public static Command Share()
    {
        var name = Name();
        var with = new Option<string[]>("--with") { Description = "Domain of a service provider that may read the target; several may be given. What is not named loses its share.", AllowMultipleArgumentsPerToken = true };
        var all = new Option<bool>("--all") { Description = "Every service provider may read it." };
        var none = new Option<bool>("--none") { Description = "Nobody but its owner may read it." };
        var command = new Command("share", "Say which service providers may read a target and download its index.") { name, with, all, none };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(with) is { Length: > 0 }, result.GetValue(all), result.GetValue(none) }.Count(given => given) != 1)
                result.AddError("Give one of --with, --all and --none.");
        });
        return Hub.AddTo(command).Runs(
            "strata target share minimal --with sp.example --hub https://localhost:10000/ --key pki/aos-user-oem.p12",
            async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var sharing = new TargetSharing(parsed.GetValue(all) ? [Everybody] : parsed.GetValue(with) ?? []);
                var target = await hub.ShareTargetAsync(parsed.GetRequiredValue(name), sharing, cancellation);
                terminal.Result(target, HubJson.Default.TargetInfo, text => text.WriteLine(target.SharedWith switch
                {
                    [] => $"{target.Name} is shared with nobody.",
                    [Everybody] => $"{target.Name} is shared with every service provider.",
                    var some => $"{target.Name} is shared with {string.Join(", ", some)}.",
                }));
                return ExitCode.Ok;
            });
    }

    private static Argument<string> Name() => new("name") { Description = "The target's name or UUID; NAME.OWNER-DOMAIN for another owner's." };
}
