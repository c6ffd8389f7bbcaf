using System.Text.Json;
using Strata.Hub.Persistence;

namespace Strata.Hub.State;

/// <summary>What a writer wants to happen, and what it tells its caller.</summary>
/// <param name="Changes">One batch: all of it becomes visible at once, or none. Empty is no change.</param>
internal sealed record Decision<T>(T Result, params IReadOnlyList<Change> Changes);

/// <summary>The one place where the hub's state changes: judge against the present, append, fold, swap, tell.</summary>
/// <param name="log">Opened; read from its start by <see cref="Load"/>.</param>
internal sealed class HubWriter(IChangeLog log, TimeProvider clock) : IDisposable
{
    // A write failed, and nobody knows whether before or after the database took it.
    private bool _inDoubt;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile HubState _state = HubState.Empty;

    /// <summary>The newest snapshot.</summary>
    public HubState State => _state;

    /// <summary>The blobs, as of the newest snapshot or a little later. <see cref="CommitAsync"/> may look at them, too: nobody else writes meanwhile.</summary>
    public IBlobRows Blobs => log.Blobs;

    /// <summary>The hub follows another one, and <see cref="CommitAsync"/> is not for it.</summary>
    public bool IsReadOnly => log.IsReadOnly;

    /// <summary>Raised after a batch became visible. Handlers return at once and do not throw.</summary>
    public event Action<HubState, IReadOnlyList<Change>>? Changed;

    /// <summary>What was changed before change <paramref name="before"/>, newest first, out of the log.</summary>
    public IEnumerable<LoggedChange> History(long before) => log.ReadBefore(before);

    /// <summary>What was changed after change <paramref name="after"/>, oldest first, out of the log.</summary>
    /// <param name="withBlobs">As <see cref="IChangeLog.Read"/> takes it.</param>
    public IEnumerable<LoggedChange> Since(long after, bool withBlobs = true) => log.Read(after, withBlobs);

    /// <summary>Folds the whole log. Called once, before anybody reads.</summary>
    public void Load()
    {
        var state = HubState.Empty;
        foreach (var (sequence, _, change) in log.Read(after: 0, withBlobs: false)) state = state.Apply(sequence, change);
        _state = state;
    }

    /// <summary>Lets <paramref name="decide"/> judge the present state while nobody else writes, and makes what it decided durable.</summary>
    /// <param name="decide">Pure; it may look at nothing but the state and <see cref="Blobs"/>.</param>
    public async Task<T> CommitAsync<T>(Func<HubState, Decision<T>> decide, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_inDoubt) CatchUp();
            var decision = decide(_state);
            if (decision.Changes.Count == 0) return decision.Result;

            // Folded before it is written: what cannot be folded must never be in the log.
            var state = _state;
            var sequence = state.Sequence;
            foreach (var change in decision.Changes) state = state.Apply(++sequence, change);
            _inDoubt = true;
            log.Append(_state.Sequence + 1, decision.Changes, new(clock.GetUtcNow(), Stamp(_state, state, decision.Changes)));
            _inDoubt = false;
            _state = state;
            Changed?.Invoke(state, decision.Changes);
            return decision.Result;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes in what another hub writes, as it comes, until the connection is lost.</summary>
    /// <exception cref="IOException">The database is not reached any more.</exception>
    /// <exception cref="InvalidDataException">The log holds a change that this version does not know, or a gap.</exception>
    public Task FollowAsync(CancellationToken cancellation) => log.ListenAsync(
        async () =>
        {
            await _gate.WaitAsync(cancellation);
            try
            {
                CatchUp();
            }
            finally
            {
                _gate.Release();
            }
        },
        cancellation);

    private static string Stamp(HubState before, HubState after, IReadOnlyList<Change> batch) =>
        JsonSerializer.Serialize(new(Actor.Current, Concerned.By(before, after, batch)), StampJson.Default.AuditStamp);

    /// <summary>Takes in what the log holds beyond the snapshot: the database may have taken a batch of which it could not tell.</summary>
    private void CatchUp()
    {
        var state = _state;
        var missed = new List<Change>();
        foreach (var (sequence, _, change) in log.Read(after: state.Sequence))
        {
            state = state.Apply(sequence, change);
            missed.Add(change);
        }
        _inDoubt = false;
        if (missed.Count == 0) return;
        _state = state;
        Changed?.Invoke(state, missed);
    }

    public void Dispose() => _gate.Dispose();
}
