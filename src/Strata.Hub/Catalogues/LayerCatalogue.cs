using System.Collections.Concurrent;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>The read side of layers: what API and portal tell of them, each time as one reader may know it.</summary>
internal sealed class LayerCatalogue(LayerViews layers, IBlobs blobs, SharedSizes shared)
{
    /// <summary>Versions of a layer that a list of layers tells.</summary>
    public const int VersionsListed = 10;

    private const int MostFeaturesKept = 50_000;

    // Of a description, which never changes, the little that lists are filtered by.
    private readonly ConcurrentDictionary<Digest, EquatableList<string>> _features = [];

    /// <summary>The layers that <paramref name="caller"/> may see and that fit, by owner and codename.</summary>
    public async Task<IReadOnlyList<Layer>> FindAsync(HubState state, Caller caller, LayerUsage usage, LayerFilter filter, CancellationToken cancellation)
    {
        var named = SeenLayers.By(state, caller).Named(filter.Text);
        if (filter.IsOfNames) return [.. named]; // ten thousand layers lie all over the memory: not one is looked at that need not be
        var found = new List<Layer>();
        foreach (var layer in named)
        {
            if (filter.NewestOf(layer) is not { } newest) continue;
            if (filter.IsUsed is { } used && usage.Of(layer.Key).Any() != used) continue;
            if (filter.Feature is { } feature && !await HasAsync(newest, feature, cancellation)) continue;
            found.Add(layer);
        }
        return found;
    }

    /// <summary>A layer with its newest versions.</summary>
    /// <param name="most">How many of them.</param>
    public static LayerDocument Of(Layer layer, LayerUsage usage, int most) => new(
        layer.Id, layer.Key.Codename, layer.Key.Owner, layer.Title, [.. layer.Aliases],
        PlatformsOf(layer),
        [.. layer.Releases.Take(most).Select(r => Of(r, usage))],
        layer.Releases.Count,
        layer.Sharing.Recommends(usage.Reader.Owner),
        layer.StartsAsCandidate,
        usage.Reader.May(Verb.Change, Guarded.Of(layer)) || usage.Reader.Role == ClientRole.Admin ? LayerSharingDocument.Of(layer.Sharing) : null);

    /// <summary>A version in a list.</summary>
    public static LayerVersionEntry Of(LayerRelease release, LayerUsage usage) => new(
        release.Version.ToString(), [.. release.Images.Select(i => i.Platform.ToString())], release.Images.Sum(i => i.Size), release.Images.Sum(i => i.UnpackedSize),
        Of(release.Lifecycle), UsedBy(release, usage));

    /// <summary>A version with all that is known of it.</summary>
    public async Task<LayerVersionDocument> OfAsync(HubState state, Caller caller, Layer layer, LayerRelease release, CancellationToken cancellation)
    {
        var usage = new LayerUsage(state, caller);
        var (images, descriptions) = (new List<LayerImageDocument>(), new List<LayerDescription>());
        foreach (var image in release.Images)
        {
            var description = await layers.DescriptionAsync(release, image, cancellation);
            descriptions.Add(AsSeen(state, caller, layer, description));
            images.Add(await ImageAsync(state, usage, layer, release, image, description, cancellation));
        }
        return new(
            layer.Id, layer.Key.Codename, layer.Key.Owner, release.Version.ToString(), Of(release.Lifecycle), UsedBy(release, usage),
            [.. descriptions.SelectMany(FeaturesOf).Distinct().Order(StringComparer.Ordinal)],
            [.. images],
            [.. ChildrenOf(state, caller, release).Select(c => Reference(c.Release, c.Image))],
            Provenance.Of(state, caller, release),
            [.. descriptions]);
    }

    /// <summary>A version's archive for one platform, with what it shares.</summary>
    /// <param name="usage">As the reader may know it.</param>
    /// <param name="description">Its layer.json.</param>
    public async Task<LayerImageDocument> ImageAsync(
        HubState state, LayerUsage usage, Layer layer, LayerRelease release, LayerImage image, LayerDescription description, CancellationToken cancellation)
    {
        var parent = ParentOf(state, usage.Reader, layer, image);
        return new(
            image.Platform, image.Digest, image.DiffId, image.MediaType, image.Size, image.UnpackedSize,
            parent is { } built ? Reference(built.Release, built.Image) : null,
            [.. await SharedAsync(layer, release, image, description, parent, cancellation)],
            SavedOnUnits(state, usage, release, image),
            [.. description.Documents]);
    }

    /// <summary>The layer.json of a version on one platform.</summary>
    public Task<LayerDescription> DescriptionAsync(LayerRelease release, LayerImage image, CancellationToken cancellation) => layers.DescriptionAsync(release, image, cancellation);

    /// <summary>A document beside a version's layer.json, at its start; null when the version has none of that name, or the store has it no longer.</summary>
    public async Task<(SideDocument About, Stream Content)?> DocumentAsync(LayerDescription description, string name, CancellationToken cancellation) =>
        description.Documents.FirstOrDefault(d => d.Name == name) is { } about && await blobs.OpenAsync(about.Digest, cancellation) is { } content ? (about, content) : null;

    /// <summary>The published version whose content is the parent's; null when there is none, or it is not the reader's to see.</summary>
    public static (Layer Layer, LayerRelease Release, LayerImage Image)? ParentOf(HubState state, Caller caller, Layer layer, LayerImage image) =>
        image.Parent is { } parent
        && state.Catalogue.FindContent(layer.Key.Owner, parent.DiffId, parent.Name) is { } found
        && state.Catalogue.Find(found.Release.Layer) is { } above && caller.Sees(Guarded.Of(above))
            ? (above, found.Release, found.Image)
            : null;

    /// <summary>A layer.json without what its reader may not know: which hidden layer it was built on.</summary>
    public static LayerDescription AsSeen(HubState state, Caller caller, Layer layer, LayerDescription description) => description.Parent is { } parent
        ? description with { Parent = state.Catalogue.Shown(parent, layer.Key.Owner, l => caller.Sees(Guarded.Of(l))) }
        : description;

    /// <summary>Versions of layers that were built on one of this version's archives, by codename, newest first.</summary>
    public static IEnumerable<(LayerRelease Release, LayerImage Image)> ChildrenOf(HubState state, Caller caller, LayerRelease release) =>
        LayerUses.ChildrenOf(state.Catalogue, release).Where(c => caller.Sees(Guarded.Of(state.Catalogue.Find(c.Release.Layer)!)));

    /// <summary>Bytes that units need not store because several services of them share a version's archive (decision 0028).</summary>
    public static long SavedOnUnits(HubState state, LayerUsage usage, LayerRelease release, LayerImage image)
    {
        // A unit whose platform does not tell holds the only archive there is, or nobody knows which.
        bool Holds(string unit) => release.Images.Count == 1 || state.Units[unit].Report.Platforms.Contains(image.Platform);
        return usage.Of(release.Layer, release.Version)
            .SelectMany(user => user.Units.Select(unit => (Unit: unit, user.ServiceId))).Distinct()
            .GroupBy(use => use.Unit, StringComparer.Ordinal)
            .Where(uses => Holds(uses.Key)).Sum(uses => (uses.Count() - 1) * image.UnpackedSize);
    }

    private async Task<List<SharedContentDocument>> SharedAsync(
        Layer layer, LayerRelease release, LayerImage image, LayerDescription description, (Layer Layer, LayerRelease Release, LayerImage Image)? parent, CancellationToken cancellation)
    {
        var found = new List<SharedContentDocument>();
        var before = layer.Releases.FirstOrDefault(r => r.Version < release.Version && r.Images.Any(i => i.Platform == image.Platform));
        if (before is not null) await AddAsync(before, before.Images.First(i => i.Platform == image.Platform));
        if (parent is { } known) await AddAsync(known.Release, known.Image);
        return found;

        async Task AddAsync(LayerRelease other, LayerImage others)
        {
            try
            {
                if (await shared.OfAsync(description, await layers.DescriptionAsync(other, others, cancellation), cancellation) is { } size)
                    found.Add(new(other.Layer.Owner, other.Layer.Codename, other.Version.ToString(), size));
            }
            catch (InvalidDataException)
            {
                // What the store has lost of another version is no reason not to show this one.
            }
        }
    }

    private async Task<bool> HasAsync(LayerRelease release, string feature, CancellationToken cancellation)
    {
        foreach (var image in release.Images)
        {
            var digest = release.DescriptionOf(image);
            if (!_features.TryGetValue(digest, out var features))
            {
                if (_features.Count >= MostFeaturesKept) _features.Clear();
                _features[digest] = features = FeaturesOf(await layers.DescriptionAsync(release, image, cancellation)).ToEquatableList();
            }
            if (features.Contains(feature, StringComparer.Ordinal)) return true;
        }
        return false;
    }

    private static IEnumerable<string> FeaturesOf(LayerDescription description) => description.Features.Concat(description.Platform.OsFeatures).Distinct();

    // A list asks this of hundreds of versions for each layer on it, and nearly all of them are for the same few platforms.
    private static string[] PlatformsOf(Layer layer)
    {
        var found = new List<Platform>();
        foreach (var release in layer.Releases.AsSpan())
            foreach (var image in release.Images.AsSpan())
                if (!found.Contains(image.Platform)) found.Add(image.Platform);
        return [.. found.Select(p => p.ToString()).Distinct().Order(StringComparer.Ordinal)];
    }

    private static LayerReference Reference(LayerRelease release, LayerImage image) => new(release.Layer.Owner, release.Layer.Codename, release.Version.ToString(), image.Digest, image.DiffId, image.Size);

    private static LifecycleDocument Of(Lifecycle lifecycle) => new(lifecycle.State.ToString().ToLowerInvariant(), lifecycle.Reason, lifecycle.Successor?.ToString(), lifecycle.EndsOn);

    private static string[] UsedBy(LayerRelease release, LayerUsage usage) =>
        [.. usage.Of(release.Layer, release.Version).Select(u => $"{u.Service} {u.Version}").Distinct().Order(StringComparer.Ordinal)];
}
