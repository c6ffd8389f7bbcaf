using Strata.Artifacts.Protocol;

namespace Strata.Agent.Connecting;

/// <summary>Messages of one session on their way to the hub, each kept until it is acknowledged.</summary>
/// <remarks>
/// Safe from any thread. It ends with its session: after a new connect a full status says everything anew.
/// Source: facts on AosCore 9.1, section 2, "ack / nack / retry".
/// </remarks>
internal sealed class Outbox(string systemId, TimeProvider time)
{
    /// <summary>A message that is not acknowledged by then is sent again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often a message is sent again before it is given up.</summary>
    public const int MostResends = 3;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _acks = [];
    private readonly Dictionary<string, Entry> _pending = [];
    private long _order;

    /// <summary>Ends as soon as something was put in or called for again.</summary>
    public SemaphoreSlim Filled { get; } = new(0);

    /// <summary>Puts a message in.</summary>
    public void Add(Message message)
    {
        var txn = Guid.NewGuid().ToString();
        var frame = Frame(message, txn);
        lock (_gate) _pending[txn] = new(frame, _order++, Sent: 0, Due: time.GetUtcNow());
        Filled.Release();
    }

    /// <summary>Puts in the acknowledgement of a received message; it goes before all else and is sent once.</summary>
    public void Acknowledge(string txn)
    {
        var frame = Frame(new Ack(), txn);
        lock (_gate) _acks.Enqueue(frame);
        Filled.Release();
    }

    /// <summary>The hub has the message.</summary>
    public void Acknowledged(string txn)
    {
        lock (_gate) _pending.Remove(txn);
    }

    /// <summary>The hub wants the message again, after a while.</summary>
    public void Refused(string txn, TimeSpan retryAfter)
    {
        lock (_gate)
            if (_pending.TryGetValue(txn, out var entry)) _pending[txn] = entry with { Due = time.GetUtcNow() + retryAfter };
        Filled.Release();
    }

    /// <summary>What has to be sent now, oldest first; it counts as sent.</summary>
    public IReadOnlyList<byte[]> TakeDue()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var frames = new List<byte[]>(_acks);
            _acks.Clear();
            foreach (var (txn, entry) in _pending.Where(e => e.Value.Due <= now).OrderBy(e => e.Value.Order).ToList())
            {
                if (entry.Sent > MostResends)
                {
                    _pending.Remove(txn);
                    continue;
                }
                frames.Add(entry.Frame);
                _pending[txn] = entry with { Sent = entry.Sent + 1, Due = now + Patience };
            }
            return frames;
        }
    }

    /// <summary>Time until something is due; null when nothing is kept.</summary>
    public TimeSpan? UntilDue()
    {
        lock (_gate)
        {
            if (_pending.Count == 0) return null;
            var wait = _pending.Values.Min(e => e.Due) - time.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    private byte[] Frame(Message message, string txn) => EnvelopeCodec.Write(
        new(new(MessageHeader.ProtocolVersion, systemId, MessageHeader.Time(time.GetUtcNow()), txn), message));

    private sealed record Entry(byte[] Frame, long Order, int Sent, DateTimeOffset Due);
}
