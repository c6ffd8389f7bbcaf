using System.Text.Json.Serialization;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;
using Strata.Model.Resolving;
using Strata.Model.Units;

namespace Strata.Hub.State;

/// <summary>A user certificate that the hub has seen on a connection. A bundle's signature names its certificate only by <paramref name="Kid"/>.</summary>
/// <param name="Kid">Issuer and serial, as a bundle's signature writes it.</param>
/// <param name="OwnerId">The hub's UUID for the owner, shared by all its certificates.</param>
/// <param name="Certificate">Base64 of DER.</param>
internal sealed record UserRow(string Kid, string Name, ClientRole Role, string Owner, Guid OwnerId, string Certificate, DateTimeOffset SeenAt)
{
    /// <summary>The certificate's serial number, upper-case hex: what stands last in <see cref="Kid"/>.</summary>
    [JsonIgnore]
    public string Serial => Artifacts.Signing.Kid.SerialOf(Kid)!;
}

/// <summary>Where a bundle stands. <c>processing</c> is shown while the worker has it and is not kept.</summary>
internal enum BundleState
{
    /// <summary>Received whole and kept; not judged yet.</summary>
    Uploaded,

    /// <summary>Everything in it is published.</summary>
    Done,

    /// <summary>Nothing of it is published.</summary>
    Error,
}

/// <summary>How far publishing has come with a bundle. Each step is marked in the log when its work is done; a restart does the unmarked work again.</summary>
internal enum BundleStep
{
    /// <summary>Whole, kept and flushed.</summary>
    Received,

    /// <summary>Signature, certificate, hashes and sizes hold, and the configuration says something that its publisher may publish.</summary>
    Verified,

    /// <summary>Taken apart under limits.</summary>
    Unpacked,

    /// <summary>Every archive was looked into and agrees with what is said of it.</summary>
    Checked,

    /// <summary>Libraries, ELF index and bills of materials are derived from the content.</summary>
    Described,

    /// <summary>Every blob is in the store.</summary>
    Stored,

    /// <summary>All of it is published.</summary>
    Ready,
}

/// <summary>One item as a bundle named it.</summary>
internal sealed record BundleItemRow(Guid? Id, string Type, string Codename, string Version);

/// <summary>An uploaded bundle.</summary>
/// <param name="Digest">The uploaded file.</param>
/// <param name="Size">Bytes of it.</param>
/// <param name="UploaderKid">Certificate of the connection that brought it; null when it came through a session without one.</param>
/// <param name="Role">The role it was uploaded in.</param>
internal sealed record BundleRow(Guid Id, Digest Digest, long Size, string? UploaderKid, ClientRole Role, string Owner, Guid OwnerId, DateTimeOffset ReceivedAt)
{
    public BundleState State { get; init; } = BundleState.Uploaded;

    /// <summary>Certificate that signed what was published; null until then, and in records of earlier releases.</summary>
    public string? SignerKid { get; init; }

    /// <summary>The last step that was done.</summary>
    public BundleStep Step { get; init; } = BundleStep.Received;

    /// <summary>What the uploader called the upload, so that trying again is no second upload; null when it gave no name.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The build log, a blob; null while the bundle is not judged, and in records of earlier releases.</summary>
    public Digest? Log { get; init; }

    /// <summary>Every reason why it failed; what was done, when it did not.</summary>
    public EquatableList<string> BuildInfo { get; init; } = [];

    /// <summary>Null until the bundle was read.</summary>
    public EquatableList<BundleItemRow>? Items { get; init; }

    /// <summary>When the verdict was given: the chain was judged at that time (decision 10).</summary>
    public DateTimeOffset? JudgedAt { get; init; }
}

/// <summary>A blob that may be served. Its SHA3-256 is computed once, at ingest (facts, trap 2).</summary>
/// <param name="Sha3">64 lower-case hex digits.</param>
internal sealed record BlobRow(Digest Digest, long Size, string Sha3)
{
    /// <summary>Null until a unit is to have the blob.</summary>
    public ReleaseSignature? Signature { get; init; }
}

/// <summary>The hub's release signature over a blob.</summary>
/// <param name="Leaf">Fingerprint of the release certificate: a renewed one signs anew.</param>
/// <param name="Value">Base64.</param>
/// <param name="At">When it was made: units judge the chain at that time.</param>
internal sealed record ReleaseSignature(string Leaf, string Value, DateTimeOffset At);

/// <summary>A service version's own content for one platform.</summary>
internal sealed record ServiceImage(Platform Platform, LayerBlob Layer, long UnpackedSize, ServiceProcess Process);

/// <summary>A service version; immutable once published.</summary>
internal sealed record ServiceVersionRow(
    Guid Id, SemanticVersion Version, EquatableList<LayerNeed> Needs, EquatableList<ServiceImage> Images, int Instances, int Priority)
{
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>Same content and configuration: publishing it again is success (decision 8).</summary>
    public bool SaysTheSameAs(ServiceVersionRow other) =>
        Version == other.Version && Needs == other.Needs && Images == other.Images
        && Instances == other.Instances && Priority == other.Priority;
}

/// <summary>A service of a service provider. Codenames are unique inside one owner.</summary>
internal sealed record ServiceRow(Guid Id, string Owner, Guid OwnerId, string Codename)
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>Versions that were removed. They are never published again: units may remember them by another content.</summary>
    public EquatableList<string> Removed { get; init; } = [];

    /// <summary>Newest first.</summary>
    public EquatableList<ServiceVersionRow> Versions { get; init; } = [];
}

/// <summary>A subject: what joins units and services. It belongs to the OEM that made it.</summary>
internal sealed record SubjectRow(Guid Id, string Owner, string Label, bool IsGroup, int Priority)
{
    /// <summary>In ordinal order of the ids' text.</summary>
    public EquatableList<Guid> Services { get; init; } = [];

    /// <summary>System ids, in ordinal order.</summary>
    public EquatableList<string> Units { get; init; } = [];
}
