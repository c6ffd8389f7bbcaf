using System.Collections.Immutable;
using System.Diagnostics;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>Everything the hub knows, as an immutable snapshot folded from the change log.</summary>
/// <remarks>Readers hold a reference and take no lock. Large things (libraries, documents, layers) are blobs beside it.</remarks>
/// <param name="Sequence">Number of the last change in it.</param>
/// <param name="Catalogue">The layers.</param>
internal sealed partial record HubState(long Sequence, Catalogue Catalogue)
{
    public static HubState Empty { get; } = new(0, Catalogue.Empty);

    public ImmutableDictionary<Guid, BundleRow> Bundles { get; init; } = ImmutableDictionary<Guid, BundleRow>.Empty;

    /// <summary>The newest under each name, by owner and name.</summary>
    public ImmutableSortedDictionary<string, TargetRow> Targets { get; init; } =
        ImmutableSortedDictionary.Create<string, TargetRow>(StringComparer.Ordinal);

    public ImmutableDictionary<Guid, ServiceRow> Services { get; init; } = ImmutableDictionary<Guid, ServiceRow>.Empty;

    /// <summary>By system id.</summary>
    public ImmutableSortedDictionary<string, UnitRow> Units { get; init; } =
        ImmutableSortedDictionary.Create<string, UnitRow>(StringComparer.Ordinal);

    public ImmutableDictionary<Guid, SubjectRow> Subjects { get; init; } = ImmutableDictionary<Guid, SubjectRow>.Empty;

    /// <summary>By index digest.</summary>
    public ImmutableDictionary<Digest, Composition> Compositions { get; init; } = ImmutableDictionary<Digest, Composition>.Empty;

    /// <summary>Key of <see cref="Targets"/>.</summary>
    public static string TargetKey(string owner, string name) => $"{owner}\n{name}";

    /// <summary>The owner's UUID: the one that its certificates carry already, or <paramref name="fresh"/>.</summary>
    public Guid OwnerId(string owner, Guid fresh) => Users.Values.FirstOrDefault(u => u.Owner == owner)?.OwnerId ?? fresh;

    /// <summary>A service by owner and codename.</summary>
    public ServiceRow? FindService(string owner, string codename) =>
        Services.Values.FirstOrDefault(s => s.Owner == owner && s.Codename == codename);

    /// <summary>The snapshot after one more change. Pure.</summary>
    public HubState Apply(long sequence, Change change) => Fold(sequence, change) with { Sequence = sequence };

    private HubState Fold(long sequence, Change change) => change switch
    {
        UserSeen or UserInvited or InvitationWithdrawn or UserEnrolled or UsersRevoked => FoldAccess(change),
        BlobsAdded or BlobAdded or BlobSigned or BlobsRemoved => this, // rows of the database: IBlobRows
        BundleReceived c => Receive(c),
        BundleAdvanced c => this with { Bundles = Bundles.SetItem(c.Id, Bundles[c.Id] with { Step = c.Step }) },
        BundleDeleted c => this with { Bundles = Bundles.Remove(c.Id) },
        BundleDone c => Conclude(sequence, c),
        BundleFailed c => this with
        {
            Bundles = Bundles.SetItem(c.Id, Bundles[c.Id] with { State = BundleState.Error, Items = c.Items, BuildInfo = c.Reasons, JudgedAt = c.At, Log = c.Log }),
        },
        LayerPublished c => Publish(sequence, c),
        LayerVersionMoved or LayerShared or LayerNamed or LayerTrialSet or LayerVersionRemoved => FoldCatalogue(sequence, change),
        ServicePublished c => Publish(c),
        TargetPublished c => this with { Targets = Targets.SetItem(TargetKey(c.Target.Owner, c.Target.Name), c.Target) },
        TargetShared c => this with { Targets = Targets.SetItem(TargetKey(c.Owner, c.Name), Targets[TargetKey(c.Owner, c.Name)] with { SharedWith = c.ServiceProviders }) },
        UnitModelSaved or UnitModelRemoved or UnitAdded or UnitSettled or UnitRemoved or UnitAssumed
            or SubjectLeft or SubjectRemoved or ServiceDescribed or ServiceVersionRemoved or ServiceRemoved => FoldFleet(change),
        UnitReported c => this with { Units = Units.SetItem(c.SystemId, Units[c.SystemId] with { Report = c.Report, ReportedAt = c.At }) },
        UnitPlanned c => this with { Units = Units.SetItem(c.SystemId, Units[c.SystemId] with { Desired = c.Desired }) },
        ServiceComposed c => this with { Compositions = Compositions.SetItem(c.Composition.Index, c.Composition) },
        SubjectAdded c => this with { Subjects = Subjects.SetItem(c.Id, new(c.Id, c.Owner, c.Label, c.IsGroup, c.Priority)) },
        SubjectJoined c => Join(c),
        _ => throw new UnreachableException(),
    };

    private HubState Receive(BundleReceived change)
    {
        var uploader = change.UploaderKid is { } kid ? Users[kid] : null;
        var role = change.Role ?? uploader!.Role;
        var ownerId = change.OwnerId ?? uploader!.OwnerId;
        return this with { Bundles = Bundles.SetItem(change.Id, new(change.Id, change.Digest, change.Size, change.UploaderKid, role, change.Owner, ownerId, change.At) { IdempotencyKey = change.IdempotencyKey }) };
    }

    private HubState Conclude(long sequence, BundleDone change)
    {
        var bundle = Bundles[change.Id] with
        {
            State = BundleState.Done, Step = BundleStep.Ready, Items = change.Items, BuildInfo = change.Notes, JudgedAt = change.At, Log = change.Log, SignerKid = change.SignedBy,
        };
        // Early releases wrote down only who uploaded it.
        var origin = new LayerOrigin(bundle.Id, bundle.Digest, change.SignedBy ?? bundle.UploaderKid, change.At);
        var catalogue = change.Items.Where(i => i.Type == "layer").GroupBy(i => i.Codename, StringComparer.Ordinal).Aggregate(Catalogue, (known, layer) =>
            known.Bring(new(bundle.Owner, layer.Key), layer.Select(i => SemanticVersion.Parse(i.Version)).ToHashSet(), origin, sequence));
        return this with { Bundles = Bundles.SetItem(change.Id, bundle), Catalogue = catalogue };
    }

    private HubState Publish(long sequence, LayerPublished change)
    {
        if (Catalogue.Publish(change.ToRelease(), change.LayerId, change.Title, change.Aliases, sequence) is not Publication.Accepted accepted)
            throw new InvalidDataException($"Change {sequence} publishes {change.Codename} {change.Version} a second time: the change log is damaged.");
        return this with { Catalogue = accepted.Catalogue };
    }

    private HubState Publish(ServicePublished change)
    {
        var service = Services.GetValueOrDefault(change.ServiceId) ?? new ServiceRow(change.ServiceId, change.Owner, change.OwnerId, change.Codename);
        return this with
        {
            Services = Services.SetItem(change.ServiceId, service with
            {
                Title = change.Title ?? service.Title,
                Description = change.Description ?? service.Description,
                Versions = service.Versions.Append(change.Version).OrderByDescending(v => v.Version).ToEquatableList(),
            }),
        };
    }

    private HubState Join(SubjectJoined change)
    {
        var subject = Subjects[change.Id];
        return this with
        {
            Subjects = Subjects.SetItem(change.Id, subject with
            {
                Services = subject.Services.Union(change.Services).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToEquatableList(),
                Units = subject.Units.Union(change.Units).Order(StringComparer.Ordinal).ToEquatableList(),
            }),
        };
    }
}
