using System.Net.WebSockets;
using System.Text.Json;
using Strata.Artifacts.Protocol;

namespace Strata.Agent.Connecting;

/// <summary>One WebSocket connection to the hub, from its upgrade to its end.</summary>
/// <param name="handle">Gets every well-formed message but acks, after it was acknowledged.</param>
internal sealed class HubSession(string systemId, HttpMessageHandler handler, Action<Message> handle, EventLog log, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>What goes out.</summary>
    public Outbox Outbox { get; } = new(systemId, time);

    /// <summary>Connects and carries messages until the connection ends.</summary>
    /// <param name="connected">Called once the connection stands, before anything is sent.</param>
    /// <exception cref="HubUnavailableException">It did not come to stand, or ended.</exception>
    public async Task RunAsync(Uri address, string token, Action connected, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(address, token, cancellationToken);
        connected();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(socket, ending.Token);
        var receiving = ReceiveAsync(socket, ending.Token);
        try
        {
            await await Task.WhenAny(sending, receiving);
            throw new HubUnavailableException("The hub closed the connection.");
        }
        catch (WebSocketException broken)
        {
            throw new HubUnavailableException($"The connection to the hub broke: {Discovery.Reason(broken)}");
        }
        finally
        {
            await ending.CancelAsync();
            socket.Abort();
            await Task.WhenAll(sending, receiving).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.SetRequestHeader("Accept", "application/json");
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(30);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await socket.ConnectAsync(address, invoker, limit.Token);
            return socket;
        }
        catch (WebSocketException refused)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw new HubUnavailableException(
                $"{address} could not be connected to: {(status == 0 ? Discovery.Reason(refused) : $"it answered {(int)status}")}",
                status == System.Net.HttpStatusCode.Unauthorized);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new HubUnavailableException($"{address} did not answer within {Limit.TotalSeconds} s.");
        }
    }

    private async Task SendAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var frame in Outbox.TakeDue())
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            await Outbox.Filled.WaitAsync(Outbox.UntilDue() ?? Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    private async Task ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    if (length >= EnvelopeCodec.MaxBytes) throw new HubUnavailableException($"The hub sent a message of over {EnvelopeCodec.MaxBytes} bytes.");
                    Array.Resize(ref buffer, Math.Min(length * 2, EnvelopeCodec.MaxBytes));
                }
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close) return;
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Binary) Take(buffer.AsSpan(0, length));
        }
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        Envelope envelope;
        try
        {
            envelope = EnvelopeCodec.Read(frame);
        }
        catch (JsonException broken) // not acknowledged: the hub shall see that it was not understood
        {
            log.Write($"A message of the hub was not understood: {broken.Message}");
            return;
        }
        if (envelope.Header.SystemId != systemId) return;
        switch (envelope.Data)
        {
            case Ack: Outbox.Acknowledged(envelope.Header.Txn); break;
            case Nack nack: Outbox.Refused(envelope.Header.Txn, TimeSpan.FromMilliseconds(Math.Clamp(nack.RetryAfter, 0, 600_000))); break;
            default:
                Outbox.Acknowledge(envelope.Header.Txn);
                handle(envelope.Data);
                break;
        }
    }
}
