using System.Collections.Concurrent;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;

namespace Strata.Agent.Connecting;

/// <summary>The link to the hub: it is kept up for as long as the agent runs, whatever becomes of single connections.</summary>
/// <param name="fullStatus">What is said first on every connection.</param>
/// <param name="desired">Gets every desired status.</param>
internal sealed class HubLink(
    UnitIdentity unit, Uri discoveryAddress, Func<UnitStatus> fullStatus, Action<DesiredStatus> desired, EventLog log, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<BlobUrls>> _questions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private HubSession? _session;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Keeps the link up until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tls = unit.MutualTls();
        var discovery = new Discovery(discoveryAddress, unit.SystemId, tls);
        var backoff = new Backoff(Random.Shared);
        DiscoveryResponse? known = null; // used again after a drop: a fleet that comes back asks discovery only if it must
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                if (known is null)
                {
                    known = await discovery.AskAsync(cancellationToken);
                    if (known.NextRequestDelay > 0) backoff.Reset(TimeSpan.FromMilliseconds(known.NextRequestDelay));
                }
                await RunSessionAsync(new(known.ConnectionInfo[0]), known.AuthToken, tls, cancellationToken);
            }
            catch (HubUnavailableException trouble)
            {
                log.Write(trouble.Message);
                var stood = End();
                if (!stood || trouble.IsUnauthorised) known = null;
                if (stood && time.GetElapsedTime(began) > Lasting) backoff.Reset();
            }
            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    /// <summary>Sends a message if there is a connection: with a new one a full status says it all.</summary>
    /// <param name="message">Made while nothing else is sent, so that no older state can follow a newer one; null for nothing to say.</param>
    public void Send(Func<Message?> message)
    {
        lock (_gate)
            if (_session is { } session && message() is { } made) session.Outbox.Add(made);
    }

    /// <summary>Where a blob can be had. Waits for the hub for as long as that takes.</summary>
    public async Task<BlobUrls> AskForBlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Connected().WaitAsync(cancellationToken);
            var question = Guid.NewGuid().ToString();
            var answer = new TaskCompletionSource<BlobUrls>(TaskCreationOptions.RunContinuationsAsynchronously);
            _questions[question] = answer;
            try
            {
                Send(() => new RequestBlobUrls(question, [digest.ToString()]));
                return await answer.Task.WaitAsync(AnswerLimit, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                log.Write($"The hub did not say where {digest} is; it is asked again.");
                await Task.Delay(AskAgain, time, cancellationToken);
            }
            finally
            {
                _questions.TryRemove(question, out _);
            }
        }
    }

    private async Task RunSessionAsync(Uri address, string token, SocketsHttpHandler tls, CancellationToken cancellationToken)
    {
        var session = new HubSession(unit.SystemId, tls, Handle, log, time);
        await session.RunAsync(address, token, () => Begin(session, address), cancellationToken);
    }

    private void Begin(HubSession session, Uri address)
    {
        log.Write($"Connected to {address}.");
        lock (_gate)
        {
            session.Outbox.Add(fullStatus());
            _session = session;
            _connected.TrySetResult();
        }
    }

    /// <returns>Whether a connection stood.</returns>
    private bool End()
    {
        lock (_gate)
        {
            var stood = _session is not null;
            _session = null;
            if (_connected.Task.IsCompleted) _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return stood;
        }
    }

    private Task Connected()
    {
        lock (_gate) return _connected.Task;
    }

    private void Handle(Message message)
    {
        switch (message)
        {
            case DesiredStatus status: desired(status); break;
            case BlobUrls urls when _questions.TryGetValue(urls.CorrelationId, out var question): question.TrySetResult(urls); break;
        }
    }
}
