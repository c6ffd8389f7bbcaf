namespace Strata.Hub.State;

/// <summary>Whom a change concerns: the owners of what it is about. Pure.</summary>
internal static class Concerned
{
    /// <summary>Domains of all whom <paramref name="batch"/> concerns, in ordinal order.</summary>
    /// <param name="before">For what the batch removes.</param>
    /// <param name="after">For what it makes.</param>
    public static string[] By(HubState before, HubState after, IReadOnlyList<Change> batch) =>
        [.. batch.SelectMany(change => By(before, after, change)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string?> By(HubState before, HubState after, Change change) => change switch
    {
        UserSeen c => [c.User.Owner],
        UserInvited c => [c.Invitation.Owner],
        InvitationWithdrawn c => [before.Invitations.Values.FirstOrDefault(i => i.Id == c.Id)?.Owner],
        UserEnrolled c => [c.User.Owner],
        UsersRevoked c => c.Kids.Select(kid => before.Users.GetValueOrDefault(kid)?.Owner),
        BundleReceived c => [c.Owner],
        BundleAdvanced c => [before.Bundles.GetValueOrDefault(c.Id)?.Owner],
        BundleDeleted c => [before.Bundles.GetValueOrDefault(c.Id)?.Owner],
        BundleDone c => [after.Bundles.GetValueOrDefault(c.Id)?.Owner],
        BundleFailed c => [after.Bundles.GetValueOrDefault(c.Id)?.Owner],
        LayerPublished c => [c.Owner],
        LayerVersionMoved c => [c.Owner],
        LayerShared c => [c.Owner], // whom else it names, those that it names shall not learn
        LayerNamed c => [c.Owner],
        LayerTrialSet c => [c.Owner],
        LayerVersionRemoved c => [c.Owner],
        ServicePublished c => [c.Owner],
        ServiceDescribed c => [c.Owner],
        ServiceVersionRemoved c => [before.Services.GetValueOrDefault(c.Id)?.Owner],
        ServiceRemoved c => [before.Services.GetValueOrDefault(c.Id)?.Owner],
        TargetPublished c => [c.Target.Owner],
        TargetShared c => c.ServiceProviders.Where(p => p != TargetRow.Everybody).Append(c.Owner),
        UnitAdded c => [c.Owner, c.FleetOwner],
        UnitReported c => OfUnit(before, after, c.SystemId),
        UnitPlanned c => OfUnit(before, after, c.SystemId),
        UnitSettled c => OfUnit(before, after, c.SystemId),
        UnitAssumed c => OfUnit(before, after, c.SystemId),
        UnitRemoved c => OfUnit(before, after, c.SystemId),
        UnitModelSaved c => [c.Model.Owner],
        UnitModelRemoved c => [before.UnitModels.GetValueOrDefault(c.Id)?.Owner],
        SubjectAdded c => [c.Owner],
        SubjectJoined c => OfSubject(before, after, c.Id).Concat(c.Services.Select(id => after.Services.GetValueOrDefault(id)?.Owner)),
        SubjectLeft c => OfSubject(before, after, c.Id).Concat(c.Services.Select(id => before.Services.GetValueOrDefault(id)?.Owner)),
        SubjectRemoved c => OfSubject(before, after, c.Id),
        _ => [],
    };

    private static IEnumerable<string?> OfUnit(HubState before, HubState after, string systemId) =>
        new[] { before, after }.Select(s => s.Units.GetValueOrDefault(systemId)).SelectMany(unit => new[] { unit?.Owner, unit?.FleetOwner });

    private static IEnumerable<string?> OfSubject(HubState before, HubState after, Guid id) => new[] { before, after }.Select(s => s.Subjects.GetValueOrDefault(id)?.Owner);
}
