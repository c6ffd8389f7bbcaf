using System.Collections.Concurrent;
using Strata.Agent.Obtaining;
using Strata.Agent.Reporting;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;
using Strata.Model.Units;
using Strata.Store;

namespace Strata.Agent.Reconciling;

/// <summary>One run from what is there to what is desired: obtain all, then stop, start and remove.</summary>
/// <remarks>An item that cannot be had keeps its installed version running; the others go on.</remarks>
internal sealed class Switchover(
    ImageReader images, LayerSource layerSource, BlobStore blobs, LayerStore layers, Instances instances, InstalledFile installed,
    Func<DesiredStatus, ReleaseTrust> trustOf, StatusBoard board, EventLog log)
{
    private const string Service = "service";
    private const int DownloadsAtOnce = 2;

    /// <summary>Starts what was installed when the agent ended, as far as it is still desired. Needs no hub.</summary>
    public async Task RestoreAsync(DesiredStatus status, CancellationToken cancellationToken)
    {
        var held = Held();
        var known = await InstalledImagesAsync(status, cancellationToken);
        foreach (var gone in known.Where(i => i.Value.Image.Layers.Any(l => !held.Contains(l.DiffId))).ToList()) known.Remove(gone.Key);
        foreach (var (id, (version, _)) in known) board.SetItem(id, version, ItemState.Installed);
        await ApplyAsync(Planner.Plan(Wish.Instances(status, known), instances.Actual, held).Where(s => s is not Step.Remove));
    }

    /// <summary>Runs the whole way.</summary>
    /// <returns>True when every item came to be installed; false when at least one has failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before anything was stopped.</exception>
    public async Task<bool> RunAsync(DesiredStatus status, CancellationToken cancellationToken)
    {
        var trust = trustOf(status);
        var failed = new Dictionary<string, Failure>(StringComparer.Ordinal);
        var obtained = await ReadImagesAsync(status, trust, failed, cancellationToken);
        await ObtainLayersAsync(status, obtained, trust, failed, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        var usable = await InstalledImagesAsync(status, cancellationToken);
        foreach (var id in usable.Keys.Where(id => !failed.ContainsKey(id)).ToList()) usable.Remove(id);
        foreach (var (id, image) in obtained) usable[id] = image;
        // From here on it is not cancelled any more: half a switch would be worse than one too many.
        await ApplyAsync(Planner.Plan(Wish.Instances(status, usable), instances.Actual, Held()));
        Finish(status, usable, failed);
        return failed.Count == 0;
    }

    private async Task<Dictionary<string, (string Version, ItemImage Image)>> ReadImagesAsync(
        DesiredStatus status, ReleaseTrust trust, Dictionary<string, Failure> failed, CancellationToken cancellationToken)
    {
        var present = installed.Read();
        foreach (var item in status.Items.Where(i => i.Item.Id is not null))
            if (!present.Any(p => p.Id == item.Item.Id && p.Version == item.Version)) board.SetItem(item.Item.Id!, item.Version, ItemState.Downloading);
        var read = new Dictionary<string, (string, ItemImage)>(StringComparer.Ordinal);
        foreach (var item in status.Items.Where(i => i.Item.Id is not null))
        {
            try
            {
                if (item.Item.Type != Service) throw new ItemRefusedException($"items of type '{Quote.Short(item.Item.Type ?? "")}' are not run here", AosCodes.NotSupported);
                if (!Digest.TryParse(item.IndexDigest, null, out var index)) throw new ItemRefusedException("its index digest is none", AosCodes.NotSupported);
                read[item.Item.Id!] = (item.Version, await images.ReadAsync(index, trust, cancellationToken));
            }
            catch (IOException trouble)
            {
                Fail(item.Item.Id!, item.Version, ItemRefusedException.ToFailure(trouble), failed);
            }
        }
        return read;
    }

    private async Task ObtainLayersAsync(
        DesiredStatus status, Dictionary<string, (string Version, ItemImage Image)> obtained, ReleaseTrust trust,
        Dictionary<string, Failure> failed, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentDictionary<DiffId, Failure>();
        var plan = Planner.Plan(Wish.Instances(status, obtained), instances.Actual, Held());
        await Parallel.ForEachAsync(
            plan.OfType<Step.Obtain>().Select(s => s.Layer),
            new ParallelOptions { MaxDegreeOfParallelism = DownloadsAtOnce, CancellationToken = cancellationToken },
            async (layer, cancellation) =>
            {
                try { await layerSource.ObtainAsync(layer, trust, cancellation); }
                catch (IOException trouble) { missing[layer.DiffId] = ItemRefusedException.ToFailure(trouble); }
            });
        foreach (var (id, (version, image)) in obtained.ToList())
        {
            if (image.Layers.FirstOrDefault(l => missing.ContainsKey(l.DiffId)) is { } lacking)
            {
                obtained.Remove(id);
                Fail(id, version, missing[lacking.DiffId], failed);
            }
            else if (!installed.Read().Any(p => p.Id == id && p.Version == version))
            {
                board.SetItem(id, version, ItemState.Pending);
            }
        }
    }

    private async Task ApplyAsync(IEnumerable<Step> plan)
    {
        var steps = plan.ToList();
        await instances.StopAsync([.. steps.OfType<Step.Stop>().Select(s => s.Instance)]);
        await instances.StartAsync(
            steps.OfType<Step.Start>().Select(s => s.Instance),
            instance => [.. instance.Layers.Select(l => layers.Find(l.DiffId)!.Directory)]);
        foreach (var step in steps.OfType<Step.Remove>())
        {
            layers.Remove(step.Layer);
            log.Write($"Layer {step.Layer.Hex[..12]} is not used any more and was removed.");
        }
    }

    private void Finish(DesiredStatus status, Dictionary<string, (string Version, ItemImage Image)> usable, Dictionary<string, Failure> failed)
    {
        foreach (var (id, (version, _)) in usable) board.SetItem(id, version, ItemState.Installed);
        var indexes = status.Items.Where(i => i.Item.Id is not null).ToLookup(i => i.Item.Id!, StringComparer.Ordinal);
        var before = installed.Read();
        installed.Write([.. usable.Select(u => failed.ContainsKey(u.Key)
            ? before.First(p => p.Id == u.Key)
            : new InstalledItem(u.Key, u.Value.Version, Digest.Parse(indexes[u.Key].First().IndexDigest)))]);
        foreach (var (id, version) in board.Items)
        {
            var isUsed = usable.TryGetValue(id, out var image) && image.Version == version;
            var hasFailed = failed.ContainsKey(id) && indexes[id].Any(i => i.Version == version);
            if (!isUsed && !hasFailed) board.SetItem(id, version, ItemState.Removed);
        }
        var kept = usable.Values.SelectMany(u => u.Image.Documents).ToHashSet();
        foreach (var (digest, _) in blobs.List())
            if (!kept.Contains(digest)) blobs.Delete(digest);
        if (failed.Count == 0) layerSource.Clear();
    }

    private async Task<Dictionary<string, (string Version, ItemImage Image)>> InstalledImagesAsync(DesiredStatus status, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, (string, ItemImage)>(StringComparer.Ordinal);
        foreach (var item in installed.Read().Where(i => status.Items.Any(wanted => wanted.Item.Id == i.Id)))
        {
            try { known[item.Id] = (item.Version, await images.ReadAsync(item.Index, null, cancellationToken)); }
            catch (ItemRefusedException damaged) { log.Write($"Installed item {item.Id} cannot be used: {damaged.Message}"); }
        }
        return known;
    }

    private HashSet<DiffId> Held() => [.. layers.List().Select(l => l.DiffId)];

    private void Fail(string id, string version, Failure failure, Dictionary<string, Failure> failed)
    {
        log.Write($"Item {id} {version} failed: {failure.Message}");
        failed[id] = failure;
        board.SetItem(id, version, ItemState.Failed, failure);
    }
}
