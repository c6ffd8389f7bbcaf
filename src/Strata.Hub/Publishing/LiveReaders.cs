using Strata.Hub.Access;

namespace Strata.Hub.Publishing;

/// <summary>Counts who follows something live: each holds a connection and a queue for as long as it likes.</summary>
internal sealed class LiveReaders
{
    /// <summary>Streams of one user at a time: some windows and some scripts.</summary>
    public const int MostOfOneUser = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Owner, string Name), int> _open = [];

    /// <summary>Lets one more in until it is disposed of; null when the user has too many.</summary>
    public IDisposable? Enter(Caller caller)
    {
        var key = (caller.Owner, caller.Name);
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(key);
            if (open >= MostOfOneUser) return null;
            _open[key] = open + 1;
        }
        return new Place(this, key);
    }

    private void Leave((string, string) key)
    {
        lock (_gate)
        {
            if (--_open[key] == 0) _open.Remove(key);
        }
    }

    private sealed class Place(LiveReaders readers, (string, string) key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) readers.Leave(key);
        }
    }
}
