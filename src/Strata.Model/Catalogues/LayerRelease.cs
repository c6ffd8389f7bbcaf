using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Model.Catalogues;

/// <summary>A layer's identity: the OEM that owns it and its codename, unique inside that owner (decision 8).</summary>
/// <param name="Owner">The OEM's domain.</param>
/// <param name="Codename">The layer's name.</param>
public sealed record LayerKey(string Owner, string Codename)
{
    /// <summary>The codename; the owner is added where it matters.</summary>
    public override string ToString() => Codename;
}

/// <summary>One published version of a layer with the archive for each platform. Immutable once published.</summary>
/// <param name="Layer">Whose version it is.</param>
/// <param name="Version">The version.</param>
/// <param name="Images">One for each platform; the set closes at publication.</param>
public sealed record LayerRelease(LayerKey Layer, SemanticVersion Version, EquatableList<LayerImage> Images)
{
    /// <summary>Where it stands in its life, the one thing about it that changes.</summary>
    public Lifecycle Lifecycle { get; init; } = Lifecycle.Released;

    /// <summary>What brought it; null where nobody needs it, and between the publication and the verdict on its bundle.</summary>
    public LayerOrigin? Origin { get; init; }

    /// <summary>One for each of <see cref="Images"/>, in their order: the blob with the layer.json that was derived from it. Empty where nobody needs it.</summary>
    public EquatableList<Digest> Descriptions { get; init; } = [];

    /// <summary>The blob with the layer.json of one of the images.</summary>
    /// <exception cref="InvalidOperationException">The image is not of this release, or its description is not known.</exception>
    public Digest DescriptionOf(LayerImage image)
    {
        for (var i = 0; i < Descriptions.Count; i++)
            if (Images[i] == image) return Descriptions[i];
        throw new InvalidOperationException($"{this} has no description for {image.Platform}.");
    }

    /// <summary><c>pylibs 1.0.0</c>.</summary>
    public override string ToString() => $"{Layer} {Version}";
}

/// <summary>A version that was deleted. Its name goes on meaning this content, and comes back only with it (record 0035).</summary>
/// <param name="Version">The version.</param>
/// <param name="Images">What it held.</param>
/// <param name="Lifecycle">Where it stood, and stands again when it comes back.</param>
public sealed record RemovedRelease(SemanticVersion Version, EquatableList<LayerImage> Images, Lifecycle Lifecycle)
{
    /// <summary>Whether <paramref name="images"/> are the same content for the same platforms; the files may be packed otherwise.</summary>
    public bool Held(EquatableList<LayerImage> images) => Content(images).SetEquals(Content(Images));

    private static HashSet<(Platform, DiffId, ParentLayer?, BaseIdentity?)> Content(EquatableList<LayerImage> images) =>
        [.. images.Select(i => (i.Platform, i.DiffId, i.Parent, i.Base))];
}

/// <summary>A layer version's archive for one platform: the slim row that resolution works on.</summary>
/// <param name="Platform">What it runs on.</param>
/// <param name="Digest">The file as published.</param>
/// <param name="DiffId">Its content.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Bytes of its regular files.</param>
public sealed record LayerImage(Platform Platform, Digest Digest, DiffId DiffId, long Size, long UnpackedSize)
{
    /// <summary>OCI media type of the file.</summary>
    public string MediaType { get; init; } = MediaTypes.LayerGzip;

    /// <summary>The parent whose content it was diffed against; null when that was the base.</summary>
    public ParentLayer? Parent { get; init; }

    /// <summary>The base it was built on; null is "unknown base", which is never a match by itself.</summary>
    public BaseIdentity? Base { get; init; }
}

/// <summary>A layer as the catalogue lists it: id, names, versions.</summary>
/// <param name="Id">The hub's UUID for it, shown as UID.</param>
/// <param name="Key">Owner and codename.</param>
public sealed record Layer(Guid Id, LayerKey Key)
{
    /// <summary>One line for people; from the newest bundle that carried one.</summary>
    public string? Title { get; init; }

    /// <summary>Other names that a need may use, such as the recipe's; in ordinal order.</summary>
    public EquatableList<string> Aliases { get; init; } = [];

    /// <summary>Who may use it.</summary>
    public LayerSharing Sharing { get; init; } = LayerSharing.Everyone;

    /// <summary>Whether a service of <paramref name="owner"/> may use it: the OEM itself always may.</summary>
    public bool IsSharedWith(string owner) => owner == Key.Owner || Sharing.Includes(owner);

    /// <summary>Newest first.</summary>
    public EquatableList<LayerRelease> Releases { get; init; } = [];

    /// <summary>Whether new versions are on trial until their OEM releases them. By default they are released at once.</summary>
    public bool StartsAsCandidate { get; init; }

    /// <summary>Versions that were deleted, in the order of their deletion.</summary>
    public EquatableList<RemovedRelease> Removed { get; init; } = [];

    /// <summary>Whether a need that says <paramref name="name"/> means this layer.</summary>
    public bool IsNamed(string name) =>
        Key.Codename == name || Aliases.Contains(name) || (Guid.TryParse(name, out var id) && id == Id);

    /// <summary>One of its versions; null when it is not published.</summary>
    public LayerRelease? Find(SemanticVersion version)
    {
        var place = PlaceOf(version);
        return place < Releases.Count && Releases[place].Version == version ? Releases[place] : null;
    }

    /// <summary>The release and image whose content is <paramref name="diffId"/>; null when none of its versions has it.</summary>
    public (LayerRelease Release, LayerImage Image)? FindContent(DiffId diffId)
    {
        foreach (var release in Releases.AsSpan())
            foreach (var image in release.Images.AsSpan())
                if (image.DiffId == diffId) return (release, image);
        return null;
    }

    /// <summary>The layer with one more version; <see cref="Find"/> said that it is not there yet.</summary>
    internal Layer With(LayerRelease release)
    {
        var place = PlaceOf(release.Version);
        return this with { Releases = [.. Releases.AsSpan()[..place], Slim(release), .. Releases.AsSpan()[place..]] };
    }

    /// <summary>Shares with the newest version what the two have in common, so that a thousand versions do not hold a thousand copies of it.</summary>
    private LayerRelease Slim(LayerRelease release)
    {
        var known = Releases.Count == 0 ? [] : Releases[0].Images;
        return release with
        {
            Layer = Key,
            Images = release.Images.Select(image =>
            {
                var like = known.FirstOrDefault(k => k.Platform == image.Platform);
                return like is null ? image : image with
                {
                    Platform = like.Platform,
                    MediaType = like.MediaType == image.MediaType ? like.MediaType : image.MediaType,
                    Base = like.Base == image.Base ? like.Base : image.Base,
                    Parent = like.Parent == image.Parent ? like.Parent : image.Parent,
                };
            }).ToEquatableList(),
        };
    }

    /// <summary>Where in <see cref="Releases"/> a version stands, or would.</summary>
    private int PlaceOf(SemanticVersion version)
    {
        var (low, high) = (0, Releases.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Releases[middle].Version > version) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
