using Strata.Hub.State;

namespace Strata.Hub.Publishing;

/// <summary>Judges bundles one after another, those first that a restart found waiting.</summary>
internal sealed partial class PublishingWorker(BundleInbox inbox, BundlePublisher publisher, HubFiles files, HubWriter writer, ILogger<PublishingWorker> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    private Guid? _current;

    /// <summary>The bundle that is being judged.</summary>
    public Guid? Current => _current;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var left in writer.State.Bundles.Values.Where(b => b.State == BundleState.Uploaded).OrderBy(b => b.ReceivedAt).ThenBy(b => b.Id))
            inbox.Queue(left.Id);
        await foreach (var id in inbox.Waiting.ReadAllAsync(stoppingToken))
        {
            if (writer.State.Bundles[id].State != BundleState.Uploaded) continue; // it came in while the waiting ones were listed
            _current = id;
            try
            {
                var judged = await publisher.PublishAsync(writer.State.Bundles[id], stoppingToken);
                if (judged.State == BundleState.Done) LogDone(id, string.Join(", ", (judged.Items ?? []).Select(i => $"{i.Type} {i.Codename} {i.Version}")));
                else LogRefused(id, string.Join(" | ", judged.BuildInfo));
                File.Delete(files.Bundle(id));
            }
            catch (IOException problem)
            {
                // Not even the verdict could be written. The bundle is kept and tried again.
                LogStuck(id, problem.Message);
                await Task.Delay(RetryDelay, stoppingToken);
                inbox.Queue(id);
            }
            finally
            {
                _current = null;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Bundle {Id} is published: {Items}")]
    private partial void LogDone(Guid id, string items);

    [LoggerMessage(2, LogLevel.Warning, "Bundle {Id} is refused: {Reasons}")]
    private partial void LogRefused(Guid id, string reasons);

    [LoggerMessage(3, LogLevel.Error, "Bundle {Id} could not be judged: {Problem}")]
    private partial void LogStuck(Guid id, string problem);
}
