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

    /// <summary>Licences of what is inside, as an SPDX expression where they map to one; what the recipe states when the content states none.</summary>
    public string? License { get; init; }

    /// <summary>Newest time of what is inside, in whole seconds; null when nobody looked.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The packages that the recipe asks for, in ordinal order; empty when no recipe was at hand.</summary>
    public EquatableList<string> Features { get; init; } = [];

    /// <summary>The layer it was built against; null when that was the base root file system alone.</summary>
    public ParentLayer? Parent { get; init; }

    /// <summary>The base root file system under it all; null when a pair of bare trees was packed.</summary>
    public BaseIdentity? Base { get; init; }

    /// <summary>What it runs on.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The libraries inside, ordered by type, name, version.</summary>
    public EquatableList<Library> Libraries { get; init; } = [];

    /// <summary>The ELF files inside, ordered by path, without their symbols; those stand in <c>elf.json</c>.</summary>
    public EquatableList<Binary> Binaries { get; init; } = [];

    /// <summary>The archive beside which this stands.</summary>
    public required LayerArchive Archive { get; init; }

    /// <summary>The documents that say more of the same content, ordered by name.</summary>
    public EquatableList<SideDocument> Documents { get; init; } = [];
}

/// <summary>A parent as the child was built against it.</summary>
/// <param name="Name">The parent's recipe name or codename.</param>
/// <param name="Version">The parent's version at that build.</param>
/// <param name="DiffId">The content it was diffed against: the child is pinned to it (decision 4).</param>
public sealed record ParentLayer(string Name, SemanticVersion Version, DiffId DiffId)
{
    private static readonly SemanticVersion NoVersion = SemanticVersion.Parse("0.0.0");

    /// <summary>The same for those who may not know which layer it is: an empty name and version 0.0.0 beside the content, which resolution needs.</summary>
    public ParentLayer Unnamed() => new("", NoVersion, DiffId);

    /// <summary><c>pylibs 1.0.0</c>, or that it is not shared.</summary>
    public override string ToString() => Name.Length == 0 ? "a layer that is not shared" : $"{Name} {Version}";
}

/// <summary>A target's base root file system.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Identity">A digest over the content of the base tree.</param>
public sealed record BaseIdentity(string Name, Digest Identity);

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
