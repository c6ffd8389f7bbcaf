using Strata.Model.Identity;

namespace Strata.Model.Layers;

/// <summary>What <c>layer.json</c> says of a layer archive: identity, parent, base, platform, libraries, digests.</summary>
/// <remarks>
/// Written by the builder beside the archive and derived again from the content by the hub; where they differ, content wins.
/// Source: docs/formats/layer-json.md; the seed, "layer.json".
/// </remarks>
public sealed record LayerDescription
{
    /// <summary>Name of the recipe it was built from, <c>aos-pylibs-layer</c>: an alias of the layer at the hub.</summary>
    public required string Name { get; init; }

    /// <summary>The layer's name inside its owner, <c>pylibs</c>.</summary>
    public required string Codename { get; init; }

    /// <summary>The layer's version.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; init; }

    /// <summary>The layer it was built against; null when that was the base root file system alone.</summary>
    public ParentLayer? Parent { get; init; }

    /// <summary>The base root file system under it all; null when a pair of bare trees was packed.</summary>
    public BaseIdentity? Base { get; init; }

    /// <summary>What it runs on.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The libraries inside, ordered by type, name, version.</summary>
    public EquatableList<Library> Libraries { get; init; } = [];

    /// <summary>The archive beside which this stands.</summary>
    public required LayerArchive Archive { get; init; }
}

/// <summary>A parent as the child was built against it.</summary>
/// <param name="Name">The parent's recipe name or codename.</param>
/// <param name="Version">The parent's version at that build.</param>
/// <param name="DiffId">The content it was diffed against: the child is pinned to it (decision 4).</param>
public sealed record ParentLayer(string Name, SemanticVersion Version, DiffId DiffId);

/// <summary>A target's base root file system.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Identity">A digest over the content of the base tree.</param>
public sealed record BaseIdentity(string Name, Digest Identity);

/// <summary>One library, package or module that a layer brings.</summary>
/// <param name="Type">Where it was found: <c>deb</c>, <c>python</c>, <c>elf</c>.</param>
public sealed record Library(string Name, string Version, string Type)
{
    /// <summary>Licence as the package states it; null when it states none.</summary>
    public string? License { get; init; }

    /// <summary>Package URL, <c>pkg:deb/debian/python3-six@1.16.0-4?arch=all</c>.</summary>
    public string? Purl { get; init; }

    /// <summary>Number of files in the layer that belong to it.</summary>
    public int Files { get; init; }

    /// <summary>Sonames of the shared objects it brings, in ordinal order.</summary>
    public EquatableList<string> Sonames { get; init; } = [];
}

/// <summary>A layer archive: both its digests, sizes, and how it was compressed.</summary>
/// <param name="MediaType">OCI layer media type.</param>
/// <param name="Digest">The file.</param>
/// <param name="DiffId">The tar inside.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
public sealed record LayerArchive(string MediaType, Digest Digest, DiffId DiffId, long Size, long UnpackedSize)
{
    /// <summary>Number of entries in the tar.</summary>
    public int Entries { get; init; }

    /// <summary>What made the file from the tar; null for an archive that we did not make.</summary>
    public Compressor? Compressor { get; init; }
}

/// <summary>What has to be equal to get the same file digest from the same tar.</summary>
/// <param name="Name">Library that deflated.</param>
/// <param name="Version">Its version.</param>
/// <param name="Level">1 to 9.</param>
/// <param name="BlockSize">Bytes handed over at a time.</param>
public sealed record Compressor(string Name, string Version, int Level, int BlockSize);
