using System.Text.Json.Serialization;
using Strata.Artifacts.Signing;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>One thing that happened, as the change log keeps it for ever. The number behind a kind's name is its version.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UserSeen), "user-seen/1")]
[JsonDerivedType(typeof(UserInvited), "user-invited/1")]
[JsonDerivedType(typeof(InvitationWithdrawn), "invitation-withdrawn/1")]
[JsonDerivedType(typeof(UserEnrolled), "user-enrolled/1")]
[JsonDerivedType(typeof(UsersRevoked), "users-revoked/1")]
[JsonDerivedType(typeof(UnitModelSaved), "unit-model-saved/1")]
[JsonDerivedType(typeof(UnitModelRemoved), "unit-model-removed/1")]
[JsonDerivedType(typeof(UnitSettled), "unit-settled/1")]
[JsonDerivedType(typeof(UnitRemoved), "unit-removed/1")]
[JsonDerivedType(typeof(UnitAssumed), "unit-assumed/1")]
[JsonDerivedType(typeof(SubjectLeft), "subject-left/1")]
[JsonDerivedType(typeof(SubjectRemoved), "subject-removed/1")]
[JsonDerivedType(typeof(ServiceDescribed), "service-described/1")]
[JsonDerivedType(typeof(ServiceVersionRemoved), "service-version-removed/1")]
[JsonDerivedType(typeof(ServiceRemoved), "service-removed/1")]
[JsonDerivedType(typeof(BlobAdded), "blob-added/1")]
[JsonDerivedType(typeof(BlobsAdded), "blobs-added/1")]
[JsonDerivedType(typeof(BlobSigned), "blob-signed/1")]
[JsonDerivedType(typeof(BlobsRemoved), "blobs-removed/1")]
[JsonDerivedType(typeof(BundleReceived), "bundle-received/1")]
[JsonDerivedType(typeof(BundleAdvanced), "bundle-advanced/1")]
[JsonDerivedType(typeof(BundleDeleted), "bundle-deleted/1")]
[JsonDerivedType(typeof(BundleDone), "bundle-done/1")]
[JsonDerivedType(typeof(BundleFailed), "bundle-failed/1")]
[JsonDerivedType(typeof(LayerPublished), "layer-published/1")]
[JsonDerivedType(typeof(LayerVersionMoved), "layer-version-moved/1")]
[JsonDerivedType(typeof(LayerShared), "layer-shared/1")]
[JsonDerivedType(typeof(LayerNamed), "layer-named/1")]
[JsonDerivedType(typeof(LayerTrialSet), "layer-trial-set/1")]
[JsonDerivedType(typeof(LayerVersionRemoved), "layer-version-removed/1")]
[JsonDerivedType(typeof(ServicePublished), "service-published/1")]
[JsonDerivedType(typeof(TargetPublished), "target-published/1")]
[JsonDerivedType(typeof(TargetShared), "target-shared/1")]
[JsonDerivedType(typeof(UnitAdded), "unit-added/1")]
[JsonDerivedType(typeof(UnitReported), "unit-reported/1")]
[JsonDerivedType(typeof(UnitPlanned), "unit-planned/1")]
[JsonDerivedType(typeof(ServiceComposed), "service-composed/1")]
[JsonDerivedType(typeof(SubjectAdded), "subject-added/1")]
[JsonDerivedType(typeof(SubjectJoined), "subject-joined/1")]
internal abstract record Change;

/// <summary>A user's certificate was seen for the first time.</summary>
internal sealed record UserSeen(UserRow User) : Change;

/// <summary>A blob has a release signature.</summary>
internal sealed record BlobSigned(Digest Digest, ReleaseSignature Signature) : Change;

/// <summary>A bundle was received whole; nothing is known of its content yet.</summary>
internal sealed record BundleReceived(Guid Id, Digest Digest, long Size, string? UploaderKid, string Owner, DateTimeOffset At) : Change
{
    /// <summary>The role it was uploaded in; null in records of earlier releases, where the certificate says it.</summary>
    public ClientRole? Role { get; init; }

    /// <summary>What the uploader called the upload; null when it gave no name.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The owner's UUID; null in records of earlier releases, where the certificate says it.</summary>
    public Guid? OwnerId { get; init; }
}

/// <summary>A step of publishing is done.</summary>
internal sealed record BundleAdvanced(Guid Id, BundleStep Step) : Change;

/// <summary>The record of a judged bundle was removed; what it published stays.</summary>
internal sealed record BundleDeleted(Guid Id) : Change;

/// <summary>A bundle was published. It stands in one batch with everything that it published.</summary>
/// <param name="SignedBy">Kid of the certificate whose signature held; null in records of earlier releases.</param>
internal sealed record BundleDone(Guid Id, EquatableList<BundleItemRow> Items, EquatableList<string> Notes, DateTimeOffset At, Digest? Log = null, string? SignedBy = null) : Change;

/// <summary>A bundle was refused, for all these reasons.</summary>
internal sealed record BundleFailed(Guid Id, EquatableList<string> Reasons, EquatableList<BundleItemRow>? Items, DateTimeOffset At, Digest? Log = null) : Change;

/// <summary>A layer version entered the catalogue.</summary>
/// <param name="Descriptions">For each image, the blob with its <c>layer.json</c> as derived from content.</param>
internal sealed record LayerPublished(
    Guid LayerId,
    string Owner,
    string Codename,
    SemanticVersion Version,
    string? Title,
    EquatableList<string> Aliases,
    EquatableList<LayerImage> Images,
    EquatableList<Digest> Descriptions) : Change
{
    /// <summary>The release it adds.</summary>
    public LayerRelease ToRelease() => new(new(Owner, Codename), Version, Images) { Descriptions = Descriptions };
}

/// <summary>A service version was published.</summary>
internal sealed record ServicePublished(
    Guid ServiceId, string Owner, Guid OwnerId, string Codename, string? Title, string? Description, ServiceVersionRow Version) : Change;

/// <summary>A unit was registered.</summary>
internal sealed record UnitAdded(Guid Id, string SystemId, string Owner, string? Target) : Change
{
    /// <summary>Id of its model; null when it is of none.</summary>
    public Guid? Model { get; init; }

    /// <summary>Domain of the fleet owner in whose fleet it runs; null when it runs in none.</summary>
    public string? FleetOwner { get; init; }
}

/// <summary>A unit's full status says something new.</summary>
internal sealed record UnitReported(string SystemId, UnitReport Report, DateTimeOffset At) : Change;

/// <summary>A unit shall have something else from now on.</summary>
internal sealed record UnitPlanned(string SystemId, UnitDesired Desired) : Change;

/// <summary>A service image was composed; its documents are blobs.</summary>
internal sealed record ServiceComposed(Composition Composition) : Change;

/// <summary>A subject was made.</summary>
internal sealed record SubjectAdded(Guid Id, string Owner, string Label, bool IsGroup, int Priority) : Change;

/// <summary>Services and units joined a subject; those that were in it already change nothing.</summary>
internal sealed record SubjectJoined(Guid Id, EquatableList<Guid> Services, EquatableList<string> Units) : Change;
