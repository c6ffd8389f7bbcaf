using System.Diagnostics;

namespace Strata.Cli.Shell;

/// <summary>Shows one long step: in place on a terminal, as a line at its start and end elsewhere.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private readonly Terminal _terminal;
    private readonly string _step;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _drawn = TimeSpan.MinValue;
    private bool _closed;

    internal Progress(Terminal terminal, string step)
    {
        (_terminal, _step) = (terminal, step);
        if (terminal.IsInteractive) Report("");
        else terminal.Error.WriteLine($"{step} ...");
    }

    /// <summary>How long the step has taken.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Shows how far it has come; calls in quick succession are dropped.</summary>
    public void Report(string state)
    {
        if (!_terminal.IsInteractive) return;
        lock (_gate)
        {
            if (_closed || _clock.Elapsed - Redraw < _drawn) return;
            _drawn = _clock.Elapsed;
            _terminal.Error.Write($"\r\e[2K{_step} {state}");
        }
    }

    /// <summary>Shows bytes done of bytes to do.</summary>
    public void Report(long done, long total) =>
        Report(total > 0 ? $"{done * 100 / total} % of {total / 1_000_000.0:0.0} MB" : $"{done / 1_000_000.0:0.0} MB");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            var line = $"{_step}: {_clock.Elapsed.TotalSeconds:0.0} s";
            _terminal.Error.WriteLine(_terminal.IsInteractive ? $"\r\e[2K{line}" : line);
        }
    }
}
