using System.Diagnostics;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Demo;

/// <summary>A hub or a unit that the demo started as a process of its own; ended by its pid, gently first.</summary>
internal sealed class BackgroundProgram : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private bool _released;

    private BackgroundProgram(string name, Process process, string log) => (Name, _process, LogFile) = (name, process, log);

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>What it wrote to both its streams.</summary>
    public string LogFile { get; }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts <paramref name="program"/> with its output in <paramref name="log"/>.</summary>
    /// <remarks>
    /// In a session of its own, so that Ctrl-C reaches the demo alone, which then stops it in order; and with a file for output, so that it can outlive the demo.
    /// </remarks>
    public static BackgroundProgram Start(string name, string program, IEnumerable<string> arguments, string log)
    {
        const string Redirect = "exec setsid \"$@\" >\"$0\" 2>&1 </dev/null";
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Redirect, log, program, .. arguments]))
            ?? throw new CommandFailure(ExitCode.Failed, $"{program} could not be started.");
        return new(name, process, log);
    }

    /// <summary>Waits until <paramref name="look"/> finds something.</summary>
    /// <exception cref="CommandFailure">It ended before, or the time is over; the message holds the end of its log.</exception>
    public async Task<T> WaitUntilAsync<T>(Func<T?> look, string what, TimeSpan limit, CancellationToken cancellation)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (look() is { } found) return found;
            if (_process.HasExited)
                throw new CommandFailure(ExitCode.Failed, $"The {Name} ended with code {_process.ExitCode} before {what}. {LogEnd()}");
            if (clock.Elapsed > limit)
                throw new CommandFailure(ExitCode.Failed, $"It took the {Name} more than {limit.TotalSeconds:0} s until {what}. {LogEnd()}");
            await Task.Delay(Look, cancellation);
        }
    }

    /// <summary>Waits for its own end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    private string LogEnd()
    {
        const int Lines = 12;
        var last = File.ReadLines(LogFile).Where(line => line.Length > 0).TakeLast(Lines).Select(line => "  " + line);
        return $"Its log {LogFile} ends:\n{string.Join('\n', last)}";
    }

    /// <summary>Leaves it running when the demo ends.</summary>
    public void Release() => _released = true;

    /// <summary>Asks it to stop, waits, and ends it by force if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_released && !_process.HasExited)
        {
            Signals.Send(_process.Id, Signals.Terminate);
            using var grace = new CancellationTokenSource(StopGrace);
            try
            {
                await _process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }
        _process.Dispose();
    }
}
