using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strata.Build.Feeds;
using Strata.Build.Targets;
using Strata.Model.Identity;

namespace Strata.Build.Layers;

/// <summary>The digest over all that goes into a layer: two builds with the same one give the same bytes.</summary>
internal static class LayerKey
{
    // Counts up whenever the builder makes something else of the same input.
    private const int BuilderFormat = 7;

    public static Digest Of(PlannedLayer layer, PackageLock locked, Target target, BaseTree tree, DiffId? parent)
    {
        var text = new StringBuilder($"strata-layer {BuilderFormat}\n{tree.Identity}\n{target.Name}\n{target.Platform}\n{target.Platform.OsVersion}\n");
        foreach (var feature in target.Platform.OsFeatures) text.Append(feature).Append('\n');
        text.Append(parent?.ToString() ?? "no parent").Append('\n');
        var recipe = layer.Recipe;
        foreach (var value in new[] { recipe.Name, recipe.Codename, layer.Version.ToString(), recipe.Summary, recipe.License, recipe.HasParentLayer ? recipe.ParentLayer : "" })
            text.Append(value.Length).Append(' ').Append(value).Append('\n');
        foreach (var feature in recipe.Features) text.Append("feature ").Append(feature).Append(' ').Append(target.Names.GetValueOrDefault(feature, feature)).Append('\n');
        foreach (var visible in target.Visible) text.Append("visible ").Append(visible).Append('\n');
        foreach (var whiteout in recipe.Whiteouts) text.Append("whiteout ").Append(whiteout).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{locked.Feed} {locked.Suite} {locked.Mode} {locked.Architecture}\n");
        foreach (var request in locked.Requests) text.Append("asked ").Append(request).Append('\n');
        foreach (var package in locked.Packages) text.Append(package.Name).Append(' ').Append(package.Version).Append(' ').Append(package.Path).Append(' ').Append(package.Sha256).Append('\n');
        return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
