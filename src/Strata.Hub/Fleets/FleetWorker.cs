using Strata.Hub.State;

namespace Strata.Hub.Fleets;

/// <summary>Applies the fleet file at the start, and again when something that it names is published.</summary>
internal sealed partial class FleetWorker(HubWriter writer, HubOptions options, ILogger<FleetWorker> log) : BackgroundService
{
    private readonly WakeUp _wake = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        writer.Changed += Note;
        try
        {
            var notes = new List<string>();
            await writer.CommitAsync(state =>
            {
                notes.Clear();
                return new Decision<bool>(true, FleetAssumptions.Register(state, options.Fleet, Guid.NewGuid, notes));
            }, stoppingToken);
            foreach (var note in notes) LogNote(note);
            for (; ; await _wake.WaitAsync(stoppingToken))
                await writer.CommitAsync(state => new Decision<bool>(true, FleetAssumptions.Assume(state, options.Fleet)), stoppingToken);
        }
        finally
        {
            writer.Changed -= Note;
        }
    }

    private void Note(HubState state, IReadOnlyList<Change> batch)
    {
        if (options.Fleet.Units.Count > 0 && batch.Any(c => c is LayerPublished or LayerVersionRemoved or ServicePublished or ServiceVersionRemoved or ServiceRemoved or ServiceComposed or UnitAdded)) _wake.Call();
    }

    [LoggerMessage(1, LogLevel.Warning, "Fleet file: {Note}")]
    private partial void LogNote(string note);
}
