namespace Strata.Hub.Publishing;

/// <summary>Which bundle is judged next: those of one owner one at a time, in the order they came, and no owner waits for another's.</summary>
/// <remarks>
/// A child layer's bundle may follow its parent's at once, so that order within an owner is kept also when the first of them has to be tried again.
/// Owners take turns: after each bundle, its owner stands behind all others. What is in here is in the change log, too. See decision 0022.
/// </remarks>
internal sealed class BundleQueue(TimeProvider clock) : IDisposable
{
    /// <summary>Bytes from which on a bundle is judged beside smaller ones only: what is remembered of a layer until its verdict grows with it.</summary>
    public const long LargeBytes = 256L << 20;

    /// <summary>Longest time until a bundle is tried again that could not be judged.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private const int MostDoublings = 6;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly List<string> _turns = []; // owners who have a bundle and none in hand
    private TaskCompletionSource _changed = NewSignal();
    private bool _hasLargeInHand;

    /// <summary>Puts a bundle behind those of the same owner.</summary>
    /// <param name="size">In bytes.</param>
    public void Put(Guid bundle, string owner, long size)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(owner, out var line)) _lines[owner] = line = new();
            line.Bundles.Enqueue((bundle, size >= LargeBytes));
            if (line.Bundles.Count == 1) GiveTurn(owner);
        }
    }

    /// <summary>Waits for the next bundle; its owner has no other turn before <see cref="Done"/> or <see cref="Again"/>.</summary>
    public async Task<(Guid Bundle, string Owner)> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Take() is { } next) return next;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Whether <paramref name="bundle"/> is being judged.</summary>
    public bool IsInHand(Guid bundle, string owner)
    {
        lock (_gate) return _lines.TryGetValue(owner, out var line) && line.IsInHand && line.Bundles.Peek().Id == bundle;
    }

    /// <summary>The owner's bundle in hand is judged.</summary>
    public void Done(string owner)
    {
        lock (_gate)
        {
            var line = PutDown(owner);
            line.Failures = 0;
            line.Bundles.Dequeue();
            if (line.Bundles.Count == 0) _lines.Remove(owner);
            else GiveTurn(owner);
        }
    }

    /// <summary>The owner's bundle in hand could not be judged: it comes again later, each time after twice as long.</summary>
    /// <returns>How much later.</returns>
    public TimeSpan Again(string owner)
    {
        lock (_gate)
        {
            var line = PutDown(owner);
            var delay = FirstDelay * (1 << Math.Min(line.Failures++, MostDoublings));
            if (delay > LongestDelay) delay = LongestDelay;
            line.Timer?.Dispose();
            line.Timer = clock.CreateTimer(
                _ =>
                {
                    lock (_gate) GiveTurn(owner);
                },
                null, delay, Timeout.InfiniteTimeSpan);
            return delay;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            foreach (var line in _lines.Values) line.Timer?.Dispose();
    }

    private (Guid, string)? Take()
    {
        var turn = _turns.FindIndex(o => !(_hasLargeInHand && _lines[o].Bundles.Peek().IsLarge));
        if (turn < 0) return null;
        var owner = _turns[turn];
        _turns.RemoveAt(turn);
        var line = _lines[owner];
        line.IsInHand = true;
        var (id, isLarge) = line.Bundles.Peek();
        _hasLargeInHand |= isLarge;
        return (id, owner);
    }

    private Line PutDown(string owner)
    {
        var line = _lines[owner];
        line.IsInHand = false;
        if (!line.Bundles.Peek().IsLarge) return line;
        _hasLargeInHand = false;
        Wake(); // another large one may have been passed over
        return line;
    }

    private void GiveTurn(string owner)
    {
        _turns.Add(owner);
        Wake();
    }

    private void Wake()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Line
    {
        public Queue<(Guid Id, bool IsLarge)> Bundles { get; } = new();

        public bool IsInHand { get; set; }

        public int Failures { get; set; }

        public ITimer? Timer { get; set; }
    }
}
