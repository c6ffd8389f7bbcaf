using Strata.Build.Layers;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Layers;

/// <summary>Shows bytes where they are counted; elsewhere a line at each new thing that a layer is at.</summary>
internal sealed class ShownBuild(Progress step, Terminal terminal) : IProgress<LayerBuildProgress>
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
