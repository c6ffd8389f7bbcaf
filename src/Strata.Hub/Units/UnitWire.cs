using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Strata.Artifacts.Protocol;

namespace Strata.Hub.Units;

/// <summary>Messages over one WebSocket: bounded frames in, whole binary frames out, acknowledgements by txn.</summary>
/// <remarks>Source: facts on protocol v7, section 2 and traps 1 and 4.</remarks>
internal sealed partial class UnitWire(string systemId, WebSocket socket, TimeProvider clock, ILogger log)
{
    private const int MostWaiting = 256;
    private const int Resends = 3;
    private static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _unacknowledged = new(StringComparer.Ordinal);

    /// <summary>Why the connection has to be closed from here; null while it has not.</summary>
    public (WebSocketCloseStatus Status, string Reason)? CloseReason { get; private set; }

    /// <summary>The next message; null when the connection is over. What cannot be read is logged and passed over without an ack.</summary>
    public async Task<Envelope?> ReceiveAsync(CancellationToken cancellation)
    {
        while (await FrameAsync(cancellation) is { } frame)
        {
            if (Read(frame) is not { } message) continue;
            if (message.Data is Ack) Acknowledge(message.Header.Txn);
            else if (message.Data is not Nack) return message;
        }
        return null;
    }

    /// <summary>Puts a message in the queue. A unit that reads nothing fills its own queue, and loses its connection.</summary>
    public void Post(Message message, string? txn = null) => Post(Bytes(message, txn ?? Guid.NewGuid().ToString()));

    /// <summary>Sends a message and waits until it is acknowledged, sending it again three times.</summary>
    /// <returns>False when nobody acknowledged it.</returns>
    public async Task<bool> SendAcknowledgedAsync(Message message, CancellationToken cancellation)
    {
        var txn = Guid.NewGuid().ToString();
        var bytes = Bytes(message, txn);
        var acknowledged = _unacknowledged[txn] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            for (var sent = 0; sent <= Resends; sent++)
            {
                Post(bytes);
                try
                {
                    await acknowledged.Task.WaitAsync(AckTimeout, clock, cancellation);
                    return true;
                }
                catch (TimeoutException)
                {
                    LogUnacknowledged(systemId, txn);
                }
            }
            return false;
        }
        finally
        {
            _unacknowledged.TryRemove(txn, out _);
        }
    }

    /// <summary>Sends what is queued until cancelled or until the unit takes nothing more.</summary>
    public async Task SendAsync(CancellationToken cancellation)
    {
        await foreach (var bytes in _outgoing.Reader.ReadAllAsync(cancellation))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(SendTimeout);
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        }
    }

    private void Post(byte[] bytes)
    {
        if (!_outgoing.Writer.TryWrite(bytes)) Close(WebSocketCloseStatus.PolicyViolation, "the unit does not read");
    }

    private void Close(WebSocketCloseStatus status, string reason)
    {
        CloseReason ??= (status, reason);
        _outgoing.Writer.TryComplete();
    }

    private void Acknowledge(string txn)
    {
        // An ack for something unknown is no fault of the unit: it may answer a message of the connection before.
        if (_unacknowledged.TryGetValue(txn, out var waiting)) waiting.TrySetResult();
    }

    private Envelope? Read(byte[] frame)
    {
        try
        {
            var message = EnvelopeCodec.Read(frame);
            var fault = message.Header.SystemId != systemId ? "its systemId is another unit's" : MessageLimits.Broken(message.Data);
            if (fault is null) return message;
            LogDropped(systemId, fault);
        }
        catch (JsonException problem)
        {
            LogDropped(systemId, problem.Message);
        }
        return null;
    }

    private async Task<byte[]?> FrameAsync(CancellationToken cancellation)
    {
        const int Chunk = 16 * 1024;
        var whole = new ArrayBufferWriter<byte>(Chunk);
        while (CloseReason is null)
        {
            var received = await socket.ReceiveAsync(whole.GetMemory(Chunk), cancellation);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            if (received.MessageType == WebSocketMessageType.Text)
            {
                Close(WebSocketCloseStatus.InvalidMessageType, "only binary frames are read");
                return null;
            }
            whole.Advance(received.Count);
            if (whole.WrittenCount > EnvelopeCodec.MaxBytes)
            {
                Close(WebSocketCloseStatus.MessageTooBig, $"a message has at most {EnvelopeCodec.MaxBytes} bytes");
                return null;
            }
            if (received.EndOfMessage) return whole.WrittenSpan.ToArray();
        }
        return null;
    }

    private byte[] Bytes(Message message, string txn) =>
        EnvelopeCodec.Write(new(new(MessageHeader.ProtocolVersion, systemId, MessageHeader.Time(clock.GetUtcNow()), txn), message));

    [LoggerMessage(1, LogLevel.Warning, "Unit {SystemId}: a message was dropped: {Fault}")]
    private partial void LogDropped(string systemId, string fault);

    [LoggerMessage(2, LogLevel.Warning, "Unit {SystemId}: {Txn} was not acknowledged in time")]
    private partial void LogUnacknowledged(string systemId, string txn);
}
