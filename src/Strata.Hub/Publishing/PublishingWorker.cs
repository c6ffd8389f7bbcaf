using Strata.Hub.State;

namespace Strata.Hub.Publishing;

/// <summary>Judges bundles, a few at a time and of each owner one, those first that a restart found waiting.</summary>
internal sealed partial class PublishingWorker(BundleQueue queue, PartialUploads uploads, BundlePublisher publisher, HubFiles files, HubWriter writer, ILogger<PublishingWorker> log) : BackgroundService
{
    // Each has one layer's names and symbols in memory: as many as keep the processors busy, and no more.
    private static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 2, 4);

    private const long WorthCollecting = 16L << 20; // of a bundle, in bytes

    /// <summary>Whether a bundle is being judged.</summary>
    public bool IsJudging(BundleRow bundle) => queue.IsInHand(bundle.Id, bundle.Owner);

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
            queue.Put(left.Id, left.Owner, left.Size);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(ending)));
    }

    private async Task WorkAsync(CancellationTokenSource ending)
    {
        try
        {
            while (true)
            {
                var (bundle, owner) = await queue.NextAsync(ending.Token);
                if (await TryAsync(bundle, ending.Token)) queue.Done(owner);
                else queue.Again(owner);
            }
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            await ending.CancelAsync(); // none goes on alone: the hub ends, and says why
            throw;
        }
    }

    /// <returns>False when it has to be tried again.</returns>
    private async Task<bool> TryAsync(Guid id, CancellationToken cancellation)
    {
        // It may have come in while the waiting ones were listed, and be judged and even deleted by now.
        if (writer.State.Bundles.GetValueOrDefault(id) is not { State: BundleState.Uploaded } bundle) return true;
        try
        {
            var judged = await JudgeAsync(bundle, cancellation);
            if (judged.State == BundleState.Done) LogDone(id, string.Join(", ", (judged.Items ?? []).Select(i => $"{i.Type} {i.Codename} {i.Version}")));
            else LogRefused(id, string.Join(" | ", judged.BuildInfo));
            File.Delete(files.Bundle(id));
            // What was remembered of its layers is garbage at once, and would otherwise wait beside what is remembered of the next ones.
            if (bundle.Size >= WorthCollecting) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            return true;
        }
        catch (Exception ailing) when (ailing is IOException || (ailing is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The hub itself ails: its disk, its store or its database, or one of them did not answer in time. That is no verdict on the bundle.
            LogStuck(id, ailing.Message);
            return false;
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
