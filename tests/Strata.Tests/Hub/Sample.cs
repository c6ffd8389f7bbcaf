using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Signing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;
using Strata.Model.Units;

namespace Strata.Tests.Hub;

/// <summary>A small history of a hub: one layer, one service that needs it, one unit that is to have it.</summary>
internal static class Sample
{
    public const string Oem = "oem.localhost";
    public const string Unit = "unit-1";
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly Platform Amd64 = new("amd64", "linux");
    public static readonly Guid Layer = Guid.Parse("00000000-0000-0000-0000-000000000001");
    public static readonly Guid Service = Guid.Parse("00000000-0000-0000-0000-000000000002");
    public static readonly Guid Subject = Guid.Parse("00000000-0000-0000-0000-000000000003");
    public static readonly Guid Bundle = Guid.Parse("00000000-0000-0000-0000-000000000004");
    public static readonly Guid Car = Guid.Parse("00000000-0000-0000-0000-000000000006");
    public static readonly Guid Owner = Guid.Parse("00000000-0000-0000-0000-000000000005");

    public static Change[] History =>
    [
        new UserSeen(new("kid", "user", ClientRole.Oem, Oem, Owner, "certificate", At)),
        new BundleReceived(Bundle, Digest("bundle"), 7, "kid", Oem, At),
        new BlobAdded(Digest("layer 1.0.0"), 10, new string('a', 64)),
        LayerVersion("1.0.0"),
        new BundleDone(Bundle, [new(Layer, "layer", "lib", "1.0.0")], ["a note"], At),
        ServiceVersion("1.0.0", ">=1.0.0,<2.0.0"),
        new TargetPublished(new(Guid.Empty, Oem, "board", Digest("base"), Amd64, Digest("target"), At)),
        new UnitAdded(Guid.Empty, Unit, Oem, null),
        new UnitReported(Unit, new([Amd64], [new(Service.ToString(), "service", "1.0.0+00000000", "failed", "why")], []), At),
        new SubjectAdded(Subject, Oem, "all", IsGroup: true, Priority: 5),
        new SubjectJoined(Subject, [Service], [Unit]),
        new BlobSigned(Digest("layer 1.0.0"), new("leaf", "value", At)),
        new UserInvited(new(Guid.Empty, "hash", "anna", ClientRole.Oem, Oem, "user", At, At.AddHours(1))),
        new UserEnrolled(Guid.Empty, new("other kid", "anna", ClientRole.Oem, Oem, Owner, "certificate", At)),
        new UserInvited(new(Subject, "other hash", "bert", ClientRole.Oem, Oem, "user", At, At.AddHours(1))),
        new InvitationWithdrawn(Subject),
        new BlobsAdded([new(Digest("left"), 10, new string('a', 64))]),
        new BlobsRemoved([Digest("left")]),
        new UsersRevoked(["other kid"], "left", "user", At),
        new UnitModelSaved(new(Car, Oem, "car", "1.0.0", "board")),
        new UnitAdded(Guid.Empty, "car-2", Oem, "board") { Model = Car, FleetOwner = "fleet.localhost" },
        new UnitSettled("car-2", "board", Car, "other-fleet.localhost"),
        new UnitAssumed("car-2", new([Amd64], [], []) { Nodes = [new("main", null, "provisioned", true, "linux 6.1", 1 << 30, 1000)] }),
        new UnitRemoved("car-2"),
        new UnitModelRemoved(Car),
        new SubjectAdded(Car, Oem, "gone", IsGroup: true, Priority: 5),
        new SubjectJoined(Car, [Service], [Unit]),
        new SubjectLeft(Car, [Service], [Unit]),
        new SubjectRemoved(Car),
        new ServiceDescribed(Car, "sp.localhost", Guid.Empty, "early", "Early", null),
        new ServiceRemoved(Car),
        new LayerVersionMoved(Oem, "lib", SemanticVersion.Parse("1.0.0"), new(ReleaseState.Deprecated)
        {
            Reason = "old", Successor = SemanticVersion.Parse("1.1.0"), EndsOn = new(2027, 1, 2),
        }),
        new LayerShared(Oem, "lib", new() { IsOpen = false, SharedWith = ["sp.localhost"], HiddenFrom = ["other.localhost"], RecommendedTo = ["sp.localhost"] }),
        new LayerNamed(Oem, "lib", ["lib-by-another-name", "recipe-lib"]),
        new LayerTrialSet(Oem, "lib", StartsAsCandidate: true),
        LayerVersion("0.9.0"),
        new LayerVersionRemoved(Oem, "lib", SemanticVersion.Parse("0.9.0")),
        new LayerTrialSet(Oem, "lib", StartsAsCandidate: false),
    ];

    public static HubState State => Fold(History);

    public static HubState Fold(IEnumerable<Change> changes) =>
        changes.Aggregate(HubState.Empty, (state, change) => state.Apply(state.Sequence + 1, change));

    public static LayerPublished LayerVersion(string version) => new(
        Layer, Oem, "lib", SemanticVersion.Parse(version), "Libraries", ["recipe-lib"],
        [new(Amd64, Digest($"layer {version}"), Content($"layer {version}"), 10, 20)],
        [Digest($"description {version}")]);

    public static ServicePublished ServiceVersion(string version, string range) => new(
        Service, "sp.localhost", Guid.Empty, "app", "An app", null,
        new(Guid.NewGuid(), SemanticVersion.Parse(version), [new("lib", VersionRange.FromComparators(range, false).Range!)],
            [new(Amd64, new(Digest($"own {version}"), Content($"own {version}"), 5, MediaTypes.LayerGzip), 6, new(["/opt/main"], [], "/"))], 2, 1) { PublishedAt = At });

    public static Digest Digest(string text) => Model.Identity.Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static DiffId Content(string text) => DiffId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes("content of " + text)));
}
