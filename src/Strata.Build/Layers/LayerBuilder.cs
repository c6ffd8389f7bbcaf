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
        var plan = LayerPlan.Of(namesOrFiles, options.Recipes);
        if (plan.Mistakes.Count > 0) return new LayerBuild.Refused(plan.Mistakes);
        if (target.Feeds is not [{ Suite: { } suite }, ..])
            return new LayerBuild.Refused([new(new(target.File, 0, 0), "the target names no feed, so there is nowhere to take packages from; add one under 'feeds'.")]);

        var feed = new DebianFeed(cache, suite, DebianArchitecture(target.Platform.Architecture));
        var tree = await BaseTree.OpenAsync(target, cache, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var run = new LayerBuildRun(cache, target, tree, feed, options, progress, stop);
        await run.BuildAllAsync(plan.Layers);
        cancellation.ThrowIfCancellationRequested();
        if (run.Mistakes.Count > 0) return new LayerBuild.Refused(run.Mistakes);

        var built = new List<BuiltLayer>();
        foreach (var result in run.Results)
        {
            var clock = Stopwatch.StartNew();
            var archive = await result.Layer.DeployAsync(options.Deploy, cancellation);
            built.Add(new(result.Recipe, result.Layer.Description, archive, result.WasCached, result.Elapsed + clock.Elapsed, result.PackTime, result.Layer.Notes));
        }
        await BundleFragment.WriteAsync(options.Deploy, built, cancellation);
        return new LayerBuild.Built(built);
    }

    private static string DebianArchitecture(string architecture) => architecture switch
    {
        "arm" => "armhf",
        "386" => "i386",
        _ => architecture,
    };
}
