using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;

namespace Strata.Hub.Access;

/// <summary><c>users/</c>: who may call, and revoking it.</summary>
internal sealed class UserEndpoints(HubTrust trust, HubWriter writer, TimeProvider clock)
{
    private const int LongestReason = 500;

    private static readonly Listing<UserRow> Listing = new(
        u => u.Kid, "owner",
        new("owner", u => $"{u.Owner}\n{ClientIdentity.NameOf(u.Role)}\n{u.Name}\n{u.SeenAt.UtcDateTime:O}"), new("name", u => u.Name), new("seen_at", u => $"{u.SeenAt.UtcDateTime:O}"));

    /// <summary>What an endpoint for users is about: each role's users are a kind of their own.</summary>
    public static readonly ObjectKind[] Kinds = [ObjectKind.OemUser, ObjectKind.ServiceProviderUser, ObjectKind.FleetOwnerUser, ObjectKind.AdminUser];

    public void Map(ApiRoutes api)
    {
        api.Get("users/me/", ObjectKind.Me, (HttpContext _, Caller caller) => TypedResults.Json(
            new MeDocument(caller.Name, caller.RoleName, caller.Owner, caller.OwnerId, [.. Permissions.Of(caller.Role)]), ApiJson.Default.MeDocument))
            .Says("Who the caller is, and what it may do.").Gives<MeDocument>();
        api.Map(HttpMethods.Get, "users/", Verb.Read, Kinds, (context, caller) =>
        {
            var state = writer.State;
            var seen = Seen(state, caller).Where(u => Requests.Finds(context, u.Name, u.Owner, u.Serial));
            return Task.FromResult(Listing.Page(context, seen, user => Of(state, user), AccessJson.Default.PageUserDocument));
        }).Says("Certificates of users.").Lists<UserRow, UserDocument>(Listing).Searches("name, owner and serial number");
        api.Map(HttpMethods.Get, "users/{name}/", Verb.Read, Kinds, (context, caller) =>
        {
            var state = writer.State;
            return Task.FromResult<IResult>(Named(state, caller, Name(context)) is [var user]
                ? TypedResults.Json(Of(state, user), AccessJson.Default.UserDocument)
                : Problems.Answer(StatusCodes.Status404NotFound, $"There is no certificate with the serial number or key id '{Quote.Short(Name(context))}', or it is not of your users. 'strata user list' shows those that are."));
        }).Says("One certificate.").Gives<UserDocument>();
        api.Map(HttpMethods.Post, "users/{name}/revoke/", Verb.Delete, Kinds, RevokeAsync)
            .Says("Takes certificates of a user no more, from the next request on.").Takes<RevocationRequest>().Gives<RevocationDocument>().Refuses(StatusCodes.Status409Conflict);
    }

    /// <summary>The certificates that <paramref name="caller"/> sees, in the order of the API's list; those alone whose name, owner or serial number holds <paramref name="search"/>.</summary>
    public List<UserDocument> List(Caller caller, string search)
    {
        var state = writer.State;
        return [.. Seen(state, caller).Where(u => new[] { u.Name, u.Owner, u.Serial }.Any(t => t.Contains(search, StringComparison.OrdinalIgnoreCase))).Select(u => Of(state, u))];
    }

    private static IEnumerable<UserRow> Seen(HubState state, Caller caller) => state.Users.Values.Where(u => caller.Sees(Guarded.Of(u)))
        .OrderBy(u => u.Owner, StringComparer.Ordinal).ThenBy(u => u.Role).ThenBy(u => u.Name, StringComparer.Ordinal).ThenBy(u => u.SeenAt).ThenBy(u => u.Kid, StringComparer.Ordinal);

    /// <summary>One certificate by serial or key id; else, if <paramref name="name"/> is a user's, all certificates of that name.</summary>
    private static List<UserRow> Named(HubState state, Caller caller, string name)
    {
        var seen = Seen(state, caller).ToList();
        var one = seen.Where(u => u.Kid == name || u.Serial.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return one.Count > 0 ? one : [.. seen.Where(u => u.Name == name)];
    }

    private async Task<IResult> RevokeAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, AccessJson.Default.RevocationRequest);
        return body is null ? refusal!
            : body.Unseen ? await RevokeUnseenAsync(caller, Name(context), body.Reason, context.RequestAborted)
            : await RevokeAsync(caller, Name(context), body.Reason, context.RequestAborted);
    }

    /// <summary>Takes a certificate no more that never came here, so that nobody knows whose it is: by serial number or key id, and for an admin alone.</summary>
    public async Task<IResult> RevokeUnseenAsync(Caller caller, string name, string? reason, CancellationToken cancellation)
    {
        if (reason?.Length > LongestReason) return TooLong(reason);
        if (!Enum.GetValues<ClientRole>().All(role => caller.May(Verb.Delete, Guarded.UserOf(role, ""))))
            return Problems.Answer(StatusCodes.Status403Forbidden, "Whose a certificate is that never came here nobody knows: only an admin may revoke it.");
        string[] kids = Kid.SerialOf(name) is not null ? [name] : UnseenKids(name);
        if (kids.Length == 0)
            return Problems.Answer(StatusCodes.Status422UnprocessableEntity, $"'{Quote.Short(name)}' is neither a serial number in hex nor a key id; 'openssl x509 -noout -serial' prints the number.");
        var now = clock.GetUtcNow();
        var seen = await writer.CommitAsync(state =>
        {
            var fresh = kids.Where(kid => !state.IsRevoked(kid)).ToEquatableList();
            var known = kids.Select(state.Users.GetValueOrDefault).OfType<UserRow>().ToList();
            return fresh.Count == 0 ? new(known) : new Decision<List<UserRow>>(known, new UsersRevoked(fresh, reason, caller.Name, now));
        }, cancellation);
        var after = writer.State;
        return TypedResults.Json(
            new RevocationDocument([.. seen.Select(u => Of(after, u))], [.. kids.Except(seen.Select(u => u.Kid))]), AccessJson.Default.RevocationDocument);
    }

    // A serial number is unique for its issuer only: each that this hub takes users of.
    private string[] UnseenKids(string serial)
    {
        var hex = serial.Replace(":", "", StringComparison.Ordinal);
        if (hex.Length is 0 or > 64 || !hex.All(char.IsAsciiHexDigit)) return [];
        var bytes = Convert.FromHexString(hex.Length % 2 == 0 ? hex : $"0{hex}");
        return [.. trust.UserIssuers.Select(issuer => Kid.Of(issuer, bytes))];
    }

    private static IResult TooLong(string reason) =>
        Problems.Answer(StatusCodes.Status422UnprocessableEntity, $"The reason has {reason.Length} characters; {LongestReason} are the most.");

    /// <summary>Takes no certificate any more that <paramref name="name"/> names: one by serial number or key id, else all of a user.</summary>
    public async Task<IResult> RevokeAsync(Caller caller, string name, string? reason, CancellationToken cancellation)
    {
        if (reason?.Length > LongestReason) return TooLong(reason);
        var now = clock.GetUtcNow();
        var (status, sentence, found) = await writer.CommitAsync(state => Judge(state, caller, name, reason, now), cancellation);
        var after = writer.State;
        return sentence is null
            ? TypedResults.Json(new RevocationDocument([.. found.Select(u => Of(after, u))], []), AccessJson.Default.RevocationDocument)
            : Problems.Answer(status, sentence);
    }

    private static Decision<(int Status, string? Refusal, List<UserRow> Found)> Judge(HubState state, Caller caller, string name, string? reason, DateTimeOffset now)
    {
        var found = Named(state, caller, name);
        if (found.Count == 0)
            return new((StatusCodes.Status404NotFound, $"There is no user and no certificate '{Quote.Short(name)}', or it is not of your users. 'strata user list' shows those that are; a certificate that never came here an admin revokes with --unseen.", found));
        if (found.Any(u => !caller.May(Verb.Delete, Guarded.Of(u))))
            return new((StatusCodes.Status403Forbidden, $"'{Quote.Short(name)}' may be revoked by an admin only.", found));
        var owners = found.Select(u => $"{ClientIdentity.NameOf(u.Role)} of {u.Owner}").Distinct().ToList();
        if (owners.Count > 1)
            return new((StatusCodes.Status409Conflict, $"'{Quote.Short(name)}' is a user with the role {string.Join(" and one with the role ", owners)}; name a certificate by its serial number.", found));
        var fresh = found.Where(u => !state.IsRevoked(u.Kid)).Select(u => u.Kid).ToEquatableList();
        return fresh.Count == 0
            ? new((StatusCodes.Status200OK, null, found))
            : new((StatusCodes.Status200OK, null, found), new UsersRevoked(fresh, reason, caller.Name, now));
    }

    private static UserDocument Of(HubState state, UserRow user)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(user.Certificate));
        var revoked = state.Revocations.GetValueOrDefault(user.Kid);
        return new(user.Serial, user.Kid, user.Name, ClientIdentity.NameOf(user.Role), user.Owner, certificate.NotAfter.ToUniversalTime(), user.SeenAt, revoked?.At, revoked?.Reason);
    }

    private static string Name(HttpContext context) => context.Request.RouteValues["name"]?.ToString() ?? "";
}
