using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Browsing;

/// <summary>Layers as people and tools read them; the API and the portal show the same.</summary>
internal sealed class LayerViews(IBlobs blobs)
{
    /// <summary>A layer by UUID, codename or alias: of the caller's own first, then of any owner that it sees.</summary>
    public static Layer? Find(HubState state, string name, Caller caller)
    {
        if (state.Catalogue.Find(name, caller.Owner) is { } own && caller.Sees(Guarded.Of(own))) return own;
        return state.Catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l))).FirstOrDefault(l => l.IsNamed(name));
    }

    /// <summary>The layer.json of a published archive.</summary>
    /// <exception cref="InvalidDataException">The store no longer holds it, or it is damaged.</exception>
    public async Task<LayerDescription> DescriptionAsync(LayerRelease release, LayerImage image, CancellationToken cancellation)
    {
        var digest = release.DescriptionOf(image);
        return await blobs.DescriptionAsync(digest, cancellation) ?? throw new InvalidDataException($"The store no longer holds the description {digest}.");
    }
}
