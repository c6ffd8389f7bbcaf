using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Users;

/// <summary>JSON of users.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserCertificate[]))]
[JsonSerializable(typeof(RevokedUsers))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(Enrolled))]
[JsonSerializable(typeof(AuditLine[]))]
internal sealed partial class UserJson : JsonSerializerContext;

/// <summary><c>strata user</c>: invites, enrols, lists and revokes users of a hub.</summary>
internal static class UserCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("user", "Invite users, become one, list and revoke them.") { Invite(), UserEnrolCommand.Create(), List(), Revoke() };

    private static Command Invite()
    {
        var name = new Argument<string>("name") { Description = "The user's name; it becomes the name in the certificate." };
        var role = new Option<string?>("--role") { Description = "oem, sp, fleet-owner or admin; else your own. Only an admin may invite into another." };
        var owner = new Option<string?>("--owner") { Description = "Domain of the OEM, service provider or fleet owner; else your own." };
        var hours = new Option<int?>("--hours") { Description = "How long the token is good, 1 to 720; else 72." };
        return Hub.AddTo(new("invite", "Make a one-time token by which somebody becomes a user.") { name, role, owner, hours })
            .Runs("strata user invite anna", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var made = await hub.InviteAsync(new(parsed.GetRequiredValue(name), parsed.GetValue(role), parsed.GetValue(owner), parsed.GetValue(hours)), cancellation);
                terminal.Result(made, UserJson.Default.Invitation, text =>
                {
                    text.WriteLine($"{made.Name} may become a user with the role {made.Role} of {made.Owner} until {made.EndsAt.UtcDateTime:u}, once, with this token. It is not shown again:");
                    text.WriteLine(made.Token);
                    text.WriteLine($"strata user enrol --hub {hub.Api.GetLeftPart(UriPartial.Authority)}/");
                });
                return ExitCode.Ok;
            });
    }

    private static Command List() => Hub.AddTo(new("list", "List the certificates of your users."))
        .Runs("strata user list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var users = (await hub.UsersAsync(cancellation)).ToArray();
            terminal.Result(users, UserJson.Default.UserCertificateArray, text => Table.Write(text, ["USER", "ROLE", "OWNER", "ENDS", "STATE", "SERIAL"], users.Select(u => new[]
            {
                u.Name, u.Role, u.Owner, $"{u.NotAfter.UtcDateTime:yyyy-MM-dd}",
                u.RevokedAt is { } at ? $"revoked {at.UtcDateTime:yyyy-MM-dd}{(u.RevokedReason is { } reason ? $": {reason}" : "")}" : u.NotAfter < DateTimeOffset.UtcNow ? "expired" : "good",
                u.Serial,
            })));
            return ExitCode.Ok;
        });

    private static Command Revoke()
    {
        var name = new Argument<string>("user") { Description = "A user's name for all its certificates, or one certificate's serial number or key id." };
        var reason = new Option<string?>("--reason") { Description = "Told to who tries to use it." };
        var unseen = new Option<bool>("--unseen") { Description = "The certificate, named by serial number or key id, may never have come to the hub; for an admin alone." };
        return Hub.AddTo(new("revoke", "Take no certificate of a user any more, from the next request on.") { name, reason, unseen })
            .Runs("strata user revoke anna --reason \"left the company\"", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var revoked = await hub.RevokeUserAsync(parsed.GetRequiredValue(name), parsed.GetValue(reason), parsed.GetValue(unseen), cancellation);
                terminal.Result(revoked, UserJson.Default.RevokedUsers, text =>
                {
                    foreach (var user in revoked.Revoked) text.WriteLine($"{user.Name} ({user.Serial}) is revoked.");
                    if (revoked.UnseenKids.Length > 0) text.WriteLine($"No certificate {parsed.GetRequiredValue(name)} is taken, should one come.");
                });
                return ExitCode.Ok;
            });
    }
}
