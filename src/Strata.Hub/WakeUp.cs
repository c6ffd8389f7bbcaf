using System.Threading.Channels;

namespace Strata.Hub;

/// <summary>Wakes one waiter: many calls before it looks are one waking, and a call after it has gone does no harm.</summary>
internal sealed class WakeUp
{
    private readonly Channel<bool> _call = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the waiter, now or when it next waits. Never throws.</summary>
    public void Call() => _call.Writer.TryWrite(true);

    /// <summary>Waits for a call.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _call.Reader.ReadAsync(cancellation);
}
