using System.Collections.Immutable;

namespace Strata.Hub.State;

/// <content>Users, invitations, revocations.</content>
internal sealed partial record HubState
{
    /// <summary>By kid.</summary>
    public ImmutableDictionary<string, UserRow> Users { get; init; } = ImmutableDictionary.Create<string, UserRow>(StringComparer.Ordinal);

    /// <summary>By hash of the token.</summary>
    public ImmutableDictionary<string, InvitationRow> Invitations { get; init; } = ImmutableDictionary.Create<string, InvitationRow>(StringComparer.Ordinal);

    /// <summary>By kid.</summary>
    public ImmutableDictionary<string, RevocationRow> Revocations { get; init; } = ImmutableDictionary.Create<string, RevocationRow>(StringComparer.Ordinal);

    /// <summary>Whether the certificate with this key id is no longer taken.</summary>
    public bool IsRevoked(string kid) => Revocations.ContainsKey(kid);

    private HubState FoldAccess(Change change) => change switch
    {
        UserSeen c => this with { Users = Users.SetItem(c.User.Kid, c.User) },
        UserInvited c => this with { Invitations = Invitations.SetItem(c.Invitation.TokenHash, c.Invitation) },
        InvitationWithdrawn c => this with { Invitations = Invitations.Remove(Invitations.Values.First(i => i.Id == c.Id).TokenHash) },
        UserEnrolled c => Enrol(c),
        UsersRevoked c => this with
        {
            Revocations = Revocations.SetItems(c.Kids.Select(kid => KeyValuePair.Create(kid, new RevocationRow(kid, c.Reason, c.By, c.At)))),
        },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private HubState Enrol(UserEnrolled change)
    {
        var invitation = Invitations.Values.First(i => i.Id == change.Invitation);
        return this with
        {
            Users = Users.SetItem(change.User.Kid, change.User),
            Invitations = Invitations.SetItem(invitation.TokenHash, invitation with { UsedFor = change.User.Kid }),
        };
    }
}
