using System.Text.Json;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Artifacts.Json;

/// <summary>A catalogue as a file: what <c>resolve</c> works from, exported by a hub or written by hand.</summary>
/// <param name="Sequence">The hub's change number; 0 in one written by hand.</param>
/// <param name="Layers">Any order.</param>
public sealed record CatalogueDocument(long Sequence, CatalogueDocument.LayerEntry[] Layers)
{
    /// <summary>A layer with all its versions.</summary>
    /// <param name="Id">UUID; may be left out by hand.</param>
    public sealed record LayerEntry(string Owner, string Codename, Guid Id, string? Title, string[]? Aliases, ReleaseEntry[] Versions);

    /// <summary>One version.</summary>
    public sealed record ReleaseEntry(SemanticVersion Version, LayerImage[] Images)
    {
        /// <summary>Where it stands in its life; null is released.</summary>
        public Lifecycle? Lifecycle { get; init; }
    }

    /// <summary>The document of a snapshot, or of those of its layers that <paramref name="isSeen"/>. Who shares what with whom is not in it.</summary>
    public static CatalogueDocument Of(Catalogue catalogue, Func<Layer, bool>? isSeen = null) => new(catalogue.Sequence, [.. catalogue.Layers.Where(isSeen ?? (_ => true)).Select(layer => new LayerEntry(
        layer.Key.Owner, layer.Key.Codename, layer.Id, layer.Title, [.. layer.Aliases],
        [.. layer.Releases.Select(r => new ReleaseEntry(r.Version, [.. r.Images]) { Lifecycle = r.Lifecycle == Lifecycle.Released ? null : r.Lifecycle })]))]);

    /// <summary>The snapshot in this document.</summary>
    /// <exception cref="JsonException">Two entries contradict each other.</exception>
    public Catalogue ToCatalogue()
    {
        var catalogue = Catalogue.Empty;
        foreach (var layer in Layers)
        {
            foreach (var release in layer.Versions)
                catalogue = catalogue.Publish(
                    new(new(layer.Owner, layer.Codename), release.Version, [.. release.Images]) { Lifecycle = release.Lifecycle ?? Lifecycle.Released }, layer.Id, layer.Title, layer.Aliases ?? [], Sequence) switch
                {
                    Publication.Accepted accepted => accepted.Catalogue,
                    Publication.Refused refused => throw new JsonException(refused.Reason),
                    _ => catalogue,
                };
        }
        return catalogue with { Sequence = Sequence };
    }
}
