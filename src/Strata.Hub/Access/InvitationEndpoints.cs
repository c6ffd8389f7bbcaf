using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Strata.Artifacts.Signing;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;

namespace Strata.Hub.Access;

/// <summary><c>user-invitations/</c>: one-time tokens for people who are to become users.</summary>
internal sealed class InvitationEndpoints(HubTrust trust, HubWriter writer, TimeProvider clock)
{
    private const int DefaultHours = 72, MostHours = 720;
    private const int MostOpen = 1000; // of one owner
    private const int TokenBytes = 32;

    private static readonly Listing<InvitationRow> Listing = new(i => i.Id.ToString(), "-made_at", new("made_at", i => $"{i.MadeAt.UtcDateTime:O}"), new("name", i => i.Name));

    public void Map(ApiRoutes api)
    {
        api.Map(HttpMethods.Get, "user-invitations/", Verb.Read, UserEndpoints.Kinds, (context, caller) => Task.FromResult(Listing.Page(
            context, Seen(writer.State, caller).Where(i => Requests.Finds(context, i.Name, i.Owner)), invitation => Of(invitation, null), AccessJson.Default.PageInvitationDocument)))
            .Says("Invitations to become a user.").Lists<InvitationRow, InvitationDocument>(Listing).Searches("name and owner");
        api.Map(HttpMethods.Post, "user-invitations/", Verb.Create, UserEndpoints.Kinds, AddAsync)
            .Says("Makes a one-time token by which somebody becomes a user.", "The token is told in this answer alone.").Takes<InvitationRequest>().Makes<InvitationDocument>()
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        api.Map(HttpMethods.Delete, "user-invitations/{id}/", Verb.Delete, UserEndpoints.Kinds, WithdrawAsync).Says("Withdraws an invitation that was not used yet.").Removes();
    }

    /// <summary>What is kept of a token: it is long and random, so that one hash hides it.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The refusal of a hub that cannot issue certificates.</summary>
    public static IResult CannotEnrol() => Problems.Answer(
        StatusCodes.Status503ServiceUnavailable,
        $"This hub enrols nobody: its PKI folder holds no {PkiFiles.UsersAuthorityKey}, the authority for users. Folders that 'strata pki init' makes now hold one; or have the user's certificate made with 'strata pki user'.");

    /// <summary>The invitations that <paramref name="caller"/> sees, newest first; their tokens nobody sees again.</summary>
    public List<InvitationDocument> List(Caller caller) => [.. Seen(writer.State, caller).Select(i => Of(i, null))];

    private static IEnumerable<InvitationRow> Seen(HubState state, Caller caller) =>
        state.Invitations.Values.Where(i => caller.Sees(Guarded.UserOf(i.Role, i.Owner))).OrderByDescending(i => i.MadeAt).ThenBy(i => i.Id);

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        if (trust.Enrolling is null) return CannotEnrol();
        var (body, refusal) = await Requests.ReadAsync(context, AccessJson.Default.InvitationRequest);
        return body is null ? refusal! : await InviteAsync(caller, body, context.RequestAborted);
    }

    /// <summary>Invites somebody: the answer alone tells the token.</summary>
    public async Task<IResult> InviteAsync(Caller caller, InvitationRequest body, CancellationToken cancellation)
    {
        if (trust.Enrolling is null) return CannotEnrol();
        var mistakes = Mistakes(body);
        if (mistakes.Count > 0) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, mistakes);
        var role = body.Role is null ? caller.Role : ClientIdentity.RoleOf(body.Role)!.Value;
        var owner = body.Owner ?? caller.Owner;
        if (!caller.May(Verb.Create, Guarded.UserOf(role, owner)))
            return Problems.Answer(StatusCodes.Status403Forbidden, $"As {caller.RoleName} of {caller.Owner} you may invite users with the role '{caller.RoleName}' of {caller.Owner} only; an admin may invite others.");

        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        var row = new InvitationRow(Guid.NewGuid(), HashOf(token), body.Name!, role, owner, caller.Name, now, now.AddHours(body.Hours ?? DefaultHours));
        var made = await writer.CommitAsync(
            state => state.Invitations.Values.Count(i => i.Owner == owner && StateOf(i, now) == "open") >= MostOpen
                ? new Decision<bool>(false)
                : new Decision<bool>(true, new UserInvited(row)),
            cancellation);
        return made
            ? TypedResults.Json(Of(row, token), AccessJson.Default.InvitationDocument, statusCode: StatusCodes.Status201Created)
            : Problems.Answer(StatusCodes.Status409Conflict, $"{owner} has {MostOpen} open invitations; withdraw some first.");
    }

    private static List<string> Mistakes(InvitationRequest body)
    {
        var mistakes = new List<string>();
        if (body.Name is null || !PkiFiles.IsName(body.Name)) mistakes.Add($"name: '{Quote.Short(body.Name)}' is no user's name; 1 to 64 letters, digits, '.', '_' and '-' are expected.");
        if (body.Role is not null && ClientIdentity.RoleOf(body.Role) is null) mistakes.Add($"role: '{Quote.Short(body.Role)}' is no role; oem, sp, fleet-owner or admin is expected.");
        if (body.Owner is not null && !ClientIdentity.IsDomain(body.Owner)) mistakes.Add($"owner: '{Quote.Short(body.Owner)}' is no domain in lower case.");
        if (body.Hours is < 1 or > MostHours) mistakes.Add($"hours: {body.Hours} is not within 1 to {MostHours}.");
        return mistakes;
    }

    /// <summary>Takes back the invitation whose id the route names.</summary>
    public async Task<IResult> WithdrawAsync(HttpContext context, Caller caller)
    {
        var text = context.Request.RouteValues["id"]?.ToString();
        var (status, sentence) = await writer.CommitAsync(state =>
        {
            if (!Guid.TryParse(text, out var id) || Seen(state, caller).FirstOrDefault(i => i.Id == id) is not { } invitation)
                return new((StatusCodes.Status404NotFound, $"There is no invitation '{Quote.Short(text)}', or it is not of your users."));
            if (!caller.May(Verb.Delete, Guarded.UserOf(invitation.Role, invitation.Owner)))
                return new((StatusCodes.Status403Forbidden, "This invitation may be withdrawn by an admin only."));
            return invitation.UsedFor is not null
                ? new((StatusCodes.Status409Conflict, $"The invitation was used by {invitation.Name}. Revoke the certificate instead: strata user revoke {invitation.Name}"))
                : new Decision<(int, string)>((StatusCodes.Status204NoContent, ""), new InvitationWithdrawn(id));
        }, context.RequestAborted);
        return status == StatusCodes.Status204NoContent ? TypedResults.NoContent() : Problems.Answer(status, sentence);
    }

    private static string StateOf(InvitationRow invitation, DateTimeOffset now) => invitation.UsedFor is not null ? "used" : now >= invitation.EndsAt ? "expired" : "open";

    private InvitationDocument Of(InvitationRow invitation, string? token) => new(
        invitation.Id, invitation.Name, ClientIdentity.NameOf(invitation.Role), invitation.Owner, invitation.InvitedBy,
        StateOf(invitation, clock.GetUtcNow()), invitation.MadeAt, invitation.EndsAt, token);
}
