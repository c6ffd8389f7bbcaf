using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Build.Caching;
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
    /// <summary>Builds the named recipes and the layers they stand on.</summary>
    /// <exception cref="CommandFailure">Nothing was written.</exception>
    public static async Task<IReadOnlyList<BuiltLayer>> RunAsync(
        IReadOnlyList<string> recipes, Target target, BuildCache cache, LayerBuildOptions options, Terminal terminal, CancellationToken cancellation)
    {
        LayerBuild build;
        using (var step = terminal.Begin($"Build {string.Join(", ", recipes.Select(r => Path.GetFileNameWithoutExtension(r)))}"))
        {
            build = await BuildFailures.GuardAsync(() => Task.Run(() => new LayerBuilder(cache, target).BuildAsync(recipes, options, new Shown(step, terminal), cancellation), cancellation));
        }
        if (build is LayerBuild.Refused refused) throw new CommandFailure(ExitCode.Refused, string.Join('\n', refused.Mistakes));
        var layers = ((LayerBuild.Built)build).Layers;
        Report(layers, terminal);
        return layers;
    }

    private static void Report(IReadOnlyList<BuiltLayer> layers, Terminal terminal)
    {
        var results = layers.Select(l => new LayerBuildResult(
            l.Description.Name, l.Description.Codename, l.Description.Version, l.Archive, l.Description.Archive.Digest, l.Description.Archive.DiffId,
            l.Description.Archive.Size, l.Description.Parent?.Name, l.Description.Libraries.Count, l.WasCached, l.Elapsed.TotalSeconds, l.PackTime.TotalSeconds, l.Notes));
        terminal.Result([.. results], LayerBuildJson.Default.LayerBuildResultArray, text =>
        {
            foreach (var layer in layers)
            {
                var about = layer.Description;
                text.WriteLine($"{about.Name} {about.Version} for {about.Platform}: {(layer.WasCached ? "from the cache" : "built anew")}, {layer.Elapsed.TotalSeconds:0.0} s");
                text.WriteLine($"  {layer.Archive}");
                text.WriteLine($"  {about.Archive.Size / 1e6:0.0} MB, {about.Archive.Entries} entries, {about.Libraries.Count} libraries{(about.Parent is { } parent ? $", on {parent.Name} {parent.Version}" : "")}");
                text.WriteLine($"  diff id {about.Archive.DiffId}");
                TreeNotes.Write(layer.Notes, text);
            }
        });
    }

    /// <summary>Shows bytes where they are counted; elsewhere a line at each new thing that a layer is at.</summary>
    private sealed class Shown(Progress step, Terminal terminal) : IProgress<LayerBuildProgress>
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);

        public void Report(LayerBuildProgress value)
        {
            lock (_gate)
            {
                var isNew = _last.GetValueOrDefault(value.Layer) != value.Doing;
                _last[value.Layer] = value.Doing;
                if (isNew && !terminal.IsInteractive) terminal.Note($"  {value.Layer}: {value.Doing}");
            }
            step.Report($"{value.Layer}: {value.Doing}{(value.Total > 0 ? $" {value.Done * 100 / value.Total} % of {value.Total / 1e6:0.0} MB" : "")}");
        }
    }
}

/// <summary>One layer in what <c>strata layer build --json</c> writes.</summary>
internal sealed record LayerBuildResult(
    string Name, string Codename, SemanticVersion Version, string Archive, Digest Digest, DiffId DiffId, long Size, string? Parent, int Libraries, bool WasCached, double Seconds, double PackSeconds, IReadOnlyList<TreeNote> Notes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(EquatableListConverter<Library>), typeof(EquatableListConverter<string>)])]
[JsonSerializable(typeof(LayerBuildResult[]))]
[JsonSerializable(typeof(LayerInspectResult))]
[JsonSerializable(typeof(Library[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LayerBuildJson : JsonSerializerContext;
