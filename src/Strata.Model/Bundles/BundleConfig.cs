using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Model.Bundles;

/// <summary>A deployment bundle's <c>config.yaml</c>, schemaVersion 2.</summary>
/// <remarks>Source: facts on AosEdge, b.2 and d.2.</remarks>
public sealed record BundleConfig(EquatableList<BundleItem> Items)
{
    /// <summary>publisher.author.</summary>
    public string? Author { get; init; }

    /// <summary>publisher.company.</summary>
    public string? Company { get; init; }

    /// <summary>publish.tlsKey: p12 file name for the connection, and for the signature unless <see cref="SignKey"/> is given.</summary>
    public string? TlsKey { get; init; }

    /// <summary>publish.signKey: p12 file name for the signature.</summary>
    public string? SignKey { get; init; }

    /// <summary>publish.domain: the hub's host, with an optional port; null takes it from the certificate.</summary>
    public string? Domain { get; init; }
}

/// <summary>What kind of thing a bundle item is.</summary>
public enum ItemType
{
    /// <summary>A service of a service provider.</summary>
    Service,

    /// <summary>A layer of an OEM.</summary>
    Layer,

    /// <summary>A component of an OEM; known by name and refused until it is supported.</summary>
    Component,
}

/// <summary>One item of a bundle.</summary>
/// <param name="Type">identity.type.</param>
/// <param name="Codename">identity.codename.</param>
/// <param name="Version">version.</param>
/// <param name="Images">One for each architecture; at least one.</param>
public sealed record BundleItem(ItemType Type, string Codename, SemanticVersion Version, EquatableList<BundleImage> Images)
{
    /// <summary>identity.id, when an existing item is meant.</summary>
    public Guid? Id { get; init; }

    /// <summary>identity.title.</summary>
    public string? Title { get; init; }

    /// <summary>identity.description.</summary>
    public string? Description { get; init; }

    /// <summary>identity.urn: a name that is unique everywhere.</summary>
    public string? Urn { get; init; }

    /// <summary>Folder of the item in the bundle; the codename when the file does not say.</summary>
    public required string SourceFolder { get; init; }

    /// <summary>Layer needs of a service, all three notations as one; of a layer, the range of versions of its parent, if its bundle gives one.</summary>
    public EquatableList<LayerNeed> Needs { get; init; } = [];

    /// <summary>How a service runs; the defaults for a layer.</summary>
    public ServiceSettings Settings { get; init; } = new();
}

/// <summary>An item's content for one architecture: a folder or a file.</summary>
/// <param name="Platform">archInfo and osInfo.</param>
public sealed record BundleImage(Platform Platform)
{
    /// <summary>images[].path: a file, relative to the item's folder or the bundle's root.</summary>
    public string? Path { get; init; }

    /// <summary>images[].sourceFolder: a folder under the item's folder.</summary>
    public string? SourceFolder { get; init; }

    /// <summary>images[].mediaType.</summary>
    public string? MediaType { get; init; }

    /// <summary>images[].cmd: overrides the item's.</summary>
    public string? Command { get; init; }

    /// <summary>images[].workingDir: overrides the item's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>images[].env: added after the item's.</summary>
    public EquatableList<string> Environment { get; init; } = [];
}
