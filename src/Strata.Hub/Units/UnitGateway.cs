using System.Collections.Concurrent;
using System.Net.WebSockets;
using Strata.Hub.Deploying;
using Strata.Hub.Listeners;
using Strata.Hub.State;

namespace Strata.Hub.Units;

/// <summary>Takes the WebSocket connections of units, one for each unit, and knows who is there.</summary>
internal sealed partial class UnitGateway : IDisposable
{
    /// <summary>Where units connect.</summary>
    public const string Path = "/ws/v7/";

    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, UnitSession> _sessions = new(StringComparer.Ordinal);
    private readonly HubWriter _writer;
    private readonly Redeployer _redeployer;
    private readonly UnitAnswers _answers;
    private readonly UnitCheck _check;
    private readonly UnitTokens _tokens;
    private readonly TimeProvider _clock;
    private readonly IHostApplicationLifetime _life;
    private readonly ILogger<UnitGateway> _log;

    public UnitGateway(
        HubWriter writer, Redeployer redeployer, UnitAnswers answers, UnitCheck check, UnitTokens tokens, TimeProvider clock, IHostApplicationLifetime life, ILogger<UnitGateway> log)
    {
        (_writer, _redeployer, _answers, _check, _tokens, _clock, _life, _log) = (writer, redeployer, answers, check, tokens, clock, life, log);
        writer.Changed += Note;
    }

    /// <summary>The unit's connection; null when it is offline.</summary>
    public UnitSession? Find(string systemId) => _sessions.GetValueOrDefault(systemId);

    public void Map(IEndpointRouteBuilder routes) => routes.Map(Path, TakeAsync).At(Listener.Units);

    private void Note(HubState state, IReadOnlyList<Change> batch)
    {
        foreach (var planned in batch.OfType<UnitPlanned>()) Find(planned.SystemId)?.Wake();
        foreach (var removed in batch.OfType<UnitRemoved>()) Find(removed.SystemId)?.Replace();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var (unit, status, refusal) = _check.Check(context);
        if (unit is not null && !_tokens.IsGood(unit.SystemId, Bearer(context)))
            (unit, status, refusal) = (null, StatusCodes.Status401Unauthorized, "The token is not one that discovery gave to this unit. Ask discovery again.");
        if (unit is not null && !context.WebSockets.IsWebSocketRequest)
            (unit, status, refusal) = (null, StatusCodes.Status400BadRequest, "A WebSocket upgrade is expected here.");
        if (unit is null)
        {
            await Problems.Answer(status, refusal).ExecuteAsync(context);
            return;
        }
        Actor.Is(new("unit", unit.SystemId, Owner: unit.Owner, Address: context.Connection.RemoteIpAddress?.ToString()));
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Ping, KeepAliveTimeout = Ping });
        await RunAsync(unit, socket);
    }

    private async Task RunAsync(UnitRow unit, WebSocket socket)
    {
        var session = new UnitSession(unit, socket, _writer, _redeployer, _answers, _clock, _log);
        _sessions.AddOrUpdate(unit.SystemId, session, (_, older) =>
        {
            older.Replace();
            return session;
        });
        LogConnected(unit.SystemId);
        try
        {
            await session.RunAsync(_life.ApplicationStopping);
        }
        finally
        {
            _sessions.TryRemove(KeyValuePair.Create(unit.SystemId, session));
            LogGone(unit.SystemId);
        }
    }

    private static string Bearer(HttpContext context)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
    }

    public void Dispose() => _writer.Changed -= Note;

    [LoggerMessage(1, LogLevel.Information, "Unit {SystemId} connected")]
    private partial void LogConnected(string systemId);

    [LoggerMessage(2, LogLevel.Information, "Unit {SystemId} is gone")]
    private partial void LogGone(string systemId);
}
