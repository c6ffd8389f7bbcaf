using Strata.Build.Caching;
using Strata.Build.Targets;

namespace Strata.Build.Layers;

/// <summary>Builds a layer again from its recipe and its lock, and holds what comes out to what is there: the same content has the same diff id (decision 18).</summary>
public static class LayerRebuild
{
    /// <summary>Builds anew, parents too; nothing of it is kept but what the cache keeps of every build.</summary>
    /// <param name="layer">In the folder of a deploy folder where the build left it, with its <c>packages.lock</c>.</param>
    /// <param name="recipe">A <c>.bb</c> file, or a recipe on the path.</param>
    /// <param name="options">Recipes and, if there is one, the folder of <c>layer vendor</c>; the rest is set here.</param>
    /// <returns>A sentence when something else came out; null when it is the same.</returns>
    /// <exception cref="InvalidDataException">The recipe cannot be built as it is.</exception>
    public static async Task<string?> MismatchAsync(
        LayerFile layer, string recipe, Target target, LayerBuildOptions options, BuildCache cache, IProgress<LayerBuildProgress>? progress, CancellationToken cancellation)
    {
        var description = layer.Description ?? throw new InvalidDataException($"No layer.json describes '{layer.Archive}', so it is not known what it was built from.");
        using var scratch = cache.NewScratch();
        var deploy = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(layer.Archive)));
        var anew = options with { Deploy = scratch.Folder("deploy"), UseCache = false, Locks = options.Vendor is null ? deploy : null };
        switch (await new LayerBuilder(cache, target).BuildAsync([recipe], anew, progress, cancellation))
        {
            case LayerBuild.Refused refused:
                throw new InvalidDataException(string.Join('\n', refused.Mistakes));
            case LayerBuild.Built built:
                if (built.Layers.FirstOrDefault(l => l.Description.Name == description.Name) is not { } again)
                    return $"The recipe {recipe} builds {string.Join(", ", built.Layers.Select(l => l.Description.Name))}, and not {description.Name}.";
                return again.Description.Archive.DiffId == description.Archive.DiffId ? null
                    : $"Built again, it has the diff id {again.Description.Archive.DiffId}, and layer.json says {description.Archive.DiffId}.";
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
