namespace Strata.Hub.State;

/// <summary>Keeps the snapshot of a hub that follows another one up to date (decision 13).</summary>
internal sealed partial class FollowWorker(HubWriter writer, IHostApplicationLifetime lifetime, ILogger<FollowWorker> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await writer.FollowAsync(stoppingToken);
            }
            catch (IOException problem)
            {
                LogLost(problem.Message); // what was read before is answered still
            }
            catch (InvalidDataException problem)
            {
                // It would go on to answer from ever older knowledge.
                LogUnread(problem.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            await Task.Delay(RetryDelay, stoppingToken);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What the hub that is followed writes is not told any more: {Problem} It is tried again.")]
    private partial void LogLost(string problem);

    [LoggerMessage(2, LogLevel.Critical, "The hub that is followed writes what this one cannot read: {Problem}")]
    private partial void LogUnread(string problem);
}
