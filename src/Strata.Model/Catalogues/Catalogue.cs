using System.Collections.Immutable;
using Strata.Model.Identity;

namespace Strata.Model.Catalogues;

/// <summary>What a publication of a layer version came to.</summary>
public abstract record Publication
{
    private Publication() { }

    /// <summary>It is in <paramref name="Catalogue"/> now.</summary>
    public sealed record Accepted(Catalogue Catalogue) : Publication;

    /// <summary>The same content was there under that version already: success without a change.</summary>
    public sealed record AlreadyPublished : Publication;

    /// <summary>That version exists with other content; published is immutable. <paramref name="Reason"/> is a sentence with the cure.</summary>
    public sealed record Refused(string Reason) : Publication;
}

/// <summary>An immutable snapshot of every published layer version, with the change sequence it was made at.</summary>
/// <param name="Sequence">Number of the change that made it; every resolution records it (decision 13).</param>
public sealed record Catalogue(long Sequence)
{
    private ImmutableSortedDictionary<string, Layer> ByKey { get; init; } =
        ImmutableSortedDictionary.Create<string, Layer>(StringComparer.Ordinal);

    /// <summary>The catalogue before the first publication.</summary>
    public static Catalogue Empty { get; } = new(0);

    /// <summary>All layers, by owner and then codename.</summary>
    public IEnumerable<Layer> Layers => ByKey.Values;

    /// <summary>The layer that <paramref name="name"/> means to a unit of <paramref name="owner"/>; null when there is none.</summary>
    /// <remarks><c>name.owner-domain</c> and a UUID reach another owner's layer (decision 8).</remarks>
    public Layer? Find(string name, string owner)
    {
        if (ByKey.TryGetValue(KeyText(new(owner, name)), out var exact)) return exact;
        foreach (var layer in ByKey.Values)
        {
            if (layer.Key.Owner == owner && layer.IsNamed(name)) return layer;
            if (name.EndsWith($".{layer.Key.Owner}", StringComparison.Ordinal)
                && layer.IsNamed(name[..^(layer.Key.Owner.Length + 1)])) return layer;
            if (Guid.TryParse(name, out var id) && id == layer.Id) return layer;
        }
        return null;
    }

    /// <summary>The release and image of <paramref name="owner"/> whose content is <paramref name="diffId"/>; null when it is not published.</summary>
    public (LayerRelease Release, LayerImage Image)? FindContent(string owner, DiffId diffId)
    {
        foreach (var layer in ByKey.Values.Where(l => l.Key.Owner == owner))
            foreach (var release in layer.Releases)
                foreach (var image in release.Images)
                    if (image.DiffId == diffId) return (release, image);
        return null;
    }

    /// <summary>Adds a version, pure: this snapshot stays as it is.</summary>
    /// <param name="release">What to publish.</param>
    /// <param name="newId">Id for the layer, if this is its first version.</param>
    /// <param name="title">Line for people; null keeps the present one.</param>
    /// <param name="aliases">Further names for the layer, such as the recipe's; those that it has are no error.</param>
    /// <param name="sequence">Number of the change that carries it.</param>
    public Publication Publish(LayerRelease release, Guid newId, string? title, IReadOnlyCollection<string> aliases, long sequence)
    {
        var key = KeyText(release.Layer);
        var layer = ByKey.GetValueOrDefault(key) ?? new Layer(newId, release.Layer);
        var present = layer.Releases.FirstOrDefault(r => r.Version == release.Version);
        if (present is not null)
            return present.Images == release.Images
                ? new Publication.AlreadyPublished()
                : new Publication.Refused(
                    $"{present} is published already with other content, and published versions never change. Raise the version.");
        foreach (var alias in aliases)
            if (Find(alias, release.Layer.Owner) is { } taken && taken.Key != layer.Key)
                return new Publication.Refused($"The name '{Quote.Short(alias)}' already means the layer {taken.Key}. Rename the recipe.");

        var published = layer with
        {
            Title = title ?? layer.Title,
            Aliases = layer.Aliases.Union(aliases).Where(a => a != layer.Key.Codename).Order(StringComparer.Ordinal).ToEquatableList(),
            Releases = layer.Releases.Append(release).OrderByDescending(r => r.Version).ToEquatableList(),
        };
        return new Publication.Accepted(With(published, sequence));
    }

    /// <summary>The layer by its key; null when there is none.</summary>
    public Layer? Find(LayerKey key) => ByKey.GetValueOrDefault(KeyText(key));

    /// <summary>The version of a layer; null when there is none.</summary>
    public LayerRelease? FindRelease(LayerKey key, SemanticVersion version) => Find(key)?.Releases.FirstOrDefault(r => r.Version == version);

    /// <summary>Moves a version on in its life, pure; <see cref="Lifecycle.Obstacle"/> was asked before.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue Move(LayerKey key, SemanticVersion version, Lifecycle lifecycle, long sequence)
    {
        var layer = ByKey[KeyText(key)];
        return With(layer with { Releases = layer.Releases.Select(r => r.Version == version ? r with { Lifecycle = lifecycle } : r).ToEquatableList() }, sequence);
    }

    /// <summary>Says anew who may use a layer, pure.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue Share(LayerKey key, LayerSharing sharing, long sequence) => With(ByKey[KeyText(key)] with { Sharing = sharing }, sequence);

    private Catalogue With(Layer layer, long sequence) => this with { Sequence = sequence, ByKey = ByKey.SetItem(KeyText(layer.Key), layer) };

    private static string KeyText(LayerKey key) => $"{key.Owner}\n{key.Codename}";
}
