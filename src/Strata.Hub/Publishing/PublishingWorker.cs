using Strata.Hub.State;

namespace Strata.Hub.Publishing;

/// <summary>Judges bundles one after another, those first that a restart found waiting.</summary>
internal sealed partial class PublishingWorker(BundleInbox inbox, PartialUploads uploads, BundlePublisher publisher, HubFiles files, HubWriter writer, ILogger<PublishingWorker> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    private Guid? _current;

    /// <summary>The bundle that is being judged.</summary>
    public Guid? Current => _current;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await uploads.RecoverAsync(stoppingToken);
        }
        catch (IOException problem)
        {
            LogNotRecovered(problem.Message); // what is whole stays whole, and the next start tries again
        }
        foreach (var left in writer.State.Bundles.Values.Where(b => b.State == BundleState.Uploaded).OrderBy(b => b.ReceivedAt).ThenBy(b => b.Id))
            inbox.Queue(left.Id);
        await foreach (var id in inbox.Waiting.ReadAllAsync(stoppingToken))
        {
            // It may have come in while the waiting ones were listed, and be judged and even deleted by now.
            if (writer.State.Bundles.GetValueOrDefault(id) is not { State: BundleState.Uploaded } bundle) continue;
            _current = id;
            try
            {
                var judged = await JudgeAsync(bundle, stoppingToken);
                if (judged.State == BundleState.Done) LogDone(id, string.Join(", ", (judged.Items ?? []).Select(i => $"{i.Type} {i.Codename} {i.Version}")));
                else LogRefused(id, string.Join(" | ", judged.BuildInfo));
                File.Delete(files.Bundle(id));
            }
            catch (IOException problem)
            {
                // The hub itself ails: its disk, its store or its database. That is no verdict on the bundle.
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

    private async Task<BundleRow> JudgeAsync(BundleRow bundle, CancellationToken cancellation)
    {
        try
        {
            return await publisher.PublishAsync(bundle, cancellation);
        }
        catch (Exception unforeseen) when (unforeseen is not (IOException or OperationCanceledException))
        {
            // The bundle is kept across restarts: if its content could end the hub once, it would end it again at every start.
            LogUnforeseen(unforeseen, bundle.Id);
            return await publisher.FailAsync(
                bundle.Id, ["The hub failed while it looked at this bundle, and nothing of it was published. The hub's log says more; show it to the hub's operator."], null);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Bundle {Id} is published: {Items}")]
    private partial void LogDone(Guid id, string items);

    [LoggerMessage(2, LogLevel.Warning, "Bundle {Id} is refused: {Reasons}")]
    private partial void LogRefused(Guid id, string reasons);

    [LoggerMessage(3, LogLevel.Error, "Bundle {Id} could not be judged: {Problem}")]
    private partial void LogStuck(Guid id, string problem);

    [LoggerMessage(5, LogLevel.Error, "Uploads that were whole when the hub ended could not be taken up: {Problem}")]
    private partial void LogNotRecovered(string problem);

    [LoggerMessage(4, LogLevel.Error, "Bundle {Id} made the hub fail; it is refused")]
    private partial void LogUnforeseen(Exception problem, Guid id);
}
