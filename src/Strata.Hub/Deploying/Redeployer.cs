using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Deploying;

/// <summary>Keeps every unit's desired state in step with the catalogue, the assignments and what units say of themselves.</summary>
internal sealed partial class Redeployer(HubWriter writer, IBlobs blobs, ReleaseSigner signer, ILogger<Redeployer> log) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly WakeUp _wake = new();
    private readonly List<(long Sequence, TaskCompletionSource Done)> _waiting = [];
    private HashSet<string> _dirty = new(StringComparer.Ordinal);
    private bool _allDirty = true;
    private long _notedThrough;
    private long _plannedThrough = -1;

    /// <summary>Completes when units were planned from a state that holds change <paramref name="sequence"/>.</summary>
    public Task PlannedAsync(long sequence, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_plannedThrough >= sequence) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((sequence, done));
            return done.Task.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        writer.Changed += Note;
        _wake.Call(); // a crash may have left units unplanned
        lock (_gate) _notedThrough = Math.Max(_notedThrough, writer.State.Sequence);
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stoppingToken);
                await PlanAsync(stoppingToken);
            }
        }
        finally
        {
            writer.Changed -= Note;
        }
    }

    private void Note(HubState state, IReadOnlyList<Change> batch)
    {
        lock (_gate)
        {
            _notedThrough = state.Sequence;
            foreach (var change in batch)
            {
                switch (change)
                {
                    case LayerPublished or LayerVersionMoved or LayerShared or LayerNamed or LayerVersionRemoved or ServicePublished or TargetPublished or UnitModelSaved or SubjectRemoved or ServiceVersionRemoved or ServiceRemoved: _allDirty = true; break;
                    case UnitAdded added: _dirty.Add(added.SystemId); break;
                    case UnitSettled settled: _dirty.Add(settled.SystemId); break;
                    case UnitAssumed assumed: _dirty.Add(assumed.SystemId); break;
                    case UnitReported reported: _dirty.Add(reported.SystemId); break;
                    // The state is of the whole batch's end: what the batch made it may also have removed.
                    case SubjectJoined joined when state.Subjects.TryGetValue(joined.Id, out var subject): _dirty.UnionWith(subject.Units); break;
                    case SubjectLeft left:
                        _dirty.UnionWith(left.Units);
                        if (state.Subjects.TryGetValue(left.Id, out var rest)) _dirty.UnionWith(rest.Units);
                        break;
                }
            }
        }
        _wake.Call();
    }

    private async Task PlanAsync(CancellationToken cancellation)
    {
        var (dirty, all, noted) = TakeDirty();
        while (true)
        {
            var state = writer.State; // never older than what was noted
            try
            {
                if (!all && dirty.Count == 0 || await PlanAsync(state, all ? state.Units.Keys : dirty, cancellation))
                {
                    Complete(noted);
                    return;
                }
            }
            catch (IOException problem)
            {
                // Nothing was committed, so the units stay as they are; the full disk is what the operator has to hear about.
                LogNotPlanned(problem.Message);
                PutBack(dirty, all);
                await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
                _wake.Call();
                return;
            }
        }
    }

    /// <summary>False when somebody else wrote meanwhile and it has to be planned again.</summary>
    private async Task<bool> PlanAsync(HubState state, IEnumerable<string> systemIds, CancellationToken cancellation)
    {
        var composer = new ServiceComposer();
        var changes = new List<Change>();
        var fresh = new Dictionary<Digest, ComposedService>();
        foreach (var systemId in systemIds)
        {
            if (!state.Units.TryGetValue(systemId, out var unit)) continue; // removed since
            var plan = UnitPlan.For(state, unit, composer);
            foreach (var composed in plan.Composed.Where(c => !state.Compositions.ContainsKey(c.Composition.Index)))
                fresh.TryAdd(composed.Composition.Index, composed);
            if (unit.Desired is null || unit.Desired.State != plan.Desired.State || unit.Desired.Obstacles != plan.Desired.Obstacles)
                changes.Add(new UnitPlanned(systemId, plan.Desired));
        }
        if (changes.Count == 0) return true;

        var batch = await StoreAsync(fresh.Values, cancellation);
        batch.AddRange(changes);
        if (!await writer.CommitAsync(now => now.Sequence == state.Sequence ? new Decision<bool>(true, batch) : new Decision<bool>(false), cancellation))
            return false;
        foreach (var composed in fresh.Values) LogComposed(composed.Composition.WireVersion, state.Services[composed.Composition.ServiceId].Codename, string.Join(", ", composed.Composition.Layers.Select(l => $"{l.Codename} {l.Version}")));
        foreach (var planned in changes.OfType<UnitPlanned>()) LogPlanned(planned.SystemId, planned.Desired.State.Items.Count, planned.Desired.Obstacles.Count);
        return true;
    }

    /// <summary>Stores the documents, and signs every blob of the images that is not signed yet.</summary>
    private async Task<List<Change>> StoreAsync(IEnumerable<ComposedService> fresh, CancellationToken cancellation)
    {
        var batch = new List<Change>();
        var signed = new HashSet<Digest>();
        var added = new List<StoredBlob>();
        foreach (var composed in fresh)
        {
            foreach (var document in composed.Documents)
            {
                await using var content = new MemoryStream(document.ToArray());
                var blob = await blobs.IngestAsync(content, document.Length, cancellation);
                added.Add(StoredBlob.Of(blob));
            }
            foreach (var digest in composed.Composition.Blobs)
                if (signed.Add(digest) && (writer.Blobs.Find(digest) is not { } row || signer.IsMissing(row)))
                    batch.Add(new BlobSigned(digest, signer.Sign(digest)));
            batch.Add(new ServiceComposed(composed.Composition));
        }
        return [.. BlobsAdded.Of(added, writer.Blobs), .. batch];
    }

    /// <summary>What has to be planned, and the change up to which nothing else has.</summary>
    private (HashSet<string> Dirty, bool All, long Noted) TakeDirty()
    {
        lock (_gate)
        {
            var taken = (_dirty, _allDirty, _notedThrough);
            (_dirty, _allDirty) = (new(StringComparer.Ordinal), false);
            return taken;
        }
    }

    private void PutBack(HashSet<string> dirty, bool all)
    {
        lock (_gate)
        {
            _dirty.UnionWith(dirty);
            _allDirty |= all;
        }
    }

    private void Complete(long sequence)
    {
        lock (_gate)
        {
            _plannedThrough = Math.Max(_plannedThrough, sequence);
            foreach (var (_, done) in _waiting.Where(w => w.Sequence <= _plannedThrough)) done.TrySetResult();
            _waiting.RemoveAll(w => w.Sequence <= _plannedThrough);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Composed {Service} {WireVersion} with {Layers}")]
    private partial void LogComposed(string wireVersion, string service, string layers);

    [LoggerMessage(2, LogLevel.Information, "Unit {SystemId} shall have {Items} services; {Obstacles} obstacles")]
    private partial void LogPlanned(string systemId, int items, int obstacles);

    [LoggerMessage(3, LogLevel.Error, "Units could not be planned: {Problem}")]
    private partial void LogNotPlanned(string problem);
}
