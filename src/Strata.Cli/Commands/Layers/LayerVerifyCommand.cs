using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Build.Caching;
using Strata.Build.Layers;
using Strata.Build.Targets;
using Strata.Cli.Commands.Recipes;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer verify</c>: whether layers are what their descriptions say.</summary>
internal static class LayerVerifyCommand
{
    internal static Command Create()
    {
        var place = new Argument<string>("layer") { Description = "A layer file with its layer.json beside it, or a folder of such layers: of one, or a deploy folder." };
        var parent = new Option<string>("--parent") { Description = "The layer file that it shall have been built on." };
        var target = new Option<string>("--target") { Description = "The target that it shall have been built for: a target.yaml, or the folder that holds one." };
        var rebuild = new Option<string>("--rebuild") { Description = "Build the layer again from this recipe and the packages.lock beside it, for the --target, and compare diff ids; for one layer file." };
        var vendor = new Option<string>("--vendor") { Description = "With --rebuild: take locks and packages from this folder of 'layer vendor'; no feed is asked." };
        var cache = CacheOption.Create();
        var command = new Command("verify", "Check that layers are what their layer.json says: digests, sizes, libraries, documents, parent, base.") { place, parent, target, rebuild, vendor, cache };
        command.Validators.Add(result =>
        {
            if (result.GetValue(rebuild) is not null && result.GetValue(target) is null) result.AddError("--rebuild needs the --target that the layer is for.");
            if (result.GetValue(vendor) is not null && result.GetValue(rebuild) is null) result.AddError("--vendor says where --rebuild takes packages from; give both, or neither.");
        });
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata layer verify build/deploy --target build/target",
            async (parsed, terminal, cancellation) =>
            {
                var against = parsed.GetValue(target) is { } path ? TargetCommand.Read(path) : null;
                var again = parsed.GetValue(rebuild) is { } recipe ? new Again(recipe, new() { Deploy = "", Recipes = around.Read(parsed), Vendor = parsed.GetValue(vendor) }) : null;
                var results = await BuildFailures.GuardAsync(() => VerifyAsync(parsed.GetRequiredValue(place), parsed.GetValue(parent), against, again, parsed.Open(cache), terminal, cancellation));
                terminal.Result([.. results], LayerVerifyJson.Default.LayerVerifyResultArray, text => Write(text, results));
                foreach (var result in results)
                    foreach (var mismatch in result.Mismatches) terminal.Note($"strata: {result.Archive}: {mismatch}");
                return results.TrueForAll(r => r.Mismatches.Count == 0) ? ExitCode.Ok : ExitCode.Refused;
            });
    }

    /// <summary>How a layer is built once more.</summary>
    private sealed record Again(string Recipe, LayerBuildOptions Options);

    private static async Task<List<LayerVerifyResult>> VerifyAsync(
        string place, string? parent, Target? target, Again? again, BuildCache cache, Terminal terminal, CancellationToken cancellation)
    {
        var layers = LayerFiles.In(place);
        if (again is not null && layers.Count > 1) throw new InvalidDataException($"'{place}' holds {layers.Count} layers, and a recipe builds one; name the layer file.");
        var check = await LayerCheck.OfAsync(parent, target, cache, cancellation);
        var verified = new List<LayerVerifyResult>();
        foreach (var layer in layers)
        {
            using var step = terminal.Begin($"Verify {Path.GetFileName(layer.Archive)}");
            var found = await Task.Run(() => check.RunAsync(layer, cancellation), cancellation);
            var mismatches = found.Mismatches;
            if (again is not null && await Task.Run(() => LayerRebuild.MismatchAsync(layer, again.Recipe, target!, again.Options, cache, null, cancellation), cancellation) is { } other) mismatches = [.. mismatches, other];
            verified.Add(new(layer.Archive, layer.Description!.Name, layer.Description.Version, found.Digest, found.DiffId, mismatches, found.Departures));
        }
        return verified;
    }

    private static void Write(TextWriter text, List<LayerVerifyResult> results)
    {
        foreach (var result in results)
        {
            text.WriteLine($"{result.Name} {result.Version}: {(result.Mismatches.Count == 0 ? "is what its layer.json says" : $"is not what its layer.json says, in {result.Mismatches.Count} {(result.Mismatches.Count == 1 ? "point" : "points")}")}");
            text.WriteLine($"  {result.Archive}");
            text.WriteLine($"  diff id {result.DiffId}");
            text.WriteLine($"  canonical form: {(result.Departures.Count == 0 ? "yes" : "no")}");
            foreach (var departure in result.Departures) text.WriteLine($"    {departure}");
        }
    }
}

/// <summary>One layer in what <c>strata layer verify --json</c> writes.</summary>
/// <param name="Departures">In what the file is not of canonical form.</param>
internal sealed record LayerVerifyResult(
    string Archive, string Name, SemanticVersion Version, Digest Digest, DiffId DiffId, EquatableList<string> Mismatches, EquatableList<string> Departures);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(EquatableListConverter<string>)])]
[JsonSerializable(typeof(LayerVerifyResult[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LayerVerifyJson : JsonSerializerContext;
