using Strata.Build.Layers;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Cli.Commands.Bundles;

/// <summary>The items that a folder of built layers comes to.</summary>
internal static class BuiltLayers
{
    /// <summary>One item for each layer and version, with an image for each platform.</summary>
    /// <param name="folder">The folder of the configuration, to which paths are relative.</param>
    /// <exception cref="InvalidDataException">There are no layers, or they stand outside <paramref name="folder"/>.</exception>
    public static IReadOnlyList<BundleItem> Items(string build, string folder)
    {
        var layers = LayerFiles.In(build).Where(l => l.Description is not null).ToList();
        if (layers.Count == 0) throw new InvalidDataException($"No layer in '{build}' has its layer.json beside it; build it with strata layer build or strata layer diff --describe.");
        // A bundle brings one version of a layer; a folder may keep older ones.
        return [.. layers.GroupBy(l => l.Description!.Codename, StringComparer.Ordinal).Select(g =>
        {
            var version = g.Max(l => l.Description!.Version)!;
            var about = g.First(l => l.Description!.Version == version).Description!;
            return new BundleItem(ItemType.Layer, about.Codename, version, g.Where(l => l.Description!.Version == version).Select(l => Image(l, folder)).ToEquatableList())
            {
                SourceFolder = about.Codename,
                Title = about.Summary is { Length: > 0 } summary ? summary : about.Name,
                Needs = Parent(about, layers),
            };
        })];
    }

    /// <summary>A child names its parent in exactly the version that it was built from.</summary>
    private static EquatableList<LayerNeed> Parent(Model.Layers.LayerDescription about, List<LayerFile> layers)
    {
        if (about.Parent is not { } parent) return [];
        var codename = layers.FirstOrDefault(l => l.Description!.Name == parent.Name)?.Description!.Codename ?? parent.Name;
        return [new(codename, VersionRange.FromMinMax(parent.Version, parent.Version).Range!)];
    }

    private static BundleImage Image(LayerFile layer, string folder)
    {
        var path = Path.GetRelativePath(folder, layer.Archive);
        if (path.StartsWith("..", StringComparison.Ordinal)) throw new InvalidDataException($"{layer.Archive} stands outside {folder}, and a bundle holds only what is below its config.yaml. Name another place with --config.");
        return new(layer.Description!.Platform) { Path = path, MediaType = layer.Description.Archive.MediaType };
    }
}

/// <summary>How types are written.</summary>
internal static class BundleNames
{
    public static string Of(ItemType type) => type.ToString().ToLowerInvariant();
}
