using Strata.Agent.Connecting;

namespace Strata.Agent.Reporting;

/// <summary>Tells the hub what changes on the board, several changes at a time.</summary>
internal sealed class StatusReporter(StatusBoard board, HubLink hub, TimeProvider time)
{
    /// <summary>How long changes are gathered. AosCore takes 10 s; people watch ours.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await board.Changed.WaitAsync(cancellationToken);
            await Task.Delay(Gathering, time, cancellationToken);
            hub.Send(board.Delta);
        }
    }

    /// <summary>Tells everything: due at the end of each run.</summary>
    public void TellAll() => hub.Send(board.Full);
}
