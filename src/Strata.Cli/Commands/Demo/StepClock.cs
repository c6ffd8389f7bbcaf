using System.Diagnostics;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Demo;

/// <summary>Announces the demo's steps and keeps how long each took.</summary>
internal sealed class StepClock(Terminal terminal)
{
    private readonly Stopwatch _whole = Stopwatch.StartNew();
    private readonly List<DemoStep> _steps = [];

    /// <summary>The steps that are over, in their order.</summary>
    public IReadOnlyList<DemoStep> Steps => _steps;

    /// <summary>Wall-clock time since the demo began.</summary>
    public TimeSpan Elapsed => _whole.Elapsed;

    /// <summary>Runs one step.</summary>
    public async Task<T> RunAsync<T>(string name, Func<Task<T>> step)
    {
        terminal.Note($"\n== {name}");
        var clock = Stopwatch.StartNew();
        var result = await step();
        _steps.Add(new(name, clock.Elapsed.TotalSeconds));
        return result;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(string name, Func<Task> step) => RunAsync(name, async () =>
    {
        await step();
        return 0;
    });
}
