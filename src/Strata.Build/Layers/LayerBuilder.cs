using System.Diagnostics;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Recipes;
using Strata.Build.Targets;

namespace Strata.Build.Layers;

/// <summary>Builds layers from recipes: parents first, independent ones at once, unchanged ones not at all.</summary>
/// <param name="cache">Kept between builds.</param>
/// <param name="target">What they are built for.</param>
public sealed class LayerBuilder(BuildCache cache, Target target)
{
    /// <summary>Builds the named recipes and the layers they stand on.</summary>
    /// <param name="namesOrFiles"><c>.bb</c> files, or names of recipes on the path.</param>
    /// <exception cref="FeedUnavailableException">Something has to be fetched and the archive was not reached.</exception>
    /// <exception cref="Processes.ToolFailedException">A package did not install.</exception>
    /// <exception cref="Store.SpaceExhaustedException">The disk is full; nothing half-written was left.</exception>
    public async Task<LayerBuild> BuildAsync(IReadOnlyList<string> namesOrFiles, LayerBuildOptions options, IProgress<LayerBuildProgress>? progress, CancellationToken cancellation)
    {
        var (refused, results) = await RunAsync(namesOrFiles, options, progress, cancellation);
        if (refused is not null) return refused;
        if (options.Strict && Findings(results) is { Count: > 0 } findings) return new LayerBuild.Refused(findings);
        var built = new List<BuiltLayer>();
        foreach (var result in results)
        {
            var clock = Stopwatch.StartNew();
            var archive = await result.Layer.DeployAsync(options.Deploy, cancellation);
            built.Add(new(result.Recipe, result.Layer.Description, archive, result.WasCached, result.Elapsed + clock.Elapsed, result.PackTime, result.Layer.Notes, result.Layer.Lock()) { Findings = result.Layer.Findings });
        }
        await BundleFragment.WriteAsync(options.Deploy, built, cancellation);
        return new LayerBuild.Built(built);
    }

    /// <summary>Keeps the packages of the named recipes and of the layers they stand on, with their locks, so that they can be built again without a feed.</summary>
    /// <param name="folder">Made when it is not there; what else it holds stays.</param>
    /// <remarks>Builds what is not in the cache: what a child needs is known only when its parent's packages are installed.</remarks>
    /// <inheritdoc cref="BuildAsync"/>
    public async Task<LayerVendoring> VendorAsync(IReadOnlyList<string> namesOrFiles, string folder, LayerBuildOptions options, IProgress<LayerBuildProgress>? progress, CancellationToken cancellation)
    {
        var (refused, results) = await RunAsync(namesOrFiles, options, progress, cancellation);
        if (refused is not null) return new LayerVendoring.Refused(refused.Mistakes);
        var pool = new PackagePool(cache);
        var vendor = new VendorFolder(Directory.CreateDirectory(folder).FullName, pool);
        var kept = new List<VendoredLayer>();
        using var supply = PackageSupply.For(cache, target, options);
        foreach (var result in results)
        {
            var locked = result.Layer.Lock();
            // A layer from the cache needs none of its packages; the pool may have lost them.
            await supply.Fetcher.FetchAsync(locked, null, cancellation);
            var name = result.Recipe.Name;
            var written = await vendor.KeepAsync(name, locked, new Relay<(long Done, long Total)>(p => progress?.Report(new(name, "keeping packages", p.Done, p.Total))), cancellation);
            kept.Add(new(name, locked, written));
        }
        return new LayerVendoring.Kept(kept);
    }

    private async Task<(LayerBuild.Refused? Refused, IReadOnlyList<LayerBuildRun.Result> Results)> RunAsync(
        IReadOnlyList<string> namesOrFiles, LayerBuildOptions options, IProgress<LayerBuildProgress>? progress, CancellationToken cancellation)
    {
        var plan = LayerPlan.Of(namesOrFiles, options.Recipes);
        if (plan.Mistakes.Count > 0) return (new(plan.Mistakes), []);
        if (target.Feeds.Count == 0 && options.Vendor is null)
            return (new([new(new(target.File, 0, 0), "the target names no feed, so there is nowhere to take packages from; add one under 'feeds'.")]), []);

        var tree = await BaseTree.OpenAsync(target, cache, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var supply = PackageSupply.For(cache, target, options);
        using var run = new LayerBuildRun(cache, target, tree, supply, options, progress, stop);
        await run.BuildAllAsync(plan.Layers);
        cancellation.ThrowIfCancellationRequested();
        return run.Mistakes.Count > 0 ? (new(run.Mistakes), []) : (null, run.Results);
    }

    private static List<RecipeMistake> Findings(IReadOnlyList<LayerBuildRun.Result> results) =>
        [.. results.SelectMany(r => r.Layer.Findings.Select(f => new RecipeMistake(new(r.Recipe.File, 0, 0), f.ToString())))];
}
