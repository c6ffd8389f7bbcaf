using Strata.Artifacts.Json;
using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;

namespace Strata.Hub.Browsing;

/// <summary>Layers as people and tools read them; the API and the portal show the same.</summary>
internal sealed class LayerViews(IBlobs blobs)
{
    /// <summary>A layer with its versions.</summary>
    /// <param name="sees">Whether the reader may know of a service that uses it.</param>
    public static LayerDocument Of(HubState state, Layer layer, Func<ServiceRow, bool> sees) => new(
        layer.Id, layer.Key.Codename, layer.Key.Owner, layer.Title, [.. layer.Aliases],
        [.. layer.Releases.SelectMany(r => r.Images).Select(i => i.Platform.ToString()).Distinct().Order(StringComparer.Ordinal)],
        [.. layer.Releases.Select(r => new LayerVersionEntry(
            r.Version.ToString(), [.. r.Images.Select(i => i.Platform.ToString())], r.Images.Sum(i => i.Size), UsedBy(state, r, sees)))]);

    /// <summary>A version with its layer.json for each platform.</summary>
    public async Task<LayerVersionDocument> OfAsync(HubState state, Layer layer, LayerRelease release, Func<ServiceRow, bool> sees, CancellationToken cancellation)
    {
        var descriptions = new List<LayerDescription>();
        foreach (var image in release.Images)
            descriptions.Add(await DescriptionAsync(release, image, cancellation));
        return new(layer.Id, layer.Key.Codename, layer.Key.Owner, release.Version.ToString(), UsedBy(state, release, sees), [.. descriptions]);
    }

    /// <summary>A layer by UUID, codename or alias: of the caller's own first, then of any owner that it sees.</summary>
    public static Layer? Find(HubState state, string name, Caller caller)
    {
        if (state.Catalogue.Find(name, caller.Owner) is { } own && caller.Sees(Guarded.Of(own))) return own;
        return state.Catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l))).FirstOrDefault(l => l.IsNamed(name));
    }

    /// <summary>The layer.json of a published archive.</summary>
    public async Task<LayerDescription> DescriptionAsync(LayerRelease release, LayerImage image, CancellationToken cancellation)
    {
        var digest = release.DescriptionOf(image);
        await using var file = await blobs.OpenAsync(digest, cancellation) ?? throw new InvalidDataException($"The store no longer holds the description {digest}.");
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellation);
        return LayerDescriptionJson.Read(content);
    }

    private static string[] UsedBy(HubState state, LayerRelease release, Func<ServiceRow, bool> sees)
    {
        var digests = release.Images.Select(i => i.Digest).ToHashSet();
        var desired = state.Units.Values.SelectMany(u => u.Desired?.State.Items ?? []).Select(i => i.Index).Distinct();
        return [.. desired.Select(index => state.Compositions[index])
            .Where(c => c.Layers.Any(l => digests.Contains(l.Blob.Digest)))
            .Select(c => (Service: state.Services[c.ServiceId], c.Version))
            .Where(c => sees(c.Service))
            .Select(c => $"{c.Service.Codename} {c.Version}")
            .Distinct()
            .Order(StringComparer.Ordinal)];
    }
}
