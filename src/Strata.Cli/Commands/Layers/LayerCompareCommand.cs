using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Artifacts.Layers;
using Strata.Build.Layers;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer compare</c>: what changed between two versions of a layer, and whether the version says so.</summary>
internal static class LayerCompareCommand
{
    /// <summary>Changes of a kind that are shown to a person who does not ask for all.</summary>
    internal const int MostShown = 20;

    internal static Command Create()
    {
        var old = new Argument<string>("old") { Description = "The layer archive of the older version." };
        var next = new Argument<string>("new") { Description = "The layer archive of the newer version." };
        var oldVersion = new Option<string>("--old-version") { Description = "The older version. Default: what its layer.json says." };
        var newVersion = new Option<string>("--new-version") { Description = "The newer version. Default: what its layer.json says." };
        var isStrict = new Option<bool>("--strict") { Description = "End with exit code 3 when the version step does not say what changed." };
        var all = new Option<bool>("--all") { Description = $"Show every change, not only the first {MostShown} of a kind." };
        return new Command("compare", "Compare two versions of a layer: files, libraries, symbols, sizes, and whether the version step is honest.") { old, next, oldVersion, newVersion, isStrict, all }.Runs(
            "strata layer compare v1/linux-amd64-1.0.0.tar.gz v2/linux-amd64-1.1.0.tar.gz --strict",
            async (parsed, terminal, cancellation) =>
            {
                var (before, after) = await BuildFailures.GuardAsync(() => Task.FromResult((LayerFiles.At(parsed.GetRequiredValue(old)), LayerFiles.At(parsed.GetRequiredValue(next)))));
                var (from, to) = (Version(parsed.GetValue(oldVersion), "--old-version", before), Version(parsed.GetValue(newVersion), "--new-version", after));
                if (parsed.GetValue(isStrict) && (from is null || to is null))
                    throw new CommandFailure(ExitCode.Refused, "The version step cannot be judged: no layer.json stands beside one of the layers. Give --old-version and --new-version.");
                if (before.Description is { } was && after.Description is { } becomes && was.Name != becomes.Name)
                    terminal.Note($"note: {was.Name} and {becomes.Name} are two layers, not two versions of one.");
                LayerComparison found;
                using (terminal.Begin("Compare"))
                    found = await BuildFailures.GuardAsync(() => Task.Run(() => LayerComparison.OfAsync(() => File.OpenRead(before.Archive), () => File.OpenRead(after.Archive), () => SpoolFile.Create(Path.GetTempPath()), cancellation), cancellation));
                var verdict = from is not null && to is not null ? VersionVerdict.Of(from, to, found.Needed, found.Old.DiffId == found.New.DiffId) : null;
                var result = new LayerCompareResult(from, to, found, found.Needed, verdict);
                return Show(terminal, result, parsed.GetValue(all) ? int.MaxValue : MostShown, parsed.GetValue(isStrict));
            });
    }

    /// <summary>Shows what a comparison came to; a dishonest version step is told, and refused when that is asked for.</summary>
    internal static ExitCode Show(Terminal terminal, LayerCompareResult result, int most, bool isStrict)
    {
        terminal.Result(result, LayerCompareJson.Default.LayerCompareResult, text => Write(text, result, most));
        if (result.Verdict is not { IsHonest: false } verdict) return ExitCode.Ok;
        terminal.Error.WriteLine($"{(isStrict ? "strata" : "warning")}: {verdict.Reason}");
        return isStrict ? ExitCode.Refused : ExitCode.Ok;
    }

    private static SemanticVersion? Version(string? given, string option, LayerFile layer)
    {
        if (given is null) return layer.Description?.Version;
        return SemanticVersion.TryParse(given, out var version, out var problem) ? version : throw new CommandFailure(ExitCode.Usage, $"{option}: {problem}");
    }

    private static void Write(TextWriter text, LayerCompareResult result, int most)
    {
        var found = result.Comparison;
        text.WriteLine($"size       {found.Old.Size / 1e6:0.0} MB -> {found.New.Size / 1e6:0.0} MB, unpacked {found.Old.UnpackedSize / 1e6:0.0} MB -> {found.New.UnpackedSize / 1e6:0.0} MB, entries {found.Old.Entries} -> {found.New.Entries}");
        text.WriteLine($"content    {(found.Old.DiffId == found.New.DiffId ? "the same" : $"{found.Old.DiffId} -> {found.New.DiffId}")}");
        List(text, "libraries", [.. found.Libraries.OrderByDescending(l => l.Needs).Select(l => $"{Mark(l.Old is null, l.New is null)} {l.Type} {Quote.Short(l.Name)} {Quote.Short(string.Join(" -> ", new[] { l.Old, l.New }.OfType<string>()))}{Asks(l.Needs)}")], most);
        List(text, "symbols", [.. found.Symbols.OrderByDescending(s => s.Needs).Select(s => $"{Mark(!s.IsRemoved, s.IsRemoved)} {Quote.Short(s.Soname)}{(s.Symbol is null ? "" : $" {Quote.Short(s.Symbol)}")}{Asks(s.Needs)}")], most);
        List(text, "paths", [.. found.Paths.OrderByDescending(p => p.Needs).Select(p => $"{Mark(p.What == "added", p.What == "removed")} {LayerLine.Escaped(p.Path.Length == 0 ? "./" : p.Path)}{(p.What is "added" or "removed" ? "" : $" ({p.What})")}{Asks(p.Needs)}")], most);
        text.WriteLine($"asks for   a {result.Needed.ToString().ToLowerInvariant()} step");
        text.WriteLine($"verdict    {(result.Verdict is { } verdict ? $"{(verdict.IsHonest ? "honest" : "not honest")}: {verdict.Reason}" : "none, as no version is known; give --old-version and --new-version.")}");
    }

    private static void List(TextWriter text, string what, List<string> lines, int most)
    {
        text.WriteLine($"{what,-10} {(lines.Count == 0 ? "the same" : $"{lines.Count} changes")}");
        foreach (var line in lines.Take(most)) text.WriteLine($"  {line}");
        if (lines.Count > most) text.WriteLine($"  and {lines.Count - most} more; --all shows them");
    }

    private static char Mark(bool isNew, bool isGone) => isNew ? '+' : isGone ? '-' : '~';

    private static string Asks(VersionStep step) => step == VersionStep.Patch ? "" : $"  [{step.ToString().ToLowerInvariant()}]";
}

/// <summary>What <c>strata layer compare --json</c> writes.</summary>
/// <param name="Needed">The step that the changes ask for.</param>
/// <param name="Verdict">Absent when a version is not known.</param>
internal sealed record LayerCompareResult(SemanticVersion? OldVersion, SemanticVersion? NewVersion, LayerComparison Comparison, VersionStep Needed, VersionVerdict? Verdict);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(EquatableListConverter<PathChange>), typeof(EquatableListConverter<LibraryChange>), typeof(EquatableListConverter<SymbolChange>)])]
[JsonSerializable(typeof(LayerCompareResult))]
[JsonSerializable(typeof(PathChange[]))]
[JsonSerializable(typeof(LibraryChange[]))]
[JsonSerializable(typeof(SymbolChange[]))]
internal sealed partial class LayerCompareJson : JsonSerializerContext;
