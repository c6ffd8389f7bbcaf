using Strata.Model.Identity;

namespace Strata.Hub.Garbage;

/// <summary>The blobs that nothing names, and since when. Whoever stores one again saves it.</summary>
/// <remarks>
/// Time is counted by a clock that nobody can set, and anew after each start: no jump of the wall clock deletes anything (decision 17).
/// All members may be called at once.
/// </remarks>
internal sealed class DoomedBlobs(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, long> _since = [];
    private readonly Dictionary<Digest, TaskCompletionSource> _going = [];

    /// <summary>Saves <paramref name="digest"/>. A store calls it before the content gets its name, and waits: a deletion that is under way is over then.</summary>
    public async Task SaveAsync(Digest digest)
    {
        while (true)
        {
            Task gone;
            lock (_gate)
            {
                _since.Remove(digest);
                if (!_going.TryGetValue(digest, out var going)) return;
                gone = going.Task;
            }
            await gone;
        }
    }

    /// <summary>Notes which blobs nothing names: new ones begin their time, all others are forgotten.</summary>
    public void Note(IReadOnlySet<Digest> unnamed)
    {
        lock (_gate)
        {
            foreach (var kept in _since.Keys.Where(digest => !unnamed.Contains(digest)).ToList()) _since.Remove(kept);
            foreach (var digest in unnamed) _since.TryAdd(digest, clock.GetTimestamp());
        }
    }

    /// <summary>How long nothing has named the blob; null when it is not doomed.</summary>
    public TimeSpan? AgeOf(Digest digest)
    {
        lock (_gate) return _since.TryGetValue(digest, out var since) ? clock.GetElapsedTime(since) : null;
    }

    /// <summary>Takes up to <paramref name="most"/> blobs whose time is over. Until <see cref="Release"/> whoever stores one of them waits.</summary>
    public IReadOnlyList<Digest> Take(TimeSpan grace, int most)
    {
        lock (_gate)
        {
            var due = _since.Where(d => clock.GetElapsedTime(d.Value) >= grace).Select(d => d.Key).Take(most).ToList();
            foreach (var digest in due)
            {
                _since.Remove(digest);
                _going.Add(digest, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            return due;
        }
    }

    /// <summary>Ends what <see cref="Take"/> began, whether the blobs are gone or not.</summary>
    public void Release(IEnumerable<Digest> taken)
    {
        lock (_gate)
        {
            foreach (var digest in taken)
                if (_going.Remove(digest, out var going)) going.SetResult();
        }
    }
}
