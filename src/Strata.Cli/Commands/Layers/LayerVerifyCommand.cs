using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Build.Layers;
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
        var cache = CacheOption.Create();
        return new Command("verify", "Check that layers are what their layer.json says: digests, sizes, libraries, parent, base.") { place, parent, target, cache }.Runs(
            "strata layer verify build/deploy --target build/target",
            async (parsed, terminal, cancellation) =>
            {
                var against = parsed.GetValue(target) is { } path ? TargetCommand.Read(path) : null;
                var results = await BuildFailures.GuardAsync(async () =>
                {
                    var layers = LayerFiles.In(parsed.GetRequiredValue(place));
                    var check = await LayerCheck.OfAsync(parsed.GetValue(parent), against, parsed.Open(cache), cancellation);
                    var verified = new List<LayerVerifyResult>();
                    foreach (var layer in layers)
                    {
                        using var step = terminal.Begin($"Verify {Path.GetFileName(layer.Archive)}");
                        var found = await Task.Run(() => check.RunAsync(layer, cancellation), cancellation);
                        verified.Add(new(layer.Archive, layer.Description!.Name, layer.Description.Version, found.Digest, found.DiffId, found.Mismatches, found.Departures));
                    }
                    return verified;
                });
                terminal.Result([.. results], LayerVerifyJson.Default.LayerVerifyResultArray, text => Write(text, results));
                foreach (var result in results)
                    foreach (var mismatch in result.Mismatches) terminal.Error.WriteLine($"strata: {result.Archive}: {mismatch}");
                return results.TrueForAll(r => r.Mismatches.Count == 0) ? ExitCode.Ok : ExitCode.Refused;
            });
    }

    private static void Write(TextWriter text, List<LayerVerifyResult> results)
    {
        foreach (var result in results)
        {
            text.WriteLine($"{result.Name} {result.Version}: {(result.Mismatches.Count == 0 ? "is what its layer.json says" : $"is not what its layer.json says, in {result.Mismatches.Count} points")}");
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
