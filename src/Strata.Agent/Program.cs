using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strata.Agent;

// Exit codes as those of `strata`: 0 done, 1 failed, 2 command line.
const int Failed = 1;
const int BadUsage = 2;

AgentOptions options;
try
{
    options = AgentOptions.Parse(args);
}
catch (FormatException mistakes)
{
    Console.Error.WriteLine($"strata-agent: {mistakes.Message}\n\n{AgentOptions.Usage}");
    return BadUsage;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

var unit = new Unit(options, new EventLog(Console.Error, TimeProvider.System), TimeProvider.System);
try
{
    if (options.Cleanup) await unit.CleanUpAsync();
    else await unit.RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0; // asked to stop, and everything was taken down
}
catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or CryptographicException)
{
    Console.Error.WriteLine($"strata-agent: {trouble.Message}");
    return Failed;
}
