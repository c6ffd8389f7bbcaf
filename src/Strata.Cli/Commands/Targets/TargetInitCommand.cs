using System.CommandLine;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target init</c>: a target out of a base that is there, or out of a fresh minimal Debian.</summary>
internal static class TargetInitCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "A folder to make; target.yaml comes into it, and with --bootstrap rootfs/." };
        var rootFs = new Option<string>("--rootfs") { Description = "A base that is there: a folder, tar, OCI layout, or ext4, squashfs or EROFS image. What it says of itself goes into the file." };
        var image = new Option<string>("--image") { Description = "Which image of an OCI layout is meant, by its name there." };
        var name = new Option<string>("--name") { Description = "The target's name; with --rootfs. Default: from the base's release, version and architecture." };
        var bootstrap = new Option<string>("--bootstrap") { Description = "What to bootstrap when no --rootfs is given: debian.", DefaultValueFactory = _ => "debian" };
        bootstrap.AcceptOnlyFromAmong("debian");
        var suite = new Option<string>("--suite") { Description = "Suite of the Debian archive.", DefaultValueFactory = _ => "bookworm" };
        var architecture = new Option<string>("--arch") { Description = "Debian's name of the architecture.", DefaultValueFactory = _ => "amd64" };
        var cache = CacheOption.Create();
        return new Command("init", "Make a target: write target.yaml for a base that is there, or bootstrap one (once; it is cached).") { folder, rootFs, image, name, bootstrap, suite, architecture, cache }.Runs(
            "strata target init build/target --rootfs tmp/deploy/images/board/core-image-minimal.ext4",
            async (parsed, terminal, cancellation) =>
            {
                var into = parsed.GetRequiredValue(folder);
                if (parsed.GetValue(rootFs) is { } given)
                {
                    await BuildFailures.GuardAsync(() => new TargetStarter(parsed.Open(cache)).WriteAsync(into, given, parsed.GetValue(image), parsed.GetValue(name), cancellation));
                    await TargetShowCommand.RunAsync(into, parsed.Open(cache), terminal, cancellation);
                    return ExitCode.Ok;
                }
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
