using Strata.Artifacts.Signing;
using Strata.Hub.State;
using Strata.Hub.Trust;

namespace Strata.Hub.Access;

/// <summary>Finds out who calls, and remembers each certificate: a bundle's signature names its own only by key id.</summary>
internal sealed class CallerCheck(HubTrust trust, HubWriter writer, TimeProvider clock)
{
    /// <summary>Why the certificate that a caller came with is no longer taken; null when it is. Asked with every request, also of a session.</summary>
    public static string? Refusal(HubState state, string? kid) =>
        kid is not null && state.Revocations.TryGetValue(kid, out var revoked)
            ? $"This certificate was revoked on {revoked.At.UtcDateTime:u}{(revoked.Reason is { } reason ? $": {reason}" : "")}. Have a new invitation made, and enrol again: strata user enrol"
            : null;

    /// <summary>The caller behind the connection's certificate, or a sentence that says why there is none.</summary>
    public async Task<(Caller? Caller, string? Refusal)> CheckAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
            return (null, "No client certificate was presented. Connect with a user's certificate, for example aos-user-oem.p12.");
        if (trust.Users.Judge(certificate, [], clock.GetUtcNow()) is var (_, sentence)) return (null, sentence);
        var (identity, problem) = ClientIdentity.Of(certificate);
        if (identity is null) return (null, problem);

        var kid = Kid.Of(certificate);
        if (Refusal(writer.State, kid) is { } revoked) return (null, revoked);
        var user = writer.State.Users.GetValueOrDefault(kid);
        UserRow RowIn(HubState state) => new(
            kid, identity.User, identity.Role, identity.Owner, Caller.OwnerIdOf(state, identity.Owner), Convert.ToBase64String(certificate.RawData), clock.GetUtcNow());
        if (user is null && writer.IsReadOnly) user = RowIn(writer.State); // the hub that is followed remembers, once it meets the certificate
        if (user is null)
        {
            Actor.Is(new("api", identity.User, identity.RoleName, identity.Owner, kid, context.Connection.RemoteIpAddress?.ToString()));
            user = await writer.CommitAsync(state =>
            {
                if (state.Users.TryGetValue(kid, out var known)) return new Decision<UserRow>(known);
                var row = RowIn(state);
                return new Decision<UserRow>(row, new UserSeen(row));
            }, context.RequestAborted);
        }
        return (Caller.Of(user), null);
    }
}
