using System.Net.WebSockets;
using Strata.Artifacts.Protocol;
using Strata.Hub.Deploying;
using Strata.Hub.State;
using Strata.Model.Units;

namespace Strata.Hub.Units;

/// <summary>One connection of one unit: acknowledges, hears status, gives addresses, and tells the desired state when it changes.</summary>
internal sealed partial class UnitSession
{
    private static readonly TimeSpan PlanningPatience = TimeSpan.FromSeconds(10);
    private readonly string _systemId;
    private readonly WebSocket _socket;
    private readonly UnitWire _wire;
    private readonly HubWriter _writer;
    private readonly Redeployer _redeployer;
    private readonly UnitAnswers _answers;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeUp _desiredChanged = new();
    private readonly TaskCompletionSource<long> _firstStatus = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UnitReport _report;

    public UnitSession(UnitRow unit, WebSocket socket, HubWriter writer, Redeployer redeployer, UnitAnswers answers, TimeProvider clock, ILogger log)
    {
        (_systemId, _socket, _writer, _redeployer, _answers, _clock, _log) = (unit.SystemId, socket, writer, redeployer, answers, clock, log);
        _wire = new(unit.SystemId, socket, clock, log);
        _report = unit.Report;
    }

    /// <summary>What the unit said last, deltas included.</summary>
    public UnitReport Report => Volatile.Read(ref _report);

    /// <summary>Tells the session that the unit may have another desired state now. Returns at once.</summary>
    public void Wake() => _desiredChanged.Call();

    /// <summary>Ends the session because the unit has connected anew, or is no longer registered.</summary>
    public void Replace() => _replaced.TrySetResult();

    /// <summary>Runs until either side ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] loops = [ReceiveAsync(ending.Token), _wire.SendAsync(ending.Token), TellDesiredAsync(ending.Token)];
        await Task.WhenAny([.. loops, _replaced.Task]);
        await CloseAsync(cancellation.IsCancellationRequested);
        await ending.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException or IOException)
        {
            // How a connection ends is the unit's or the network's affair; it comes again.
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        while (await _wire.ReceiveAsync(cancellation) is { } message)
        {
            _wire.Post(new Ack(), message.Header.Txn); // before anything else (facts, trap 4)
            switch (message.Data)
            {
                case UnitStatus status: await HearAsync(status, cancellation); break;
                case RequestBlobUrls request: _wire.Post(await _answers.LocateAsync(_systemId, request, cancellation)); break;
            }
        }
    }

    private async Task HearAsync(UnitStatus status, CancellationToken cancellation)
    {
        var report = StatusFold.Apply(Report, status);
        if (MessageLimits.IsTooMuch(report))
        {
            LogTooMuch(_systemId); // deltas that add for ever and never replace
            return;
        }
        Volatile.Write(ref _report, report);
        if (status.IsDeltaInfo) return; // kept with the next full one, which ends every run
        var sequence = await _writer.CommitAsync(
            state => !state.Units.TryGetValue(_systemId, out var unit) || (unit.Report == report && unit.ReportedAt is not null)
                ? new Decision<long>(state.Sequence)
                : new Decision<long>(state.Sequence + 1, new UnitReported(_systemId, report, _clock.GetUtcNow())),
            cancellation);
        _firstStatus.TrySetResult(sequence);
    }

    /// <summary>Tells the whole desired state after the first full status, and then whenever it has become another; one at a time.</summary>
    private async Task TellDesiredAsync(CancellationToken cancellation)
    {
        var sequence = await _firstStatus.Task.WaitAsync(cancellation);
        await PlannedAsync(sequence, cancellation);
        for (DesiredState? told = null; ;)
        {
            if (_writer.State.Units.GetValueOrDefault(_systemId)?.Desired?.State is { } desired && desired != told)
            {
                if (!await _wire.SendAcknowledgedAsync(_answers.ToMessage(desired), cancellation))
                {
                    LogSilent(_systemId);
                    return;
                }
                LogTold(_systemId, desired.Items.Count);
                told = desired;
                continue;
            }
            await _desiredChanged.WaitAsync(cancellation);
        }
    }

    /// <summary>A unit may just have said what it runs on: its plan from before would take away what it has.</summary>
    private async Task PlannedAsync(long sequence, CancellationToken cancellation)
    {
        try
        {
            await _redeployer.PlannedAsync(sequence, cancellation).WaitAsync(PlanningPatience, _clock, cancellation);
        }
        catch (TimeoutException)
        {
            LogNotPlanned(_systemId);
        }
    }

    private async Task CloseAsync(bool stopping)
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        var (status, reason) = _wire.CloseReason
            ?? (stopping ? (WebSocketCloseStatus.EndpointUnavailable, "the hub stops") : (WebSocketCloseStatus.NormalClosure, "bye"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException or IOException or InvalidOperationException)
        {
            _socket.Abort(); // a send may be stuck half-way
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Unit {SystemId} was told its desired state: {Items} services")]
    private partial void LogTold(string systemId, int items);

    [LoggerMessage(2, LogLevel.Warning, "Unit {SystemId} acknowledges nothing; its connection is closed")]
    private partial void LogSilent(string systemId);

    [LoggerMessage(3, LogLevel.Warning, "Unit {SystemId} is not planned yet; it is told what was planned before")]
    private partial void LogNotPlanned(string systemId);

    [LoggerMessage(4, LogLevel.Warning, "Unit {SystemId} reports more than a unit can have; the message was dropped")]
    private partial void LogTooMuch(string systemId);
}
