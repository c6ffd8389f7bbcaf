using Strata.Artifacts.Signing;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Hub.Trust;

namespace Strata.Hub.Access;

/// <summary><c>POST user-certificates/</c>: a certificate for who holds an invitation's token. Source: facts on AosEdge, c.3.</summary>
internal sealed class EnrolmentEndpoint(HubTrust trust, HubWriter writer, TimeProvider clock)
{
    private const string Scheme = "Token ";
    private const string CannotSign = "This key authenticates, and cannot sign bundles: their signature needs RSA. Enrol with an RSA key of 2048 bits or more to publish.";

    public void Map(ApiRoutes api) => api.PostWithoutCertificate("user-certificates/", EnrolAsync)
        .Says("Issues a certificate to who holds an invitation's token.").Takes<EnrolmentRequest>().Makes<EnrolmentDocument>().Refuses(StatusCodes.Status503ServiceUnavailable);

    private async Task<IResult> EnrolAsync(HttpContext context)
    {
        if (trust.Enrolling is not { } authority) return InvitationEndpoints.CannotEnrol();
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Problems.Answer(StatusCodes.Status401Unauthorized, "The header 'Authorization: Token TOKEN' with the token of an invitation is missing.");
        var hash = InvitationEndpoints.HashOf(header[Scheme.Length..].Trim());
        // Asked before anything else is read or reckoned: who has no good token costs one hash.
        if (Open(writer.State, hash) is not { } invitation) return Rejected();
        var (body, refusal) = await Requests.ReadAsync(context, AccessJson.Default.EnrolmentRequest);
        if (body is null) return refusal!;
        var (request, problem) = UserKeyRequest.Read(body.Csr ?? "");
        if (request is null) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, problem!);

        var identity = new ClientIdentity(invitation.Role, invitation.Owner, invitation.Name);
        using var certificate = PkiFiles.User(authority, identity, request.Key, clock.GetUtcNow());
        Actor.Is(new("invitation", identity.User, identity.RoleName, identity.Owner, Kid.Of(certificate), context.Connection.RemoteIpAddress?.ToString()));
        // Whoever comes second finds the invitation used, and the certificate that was made for it goes nowhere.
        var isFirst = await writer.CommitAsync(state =>
        {
            if (Open(state, hash) is null) return new Decision<bool>(false);
            var user = new UserRow(
                Kid.Of(certificate), identity.User, identity.Role, identity.Owner, Caller.OwnerIdOf(state, identity.Owner), Convert.ToBase64String(certificate.RawData), clock.GetUtcNow());
            return new(true, new UserEnrolled(invitation.Id, user));
        }, CancellationToken.None);
        if (!isFirst) return Rejected();
        var chain = string.Join('\n', authority.Chain().Prepend(certificate).Select(c => c.ExportCertificatePem())) + "\n";
        return TypedResults.Json(new EnrolmentDocument(chain, request.CanSign ? null : CannotSign), AccessJson.Default.EnrolmentDocument, statusCode: StatusCodes.Status201Created);
    }

    private InvitationRow? Open(HubState state, string hash) =>
        state.Invitations.TryGetValue(hash, out var invitation) && invitation.UsedFor is null && clock.GetUtcNow() < invitation.EndsAt ? invitation : null;

    private static IResult Rejected() => Problems.Answer(
        StatusCodes.Status403Forbidden, "The token is not one of this hub's, was used or withdrawn, or has expired. Have a new invitation made: strata user invite");
}
