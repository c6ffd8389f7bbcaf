namespace Strata.Hub.Garbage;

/// <summary>Collects garbage from time to time.</summary>
internal sealed partial class GarbageWorker(GarbageCollector collector, HubOptions options, TimeProvider clock, ILogger<GarbageWorker> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.GarbagePeriod, clock);
        do
        {
            try
            {
                var removed = (await collector.CollectAsync(isDryRun: false, stoppingToken)).Where(b => b.Fate == BlobFate.Removed).ToList();
                if (removed.Count > 0) LogRemoved(removed.Count, removed.Sum(b => b.Size));
            }
            catch (IOException problem)
            {
                LogNotCollected(problem.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Information, "Removed {Count} blobs that nothing named, {Bytes} bytes")]
    private partial void LogRemoved(int count, long bytes);

    [LoggerMessage(2, LogLevel.Error, "Garbage was not collected: {Problem}")]
    private partial void LogNotCollected(string problem);
}
