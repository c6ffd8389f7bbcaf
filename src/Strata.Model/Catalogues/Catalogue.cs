using System.Collections.Immutable;
using Strata.Model.Identity;
using Strata.Model.Layers;

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

    /// <summary>Keys of the layers by what else their owner calls them; a codename is not among them.</summary>
    private ImmutableSortedDictionary<string, string> ByAlias { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Keys of the layers by id.</summary>
    private ImmutableDictionary<Guid, string> ById { get; init; } = ImmutableDictionary<Guid, string>.Empty;

    /// <summary>Layers without a version left: not listed, and not forgotten.</summary>
    private ImmutableSortedDictionary<string, Layer> Emptied { get; init; } =
        ImmutableSortedDictionary.Create<string, Layer>(StringComparer.Ordinal);

    // Source: facts on AosEdge, e.5: urn:aos:component:demo-oem.aoscloud.io/rootfs.
    private const string UrnPrefix = "urn:aos:layer:";

    /// <summary>The catalogue before the first publication.</summary>
    public static Catalogue Empty { get; } = new(0);

    /// <summary>All layers, by owner and then codename.</summary>
    public IEnumerable<Layer> Layers => ByKey.Values;

    /// <summary>The layer that <paramref name="name"/> means to a unit of <paramref name="owner"/>; null when there is none.</summary>
    /// <remarks><c>name.owner-domain</c>, a URN and a UUID reach another owner's layer (decision 8).</remarks>
    public Layer? Find(string name, string owner)
    {
        if (Named(name, owner) is { } own) return own;
        if (Guid.TryParse(name, out var id) && ById.TryGetValue(id, out var known)) return ByKey[known];
        if (name.StartsWith(UrnPrefix, StringComparison.Ordinal))
            return name[UrnPrefix.Length..].Split('/', 2) is [var domain, var last] ? Named(last, domain) : null;
        // A codename may hold dots as a domain does: the first way to cut the name in two that means something holds.
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (Named(name[..dot], name[(dot + 1)..]) is { } foreign) return foreign;
        return null;
    }

    /// <summary>The id of a layer that is or was here; null when there never was one.</summary>
    public Guid? IdOf(LayerKey key) => (ByKey.GetValueOrDefault(KeyText(key)) ?? Emptied.GetValueOrDefault(KeyText(key)))?.Id;

    private Layer? Named(string name, string owner) =>
        ByKey.TryGetValue(KeyText(new(owner, name)), out var exact) ? exact
        : ByAlias.TryGetValue(KeyText(new(owner, name)), out var key) ? ByKey[key]
        : null;

    /// <summary>The release and image of <paramref name="owner"/> whose content is <paramref name="diffId"/>; null when it is not published.</summary>
    /// <param name="hint">Name of the layer that probably has it: looked into first. Without it, or when it is wrong, all of the owner's are searched.</param>
    public (LayerRelease Release, LayerImage Image)? FindContent(string owner, DiffId diffId, string? hint = null)
    {
        var likely = hint is null ? null : Named(hint, owner);
        if (likely?.FindContent(diffId) is { } there) return there;
        foreach (var layer in ByKey.Values)
            if (layer.Key.Owner == owner && layer != likely && layer.FindContent(diffId) is { } found) return found;
        return null;
    }

    /// <summary>What a version of <paramref name="owner"/> was built on, as somebody may know it who sees only some layers: name and version are told of a layer that it sees.</summary>
    public ParentLayer Shown(ParentLayer parent, string owner, Func<Layer, bool> isSeen)
    {
        // A deleted version is not told either to those who may not see its layer, even when nothing is left of that.
        var named = Named(parent.Name, owner) ?? Emptied.GetValueOrDefault(KeyText(new(owner, parent.Name)));
        var layer = FindContent(owner, parent.DiffId, parent.Name) is { } found ? Find(found.Release.Layer) : named;
        return layer is not null && isSeen(layer) && (named is null || isSeen(named)) ? parent : parent.Unnamed();
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
        var layer = ByKey.GetValueOrDefault(key) ?? Emptied.GetValueOrDefault(key) ?? new Layer(newId, release.Layer);
        var present = layer.Find(release.Version);
        if (present is not null)
            return present.Images == release.Images
                ? new Publication.AlreadyPublished()
                : new Publication.Refused(
                    $"{present} is published already with other content, and published versions never change. Raise the version.");
        foreach (var alias in aliases)
            if (Find(alias, release.Layer.Owner) is { } taken && taken.Key != layer.Key)
                return new Publication.Refused($"The name '{Quote.Short(alias)}' already means {(taken.Key.Owner == layer.Key.Owner ? $"the layer {taken.Key}" : "a layer of somebody else")}. Rename the recipe.");

        var removed = layer.Removed.FirstOrDefault(r => r.Version == release.Version);
        if (removed is not null && !removed.Held(release.Images))
            return new Publication.Refused($"{release} was published with other content and deleted, and a version never comes to mean anything else. Raise the version.");
        if (removed is not null) release = release with { Lifecycle = removed.Lifecycle };
        else if (layer.StartsAsCandidate) release = release with { Lifecycle = new(ReleaseState.Candidate) };

        var published = layer.With(release) with
        {
            Removed = removed is null ? layer.Removed : layer.Removed.Where(r => r != removed).ToEquatableList(),
            Title = title ?? layer.Title,
            Aliases = aliases.All(a => a == layer.Key.Codename || layer.Aliases.Contains(a))
                ? layer.Aliases
                : layer.Aliases.Union(aliases).Where(a => a != layer.Key.Codename).Order(StringComparer.Ordinal).ToEquatableList(),
        };
        return new Publication.Accepted(With(published, sequence));
    }

    /// <summary>The layer by its key; null when there is none.</summary>
    public Layer? Find(LayerKey key) => ByKey.GetValueOrDefault(KeyText(key));

    /// <summary>The version of a layer; null when there is none.</summary>
    public LayerRelease? FindRelease(LayerKey key, SemanticVersion version) => Find(key)?.Find(version);

    /// <summary>Moves a version on in its life, pure; <see cref="Lifecycle.Obstacle"/> was asked before.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue Move(LayerKey key, SemanticVersion version, Lifecycle lifecycle, long sequence)
    {
        var layer = ByKey[KeyText(key)];
        return With(layer with { Releases = layer.Releases.Select(r => r.Version == version ? r with { Lifecycle = lifecycle } : r).ToEquatableList() }, sequence);
    }

    /// <summary>Says what brought versions of a layer, pure; those of which that is known keep it.</summary>
    /// <param name="versions">Those that are not there are passed over, as is a layer that is not.</param>
    public Catalogue Bring(LayerKey key, IReadOnlySet<SemanticVersion> versions, LayerOrigin origin, long sequence) => Find(key) is { } layer && layer.Releases.Any(r => r.Origin is null && versions.Contains(r.Version))
        ? With(layer with { Releases = layer.Releases.Select(r => r.Origin is null && versions.Contains(r.Version) ? r with { Origin = origin } : r).ToEquatableList() }, sequence)
        : this;

    /// <summary>Says anew who may use a layer, pure.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue Share(LayerKey key, LayerSharing sharing, long sequence) => With(ByKey[KeyText(key)] with { Sharing = sharing }, sequence);

    /// <summary>Says anew by which other names a layer is known, pure; that they are free was asked before.</summary>
    /// <param name="aliases">All of them, in ordinal order.</param>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue Name(LayerKey key, EquatableList<string> aliases, long sequence) => With(ByKey[KeyText(key)] with { Aliases = aliases }, sequence);

    /// <summary>Says whether new versions of a layer start as candidates, pure.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public Catalogue SetTrial(LayerKey key, bool startsAsCandidate, long sequence) => With(ByKey[KeyText(key)] with { StartsAsCandidate = startsAsCandidate }, sequence);

    /// <summary>Deletes a version, pure; that nobody uses it was asked before. With its last version a layer leaves the list and its other names become free.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    /// <exception cref="InvalidOperationException">It has no such version.</exception>
    public Catalogue Remove(LayerKey key, SemanticVersion version, long sequence)
    {
        var layer = ByKey[KeyText(key)];
        var release = layer.Find(version) ?? throw new InvalidOperationException($"{key} has no version {version}.");
        layer = layer with
        {
            Releases = layer.Releases.Where(r => r != release).ToEquatableList(),
            Removed = layer.Removed.Append(new(version, release.Images, release.Lifecycle)).ToEquatableList(),
        };
        return layer.Releases.Count > 0 ? With(layer, sequence) : Without(layer, sequence);
    }

    private Catalogue With(Layer layer, long sequence)
    {
        var key = KeyText(layer.Key);
        var before = ByKey.GetValueOrDefault(key);
        var aliases = ByAlias;
        if (before?.Aliases != layer.Aliases)
        {
            aliases = aliases.RemoveRange((before?.Aliases ?? []).Select(a => KeyText(new(layer.Key.Owner, a))))
                .SetItems(layer.Aliases.Select(a => KeyValuePair.Create(KeyText(new(layer.Key.Owner, a)), key)));
        }
        return this with
        {
            Sequence = sequence,
            ByKey = ByKey.SetItem(key, layer),
            ByAlias = aliases,
            ById = before is null ? ById.SetItem(layer.Id, key) : ById,
            Emptied = Emptied.Remove(key),
        };
    }

    private Catalogue Without(Layer layer, long sequence)
    {
        var key = KeyText(layer.Key);
        return this with
        {
            Sequence = sequence,
            ByKey = ByKey.Remove(key),
            ByAlias = ByAlias.RemoveRange(layer.Aliases.Select(a => KeyText(new(layer.Key.Owner, a)))),
            ById = ById.Remove(layer.Id),
            Emptied = Emptied.SetItem(key, layer with { Aliases = [] }),
        };
    }

    private static string KeyText(LayerKey key) => $"{key.Owner}\n{key.Codename}";
}
