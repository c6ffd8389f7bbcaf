using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>An invitation to become a user: who holds its token may have one certificate.</summary>
/// <param name="TokenHash">SHA-256 of the token, lower-case hex; the token itself is nowhere kept.</param>
/// <param name="Name">Becomes the certificate's common name.</param>
/// <param name="InvitedBy">Name of who made it.</param>
/// <param name="EndsAt">From then on the token is worth nothing.</param>
internal sealed record InvitationRow(
    Guid Id, string TokenHash, string Name, ClientRole Role, string Owner, string InvitedBy, DateTimeOffset MadeAt, DateTimeOffset EndsAt)
{
    /// <summary>Kid of the certificate that it was used for; null while it was not.</summary>
    public string? UsedFor { get; init; }
}

/// <summary>A certificate that is no longer taken.</summary>
/// <param name="Reason">For people; null when none was given.</param>
internal sealed record RevocationRow(string Kid, string? Reason, string By, DateTimeOffset At);

/// <summary>Somebody was invited.</summary>
internal sealed record UserInvited(InvitationRow Invitation) : Change;

/// <summary>An invitation was taken back before it was used.</summary>
internal sealed record InvitationWithdrawn(Guid Id) : Change;

/// <summary>A user's certificate was issued; the invitation is used up in the same batch as the user is known.</summary>
internal sealed record UserEnrolled(Guid Invitation, UserRow User) : Change;

/// <summary>Certificates are no longer taken, from the next request on. What they signed and was judged before stays (decision 10).</summary>
internal sealed record UsersRevoked(EquatableList<string> Kids, string? Reason, string By, DateTimeOffset At) : Change;
