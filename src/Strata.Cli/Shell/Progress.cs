using System.Diagnostics;

namespace Strata.Cli.Shell;

/// <summary>Shows one long step: in place on a terminal, as a line at its start and end elsewhere.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private const int BarWidth = 24;
    private readonly Terminal _terminal;
    private readonly string _step;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _drawn = TimeSpan.MinValue;
    private (TimeSpan At, long Done)? _first;
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

    /// <summary>Shows bytes done of bytes to do: a bar, the rate since the first call, and the time that the rest takes at that rate.</summary>
    public void Report(long done, long total)
    {
        if (!_terminal.IsInteractive) return;
        if (_first is not { } first) _first = first = (_clock.Elapsed, done);
        var rate = (done - first.Done) / Math.Max(0.001, (_clock.Elapsed - first.At).TotalSeconds);
        Report(Bytes(done, total, rate));
    }

    /// <summary>The bar's text.</summary>
    private static string Bytes(long done, long total, double rate)
    {
        var moved = rate > 0 ? $", {rate / 1e6:0.0} MB/s" : "";
        if (total <= 0) return $"{done / 1e6:0.0} MB{moved}";
        var part = Math.Clamp((double)done / total, 0, 1);
        var full = (int)(part * BarWidth);
        var left = rate > 0 && done < total ? $", {TimeSpan.FromSeconds(Math.Min(359_999, Math.Ceiling((total - done) / rate))):h\\:mm\\:ss} left" : "";
        return $"[{new string('#', full)}{new string('.', BarWidth - full)}] {part * 100:0} % of {total / 1e6:0.0} MB{moved}{left}";
    }

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
