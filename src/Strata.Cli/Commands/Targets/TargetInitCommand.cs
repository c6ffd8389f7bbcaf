using System.CommandLine;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target init</c>: a target out of a fresh minimal Debian.</summary>
internal static class TargetInitCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "A folder to make; target.yaml and rootfs/ come into it." };
        var bootstrap = new Option<string>("--bootstrap") { Description = "What to bootstrap: debian.", DefaultValueFactory = _ => "debian" };
        bootstrap.AcceptOnlyFromAmong("debian");
        var suite = new Option<string>("--suite") { Description = "Suite of the Debian archive.", DefaultValueFactory = _ => "bookworm" };
        var architecture = new Option<string>("--arch") { Description = "Debian's name of the architecture.", DefaultValueFactory = _ => "amd64" };
        var cache = CacheOption.Create();
        return new Command("init", "Make a target: bootstrap a base root file system (once; it is cached) and write its target.yaml.") { folder, bootstrap, suite, architecture, cache }.Runs(
            "strata target init --bootstrap debian build/target",
            async (parsed, terminal, cancellation) =>
            {
                await RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(suite)!, parsed.GetValue(architecture)!, parsed.Open(cache), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    /// <summary>Makes the target and shows it.</summary>
    public static async Task<TargetDocument> RunAsync(string folder, string suite, string architecture, BuildCache cache, Terminal terminal, CancellationToken cancellation)
    {
        using (var step = terminal.Begin($"Bootstrap Debian {suite} for {architecture}"))
        {
            var kept = await BuildFailures.GuardAsync(() => new DebianBootstrap(cache, suite, architecture).RunAsync(folder, step.Report, cancellation));
            if (kept) terminal.Note("The base was taken from the cache.");
        }
        return await TargetShowCommand.RunAsync(folder, cache, terminal, cancellation);
    }
}
