using System.Diagnostics;
using Strata.Artifacts.Describing;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Installing;
using Strata.Build.Recipes;
using Strata.Build.Targets;
using Strata.Build.Trees;
using Strata.Store.Files;

namespace Strata.Build.Layers;

/// <summary>One run of the builder over its plan.</summary>
internal sealed class LayerBuildRun(
    BuildCache cache, Target target, BaseTree tree, PackageSupply supply, LayerBuildOptions options, IProgress<LayerBuildProgress>? progress, CancellationTokenSource stop) : IDisposable
{
    // Installing waits for the disk about as much as it computes; one layer per core keeps both busy.
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
    private readonly List<RecipeMistake> _mistakes = [];
    private readonly Lock _gate = new();

    /// <summary>What became of one layer.</summary>
    public sealed record Result(Recipe Recipe, CachedLayer Layer, bool WasCached, TimeSpan Elapsed, TimeSpan PackTime);

    /// <summary>What has to be corrected; layers that do not depend on it were built.</summary>
    public IReadOnlyList<RecipeMistake> Mistakes => _mistakes;

    /// <summary>What was built, in the order of the plan.</summary>
    public IReadOnlyList<Result> Results { get; private set; } = [];

    /// <summary>Builds every layer of the plan; the first failure stops the others.</summary>
    public async Task BuildAllAsync(IReadOnlyList<PlannedLayer> plan)
    {
        var tasks = new Dictionary<PlannedLayer, Task<Result?>>(ReferenceEqualityComparer.Instance);
        foreach (var layer in plan) tasks[layer] = StartAsync(layer, layer.Parent is { } above ? tasks[above] : null);
        try
        {
            Results = [.. (await Task.WhenAll(tasks.Values)).OfType<Result>()];
        }
        catch (OperationCanceledException)
        {
            // One that failed stopped the rest: its error is the one to tell.
            if (tasks.Values.FirstOrDefault(t => t.IsFaulted) is { } failed) await failed;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task<Result?> StartAsync(PlannedLayer layer, Task<Result?>? building)
    {
        await Task.Yield();
        try
        {
            var parent = building is null ? null : await building;
            if (building is not null && parent is null) return null;
            await _slots.WaitAsync(stop.Token);
            try
            {
                return await BuildAsync(layer, parent?.Layer);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task<Result?> BuildAsync(PlannedLayer layer, CachedLayer? parent)
    {
        var clock = Stopwatch.StartNew();
        Report(layer, "resolving");
        IReadOnlyList<string> lowers = parent?.Lowers ?? [tree.Root];
        switch (await supply.Solver.ResolveAsync(new(layer.Recipe.Name, new(layer.Recipe.File, 0, 0), tree.Identity, Requests(layer.Recipe), lowers) { Mapped = [.. target.Names.Keys] }, stop.Token))
        {
            case FeedAnswer.Refused refused:
                lock (_gate) _mistakes.AddRange(refused.Mistakes);
                return null;
            case FeedAnswer.Locked answer:
                var folder = cache.At("layers", LayerKey.Of(layer, answer.Lock, target, tree, parent?.Description.Archive.DiffId).Hex);
                if (options.UseCache && CachedLayer.Open(folder, lowers) is { } kept) return new(layer.Recipe, kept, true, clock.Elapsed, TimeSpan.Zero);
                var pack = await MakeAsync(layer, parent, lowers, answer.Lock, folder);
                return new(layer.Recipe, CachedLayer.Open(folder, lowers)!, false, clock.Elapsed, pack);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<TimeSpan> MakeAsync(PlannedLayer layer, CachedLayer? parent, IReadOnlyList<string> lowers, PackageLock answer, string folder)
    {
        await supply.Fetcher.FetchAsync(answer, Reporter(layer, "downloading"), stop.Token);
        var installer = PackageInstallers.For(answer, supply.Pool, target.Platform.Architecture);
        var locked = await installer.CompleteAsync(answer, stop.Token);
        using var scratch = cache.NewScratch();
        var finished = scratch.Folder("finished");
        Report(layer, $"{(locked.Mode == FeedMode.Install ? "installing" : "unpacking")} {locked.Packages.Count} packages");
        TimeSpan packTime;
        PackedLayer packed;
        await using (var trees = await installer.InstallAsync(locked, lowers, scratch.Folder("finished/" + CachedLayer.UpperName), scratch, stop.Token))
        {
            var clock = Stopwatch.StartNew();
            var pack = new PackOptions { Normalise = true, LatestTime = locked.Packages.Count > 0 ? locked.Time : null, Whiteouts = layer.Recipe.Whiteouts };
            packed = await LayerPacker.PackAsync(trees.ParentRoot, trees.ChildRoot, pack, Path.Combine(finished, CachedLayer.ArchiveName), PackReporter(layer), stop.Token);
            packTime = clock.Elapsed;
            Report(layer, "describing");
            var beneath = SharedObjects.Of(trees.ParentRoot, target.Visible);
            if (parent is not null) beneath.UnionWith(SharedObjects.Of(parent.Description));
            var claims = Claims(layer, parent, locked) with { OsVersions = TreeOsRelease.Versions(trees.ChildRoot) };
            var assembled = await new LayerAssembler(claims) { Beneath = beneath }.AssembleAsync(Path.Combine(finished, CachedLayer.ArchiveName), packed.Archive, stop.Token);
            await BuildCache.WriteAsync(Path.Combine(finished, CachedLayer.FindingsName), file => file.WriteAsync(FindingsJson.Write(assembled.Findings), stop.Token).AsTask());
        }
        await BuildCache.WriteAsync(Path.Combine(finished, CachedLayer.LockName), file => file.WriteAsync(PackageLockJson.Write(locked), stop.Token).AsTask());
        await BuildCache.WriteAsync(Path.Combine(finished, CachedLayer.NotesName), file => file.WriteAsync(TreeNoteJson.Write(packed.Notes), stop.Token).AsTask());
        // The changed files were installed without a flush each; their name in the cache promises that they are whole.
        using (var kept = DirectoryHandle.Open(finished)) kept.FlushFileSystem();
        if (!options.UseCache) ScratchFolder.Delete(folder);
        BuildCache.Publish(finished, folder);
        return packTime;
    }

    private LayerClaims Claims(PlannedLayer layer, CachedLayer? parent, PackageLock locked) => new()
    {
        Name = layer.Recipe.Name,
        Codename = layer.Recipe.Codename,
        Version = layer.Version,
        Summary = layer.Recipe.Summary,
        License = layer.Recipe.License.Length > 0 ? layer.Recipe.License : null,
        Features = layer.Recipe.Features,
        FeedNames = target.Names,
        Parent = parent?.Description,
        Base = new(target.Name, tree.Identity),
        Platform = target.Platform,
        Time = locked.Time > 0 ? locked.Time : null,
    };

    private List<PackageRequest> Requests(Recipe recipe) =>
    [
        .. recipe.Features.Distinct().Select(f => new PackageRequest(f, target.Names.GetValueOrDefault(f, f), recipe.Where("AOS_LAYER_FEATURES", f))),
    ];

    private void Report(PlannedLayer layer, string doing) => progress?.Report(new(layer.Recipe.Name, doing, 0, 0));

    private Relay<(long Done, long Total)> Reporter(PlannedLayer layer, string doing) =>
        new(p => progress?.Report(new(layer.Recipe.Name, doing, p.Done, p.Total)));

    private Relay<PackProgress> PackReporter(PlannedLayer layer) =>
        new(p => progress?.Report(new(layer.Recipe.Name, p.Phase == PackPhase.Packing ? "packing" : "comparing", p.Done, p.Total)));
}
