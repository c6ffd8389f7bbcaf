using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Targets;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary>Builds layers and says what came of it.</summary>
internal static class LayerBuilding
{
    private const int MostNamed = 12;

    /// <summary>Builds the named recipes and the layers they stand on.</summary>
    /// <exception cref="CommandFailure">Nothing was written.</exception>
    public static async Task<IReadOnlyList<BuiltLayer>> RunAsync(
        IReadOnlyList<string> recipes, Target target, BuildCache cache, LayerBuildOptions options, Terminal terminal, CancellationToken cancellation)
    {
        LayerBuild build;
        using (var step = terminal.Begin($"Build {string.Join(", ", recipes.Select(r => Path.GetFileNameWithoutExtension(r)))}"))
        {
            build = await BuildFailures.GuardAsync(() => Task.Run(() => new LayerBuilder(cache, target).BuildAsync(recipes, options, new ShownBuild(step, terminal), cancellation), cancellation));
        }
        if (build is LayerBuild.Refused refused) throw new CommandFailure(ExitCode.Refused, string.Join('\n', refused.Mistakes));
        var layers = ((LayerBuild.Built)build).Layers;
        foreach (var layer in layers) FindingLines.Note(terminal, layer.Description.Name, layer.Findings);
        Report(layers, terminal);
        return layers;
    }

    private static void Report(IReadOnlyList<BuiltLayer> layers, Terminal terminal)
    {
        var results = layers.Select(l => new LayerBuildResult(
            l.Description.Name, l.Description.Codename, l.Description.Version, l.Archive, l.Description.Archive.Digest, l.Description.Archive.DiffId,
            l.Description.Archive.Size, l.Description.Parent?.Name, l.Description.Libraries.Count, l.WasCached, l.Elapsed.TotalSeconds, l.PackTime.TotalSeconds,
            Mode(l), l.Lock.Packages.Count, l.Lock.Packages.Where(p => p.SkippedScripts is not null).ToDictionary(p => p.Name, p => p.SkippedScripts!.ToArray(), StringComparer.Ordinal), l.Notes, l.Findings));
        terminal.Result([.. results], LayerBuildJson.Default.LayerBuildResultArray, text =>
        {
            foreach (var layer in layers)
            {
                var about = layer.Description;
                text.WriteLine($"{about.Name} {about.Version} for {about.Platform}: {(layer.WasCached ? "from the cache" : "built anew")}, {layer.Elapsed.TotalSeconds:0.0} s");
                text.WriteLine($"  {layer.Archive}");
                text.WriteLine($"  {about.Archive.Size / 1e6:0.0} MB, {about.Archive.Entries} entries, {about.Libraries.Count} libraries{(about.Parent is { } parent ? $", on {parent.Name} {parent.Version}" : "")}");
                text.WriteLine($"  diff id {about.Archive.DiffId}");
                ReportPackages(layer, text);
                TreeNotes.Write(layer.Notes, text);
            }
        });
    }

    private static string Mode(BuiltLayer layer) => layer.Lock.Mode == FeedMode.Install ? "install" : "unpack";

    private static void ReportPackages(BuiltLayer layer, TextWriter text)
    {
        var from = layer.Lock.Suite ?? $"{layer.Lock.Feed.ToString().ToLowerInvariant()} folder";
        var count = layer.Lock.Packages.Count == 1 ? "1 package" : $"{layer.Lock.Packages.Count} packages";
        if (layer.Lock.Mode == FeedMode.Install)
        {
            text.WriteLine($"  {count} of {from}, installed: scripts ran");
            return;
        }
        text.WriteLine($"  {count} of {from}, unpacked: no script ran");
        var skipped = layer.Lock.Packages.Where(p => p.SkippedScripts is not null).ToList();
        if (skipped.Count == 0) return;
        var more = skipped.Count > MostNamed ? $" and {skipped.Count - MostNamed} more, listed in packages.lock" : "";
        text.WriteLine($"  an installation would have run scripts of {string.Join(", ", skipped.Take(MostNamed).Select(p => p.Name))}{more}: what they make, such as a link of update-alternatives, is missing");
    }
}

/// <summary>One layer in what <c>strata layer build --json</c> writes.</summary>
internal sealed record LayerBuildResult(
    string Name, string Codename, SemanticVersion Version, string Archive, Digest Digest, DiffId DiffId, long Size, string? Parent, int Libraries, bool WasCached, double Seconds, double PackSeconds,
    string Mode, int Packages, IReadOnlyDictionary<string, string[]> SkippedScripts, IReadOnlyList<TreeNote> Notes, EquatableList<LayerFinding> Findings);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(EquatableListConverter<Library>), typeof(EquatableListConverter<string>), typeof(EquatableListConverter<LayerFinding>)])]
[JsonSerializable(typeof(LayerFinding[]))]
[JsonSerializable(typeof(LayerBuildResult[]))]
[JsonSerializable(typeof(Library[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LayerBuildJson : JsonSerializerContext;
