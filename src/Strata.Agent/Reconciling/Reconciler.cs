using Strata.Agent.Connecting;
using Strata.Artifacts.Protocol;

namespace Strata.Agent.Reconciling;

/// <summary>Brings the unit to the state last desired, again and again until it is reached; a newer one takes the place of one that is under way.</summary>
internal sealed class Reconciler(Switchover switchover, DesiredFile file, Action finished, EventLog log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0);
    private DesiredStatus? _current;
    private DesiredStatus? _next;
    private CancellationTokenSource? _run;
    private bool _isIncomplete;

    /// <summary>Takes a desired state in. One that asks for what is done or under way already changes nothing.</summary>
    public void Receive(DesiredStatus status)
    {
        lock (_gate)
        {
            var isSame = _current is not null && Wish.IsSameWork(_current, status);
            if (isSame && _next is null && !_isIncomplete) return;
            _next = status;
            if (!isSame) _run?.Cancel();
        }
        _signal.Release();
    }

    /// <summary>Runs until it is cancelled. What was desired before the last stop comes up first, without the hub.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (file.Read() is { } stored)
        {
            await switchover.RestoreAsync(stored, cancellationToken);
            lock (_gate) _current = stored;
        }
        var backoff = new Backoff(Random.Shared);
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            if (Begin(cancellationToken) is var (status, run) && status is not null)
            {
                var outcome = await TryAsync(status, run, cancellationToken);
                if (outcome is null) continue; // a newer state is waiting
                if (outcome.Value) backoff.Reset();
                else wait = backoff.Next() * RetryFactor;
            }
            await _signal.WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>What failed is tried again after 10 s at first: sooner, it would fail alike.</summary>
    private const int RetryFactor = 10;

    /// <returns>True when all of it was reached; null when a newer state came in between.</returns>
    private async Task<bool?> TryAsync(DesiredStatus status, CancellationTokenSource run, CancellationToken cancellationToken)
    {
        try
        {
            file.Write(status);
            var isComplete = await switchover.RunAsync(status, run.Token);
            lock (_gate) _isIncomplete = !isComplete;
            finished();
            return isComplete;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Write("A newer desired state takes the place of the one under way.");
            return null;
        }
        catch (IOException trouble) // the disk, not an item: what runs goes on, and another moment may be better
        {
            log.Write($"The desired state was not reached: {trouble.Message}");
            lock (_gate) _isIncomplete = true;
            return false;
        }
        finally
        {
            lock (_gate) _run = null;
            run.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    private (DesiredStatus? Status, CancellationTokenSource Run) Begin(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_next is { } next) (_current, _next, _isIncomplete) = (next, null, false);
            _run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            return (_current, _run);
        }
    }
}
