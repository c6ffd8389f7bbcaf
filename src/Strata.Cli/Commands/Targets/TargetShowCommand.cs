using System.CommandLine;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target show</c>: a target with the identity of its base.</summary>
internal static class TargetShowCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A target.yaml, or the folder that holds one." };
        var cache = CacheOption.Create();
        return new Command("show", "Show a target: platform, feed, what services see, and the identity of its base.") { target, cache }.Runs(
            "strata target show build/target",
            async (parsed, terminal, cancellation) =>
            {
                await RunAsync(parsed.GetRequiredValue(target), parsed.Open(cache), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    /// <summary>Opens the target's base and shows both.</summary>
    public static async Task<TargetDocument> RunAsync(string path, BuildCache cache, Terminal terminal, CancellationToken cancellation)
    {
        var target = TargetCommand.Read(path);
        var tree = await BuildFailures.GuardAsync(() => BaseTree.OpenAsync(target, cache, cancellation, acceptsAny: true));
        var document = TargetDocument.Of(target, tree, index: null);
        terminal.Result(document, TargetJson.Default.TargetDocument, text =>
        {
            text.WriteLine($"target    {document.Name}");
            text.WriteLine($"platform  {document.Platform}{(document.Platform.OsVersion is { } version ? $" {version}" : "")}");
            text.WriteLine($"base      {target.RootFs}");
            text.WriteLine($"identity  {document.Identity}");
            text.WriteLine($"packages  {document.Packages.Count}");
            text.WriteLine($"feeds     {(target.Feeds.Count == 0 ? "none" : string.Join(", ", target.Feeds.Select(f => $"{f.KindName} {f.Name} ({f.ModeName})")))}");
            text.WriteLine($"visible   {string.Join(' ', document.Visible)}");
        });
        return document;
    }
}
