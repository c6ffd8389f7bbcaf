using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.State;

/// <summary>A target that an OEM published: a base that layers are built on and units run.</summary>
/// <param name="Base">Identity of its base.</param>
/// <param name="Document">The signed document's payload, a blob.</param>
internal sealed record TargetRow(Guid Id, string Owner, string Name, Digest Base, Platform Platform, Digest Document, DateTimeOffset PublishedAt)
{
    /// <summary>In <see cref="SharedWith"/>: every service provider.</summary>
    public const string Everybody = "*";

    /// <summary>Bytes of <see cref="Document"/>.</summary>
    public long DocumentSize { get; init; }

    /// <summary>Kid of the certificate that signed it; null in records of earlier releases.</summary>
    public string? SignedBy { get; init; }

    /// <summary>What is said of the base, each a blob, ordered by name.</summary>
    public EquatableList<SideDocument> Documents { get; init; } = [];

    /// <summary>The base as a layer archive; null when only the identity is known.</summary>
    public LayerArchive? Archive { get; init; }

    /// <summary>Whether <see cref="Archive"/> is a blob here.</summary>
    public bool HasBase { get; init; }

    /// <summary>Top folders of the base that services see.</summary>
    public EquatableList<string> Visible { get; init; } = [];

    /// <summary>Packages in the base.</summary>
    public int Packages { get; init; }

    /// <summary>Domains of the service providers that may read it, in ordinal order, or <see cref="Everybody"/> alone.</summary>
    public EquatableList<string> SharedWith { get; init; } = [];

    /// <summary>What stood under this name before, newest first: layers may have been built for it.</summary>
    public EquatableList<TargetRevision> Earlier { get; init; } = [];

    /// <summary>Every blob that belongs to it.</summary>
    public IEnumerable<Digest> Blobs => Documents.Select(d => d.Digest).Append(Document).Concat(HasBase && Archive is not null ? [Archive.Digest] : []);
}

/// <summary>A base that a target had before.</summary>
internal sealed record TargetRevision(Digest Base, Digest Document, DateTimeOffset PublishedAt);

/// <summary>A target was published; a later one under the same name replaces it.</summary>
internal sealed record TargetPublished(TargetRow Target) : Change;

/// <summary>Who may read a target besides its owner was decided anew.</summary>
internal sealed record TargetShared(string Owner, string Name, EquatableList<string> ServiceProviders) : Change;
