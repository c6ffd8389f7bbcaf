using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Build.Layers;
using Strata.Cli.Commands.Recipes;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer vendor</c>.</summary>
internal static class LayerVendorCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder to keep locks and packages in; made when it is not there." };
        var recipes = new Argument<string[]>("recipe") { Description = "A .bb file, or the name of a recipe on the --path; several may be given.", Arity = ArgumentArity.OneOrMore };
        var target = new Option<string>("--target") { Description = "A target.yaml, or the folder that holds one.", Required = true };
        var locks = new Option<string?>("--locked") { Description = "Keep what the locks in layers/NAME/ of this folder pin, a deploy folder for example; nothing is resolved anew." };
        var refresh = new Option<bool>("--refresh") { Description = "Fetch the feed's package lists anew first." };
        var cache = CacheOption.Create();
        var command = new Command("vendor", "Keep the packages of layers and of their parents with their locks, so that 'layer build --vendor DIR' needs no feed.") { folder, recipes, target, locks, refresh, cache };
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata layer vendor vendor/ aos-numlibs-layer --path samples --target build/target",
            async (parsed, terminal, cancellation) =>
            {
                var options = new LayerBuildOptions { Recipes = around.Read(parsed), Deploy = "", Refresh = parsed.GetValue(refresh), Locks = parsed.GetValue(locks) };
                var names = parsed.GetRequiredValue(recipes);
                var builder = new LayerBuilder(parsed.Open(cache), TargetCommand.Read(parsed.GetRequiredValue(target)));
                LayerVendoring vendoring;
                using (var step = terminal.Begin($"Keep the packages of {string.Join(", ", names.Select(r => Path.GetFileNameWithoutExtension(r)))}"))
                {
                    vendoring = await BuildFailures.GuardAsync(() =>
                        Task.Run(() => builder.VendorAsync(names, parsed.GetRequiredValue(folder), options, new ShownBuild(step, terminal), cancellation), cancellation));
                }
                if (vendoring is LayerVendoring.Refused refused) throw new CommandFailure(ExitCode.Refused, string.Join('\n', refused.Mistakes));
                Report(((LayerVendoring.Kept)vendoring).Layers, parsed.GetRequiredValue(folder), terminal);
                return ExitCode.Ok;
            });
    }

    private static void Report(IReadOnlyList<VendoredLayer> layers, string folder, Terminal terminal) =>
        terminal.Result([.. layers.Select(l => new LayerVendorResult(l.Name, l.Lock.Packages.Count, l.Lock.Size, l.Written))], LayerVendorJson.Default.LayerVendorResultArray, text =>
        {
            foreach (var layer in layers) text.WriteLine($"{layer.Name}: {layer.Lock.Packages.Count} packages, {layer.Lock.Size / 1e6:0.0} MB, of which {layer.Written / 1e6:0.0} MB are new");
            text.WriteLine($"Build from it with: strata layer build {layers[^1].Name} --vendor {folder} ...");
        });
}

/// <summary>One layer in what <c>strata layer vendor --json</c> writes.</summary>
/// <param name="Size">Bytes of its packages.</param>
/// <param name="Written">Bytes of those that were not kept before.</param>
internal sealed record LayerVendorResult(string Name, int Packages, long Size, long Written);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LayerVendorResult[]))]
internal sealed partial class LayerVendorJson : JsonSerializerContext;
