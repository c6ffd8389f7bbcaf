using System.Text.Json.Serialization;
using System.Reflection;
using Strata.Artifacts.Signing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Access;

/// <summary>Says in words what a change was. Pure.</summary>
internal static class AuditText
{
    private const int MostNamed = 5;

    private static readonly Dictionary<Type, string> Kinds = typeof(Change).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => ((string)a.TypeDiscriminator!).Split('/')[0]);

    /// <summary>All kinds, in ordinal order.</summary>
    public static IReadOnlyList<string> AllKinds { get; } = [.. Kinds.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The change's kind as the log names it, without its version: <c>unit-added</c>.</summary>
    public static string KindOf(Change change) => Kinds[change.GetType()];

    /// <summary>One line; it holds no secret and no document.</summary>
    public static string Of(Change change) => change switch
    {
        UserSeen c => $"user {c.User.Name} ({c.User.Serial}) came for the first time",
        UserInvited c => $"user {c.Invitation.Name} was invited until {c.Invitation.EndsAt.UtcDateTime:u}",
        InvitationWithdrawn c => $"invitation {c.Id} was withdrawn",
        UserEnrolled c => $"user {c.User.Name} ({c.User.Serial}) was enrolled",
        UsersRevoked c => $"{(c.Kids.Count == 1 ? "certificate" : "certificates")} {string.Join(", ", c.Kids.Take(MostNamed).Select(k => Kid.SerialOf(k) ?? "?"))}{(c.Kids.Count > MostNamed ? $" and {c.Kids.Count - MostNamed} more" : "")} {(c.Kids.Count == 1 ? "was" : "were")} revoked{(c.Reason is { } reason ? $": {reason}" : "")}",
        BundleReceived c => $"bundle {c.Id} of {c.Size} bytes was received",
        BundleAdvanced c => $"bundle {c.Id} is {c.Step.ToString().ToLowerInvariant()}",
        BundleDeleted c => $"the record of bundle {c.Id} was deleted",
        BundleDone c => $"bundle {c.Id} was published: {string.Join(", ", c.Items.Select(i => $"{i.Type} {i.Codename} {i.Version}"))}",
        BundleFailed c => $"bundle {c.Id} was refused: {(c.Reasons.Count > 0 ? Quote.Short(c.Reasons[0]) : "no reason given")}",
        LayerPublished c => $"layer {c.Codename} {c.Version} was published",
        LayerVersionMoved c => $"layer {c.Codename} {c.Version} {c.Lifecycle}",
        LayerShared c => $"layer {c.Codename} is {Shared(c.Sharing)}",
        LayerNamed c => $"layer {c.Codename} is also called {(c.Aliases.Count == 0 ? "nothing else" : string.Join(", ", c.Aliases))}",
        LayerTrialSet c => $"new versions of layer {c.Codename} start as {(c.StartsAsCandidate ? "candidates" : "released")}",
        LayerVersionRemoved c => $"layer {c.Codename} {c.Version} was deleted",
        ServicePublished c => $"service {c.Codename} {c.Version.Version} was published",
        ServiceDescribed c => $"service {c.Codename} was described",
        ServiceVersionRemoved c => $"service {c.Id} lost its version {c.Version}",
        ServiceRemoved c => $"service {c.Id} was removed",
        ServiceComposed c => $"service {c.Composition.ServiceId} was composed as {c.Composition.WireVersion}",
        TargetPublished c => $"target {c.Target.Name} was published with the base {c.Target.Base}",
        TargetShared c => $"target {c.Name} is shared with {(c.ServiceProviders.Count == 0 ? "nobody" : string.Join(", ", c.ServiceProviders))}",
        UnitAdded c => $"unit {c.SystemId} was registered",
        UnitReported c => $"unit {c.SystemId} reported {c.Report.Items.Count} items",
        UnitPlanned c => $"unit {c.SystemId} shall have {c.Desired.State.Items.Count} services; {c.Desired.Obstacles.Count} obstacles",
        UnitSettled c => $"unit {c.SystemId} runs {c.Target ?? "no known target"}{(c.FleetOwner is { } fleet ? $" in the fleet of {fleet}" : "")}",
        UnitAssumed c => $"unit {c.SystemId} is assumed to hold {c.Report.Items.Count} items",
        UnitRemoved c => $"unit {c.SystemId} was removed",
        UnitModelSaved c => $"unit model {c.Model.Name} {c.Model.Version} runs {c.Model.Target}",
        UnitModelRemoved c => $"unit model {c.Id} was removed",
        SubjectAdded c => $"subject {c.Label} ({c.Id}) was made",
        SubjectJoined c => $"{Joined(c.Services, c.Units)} joined subject {c.Id}",
        SubjectLeft c => $"{Joined(c.Services, c.Units)} left subject {c.Id}",
        SubjectRemoved c => $"subject {c.Id} was removed",
        BlobsAdded c => $"{c.Blobs.Count} blob{(c.Blobs.Count == 1 ? "" : "s")} of {c.Blobs.Sum(b => b.Size)} bytes {(c.Blobs.Count == 1 ? "was" : "were")} stored",
        BlobAdded c => $"blob {c.Digest} of {c.Size} bytes was stored",
        BlobsRemoved c => $"{c.Digests.Count} {(c.Digests.Count == 1 ? "blob" : "blobs")} that nothing named {(c.Digests.Count == 1 ? "was" : "were")} removed: {string.Join(", ", c.Digests.Take(MostNamed))}{(c.Digests.Count > MostNamed ? $" and {c.Digests.Count - MostNamed} more" : "")}",
        BlobSigned c => $"blob {c.Digest} was signed",
        _ => KindOf(change).Replace('-', ' '),
    };

    private static string Shared(LayerSharing sharing) => string.Join("; ", new[]
    {
        sharing.IsOpen ? "shared with everybody" : $"shared with {Domains(sharing.SharedWith)}",
        sharing.HiddenFrom.Count > 0 ? $"hidden from {Domains(sharing.HiddenFrom)}" : "",
        sharing.IsRecommended ? "recommended to everybody" : sharing.RecommendedTo.Count > 0 ? $"recommended to {Domains(sharing.RecommendedTo)}" : "",
    }.Where(t => t.Length > 0));

    private static string Domains(EquatableList<string> domains) => domains.Count == 0 ? "nobody" : string.Join(", ", domains);

    private static string Joined(EquatableList<Guid> services, EquatableList<string> units) =>
        string.Join(" and ", new[] { services.Count > 0 ? $"service {string.Join(", ", services)}" : "", units.Count > 0 ? $"unit {string.Join(", ", units)}" : "" }.Where(t => t.Length > 0));
}
