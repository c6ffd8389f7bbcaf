using System.CommandLine;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer diff</c>.</summary>
internal static class LayerDiffCommand
{
    internal static Command Create()
    {
        var parent = new Argument<string>("PARENT") { Description = "Directory: the tree that the layer will lie on." };
        var child = new Argument<string>("CHILD") { Description = "Directory: the tree that parent and layer shall give." };
        var output = new Argument<string>("OUT") { Description = "The layer file to write, OUT.tar.gz." };
        var normalise = new Option<bool>("--normalise") { Description = "Leave out logs, locks, caches and the like, and split the package database, by the list in docs/formats/normalise.md." };
        var verbose = new Option<bool>("--verbose") { Description = "With --normalise: print that list." };
        var keepTimes = new Option<bool>("--keep-times") { Description = "Also pack what differs in its time of change alone." };
        var latest = new Option<long?>("--latest-time") { Description = "Later times become this one, in seconds since 1970." };
        var whiteouts = new Option<string[]>("--whiteout") { Description = "Hide /a/b, or with /a/b/* all that is in it. Repeatable." };
        var describe = new Option<string?>("--describe") { Description = "What the recipe knows, as JSON (docs/formats/layer-json.md): layer.json, elf.json and the SBOMs are written beside OUT." };
        var strict = new Option<bool>("--strict") { Description = "Refuse a layer of which something is reported by the rules of docs/formats/checks.md." };
        return new Command("diff", "Pack the difference of two directory trees as a layer.") { parent, child, output, normalise, verbose, keepTimes, latest, whiteouts, describe, strict }
            .Runs("strata layer diff base/ with-python/ linux-amd64-1.0.0.tar.gz --normalise", async (parsed, terminal, cancellation) =>
            {
                var values = parsed.GetValue(describe) is { } file ? LayerDescribing.Read(file) : null;
                var options = new PackOptions
                {
                    Normalise = parsed.GetValue(normalise),
                    KeepTimes = parsed.GetValue(keepTimes),
                    LatestTime = parsed.GetValue(latest),
                    Whiteouts = [.. parsed.GetValue(whiteouts) ?? [], .. values?.Whiteouts ?? []],
                };
                if (options.Normalise && parsed.GetValue(verbose)) TreeNotes.WriteList(terminal);
                var packed = await LayerDiff.RunAsync(parsed.GetRequiredValue(parent), parsed.GetRequiredValue(child), parsed.GetRequiredValue(output), options, terminal, cancellation);
                IReadOnlyList<LayerFinding> findings = [];
                if (values is not null || parsed.GetValue(strict))
                    findings = await new LayerDescribing(values) { Time = options.LatestTime, Strict = parsed.GetValue(strict) }.RunAsync(packed, parsed.GetRequiredValue(parent), parsed.GetRequiredValue(child), parsed.GetRequiredValue(output), terminal, cancellation);
                LayerDiff.Report(packed, parsed.GetRequiredValue(output), findings, terminal);
                return ExitCode.Ok;
            });
    }
}
