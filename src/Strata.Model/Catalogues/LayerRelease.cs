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

    /// <summary><c>pylibs 1.0.0</c>.</summary>
    public override string ToString() => $"{Layer} {Version}";
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

    /// <summary>Whether a need that says <paramref name="name"/> means this layer.</summary>
    public bool IsNamed(string name) =>
        Key.Codename == name || Aliases.Contains(name) || (Guid.TryParse(name, out var id) && id == Id);
}
