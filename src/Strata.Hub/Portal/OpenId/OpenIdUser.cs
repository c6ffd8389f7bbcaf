using System.Security.Claims;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.OpenId;

/// <summary>Whom the settings make of somebody that the provider signed in.</summary>
/// <param name="Subject">The provider's own name for the user, which never changes.</param>
internal sealed record OpenIdUser(string Name, string Subject, ClientRole Role, string Owner)
{
    private const int LongestName = 64, MostShown = 20;
    private const string SubjectClaim = "sub", MailClaim = "email", VerifiedClaim = "email_verified";

    /// <summary>Judges the claims. Pure.</summary>
    /// <param name="claims">A list has come apart: one claim for each of its values.</param>
    /// <param name="domain">The hub's own.</param>
    /// <returns>The user, or sentences for the person that say what is missing.</returns>
    public static (OpenIdUser? User, IReadOnlyList<string> Missing) Of(OpenIdSettings settings, IReadOnlyCollection<Claim> claims, string domain)
    {
        var subject = Values(claims, SubjectClaim).FirstOrDefault() ?? "";
        var name = Values(claims, settings.NameClaim).FirstOrDefault(n => n.Length > 0) ?? subject;
        var rule = settings.Users.FirstOrDefault(r => Values(claims, r.Claim!).Contains(r.Value, StringComparer.Ordinal) && (r.Claim != MailClaim || IsVerified(claims)));
        if (rule is not null) return (new(Short(name), subject, ClientIdentity.RoleOf(rule.Role!)!.Value, rule.Owner ?? domain), []);

        var missing = new List<string> { $"{settings.Issuer} says that you are '{Short(name)}', and nothing that would make you a user of this hub." };
        foreach (var claim in settings.Users.Select(r => r.Claim!).Distinct())
        {
            var values = Values(claims, claim).Distinct().Take(MostShown).Select(v => $"'{Quote.Short(v)}'").ToList();
            missing.Add(values.Count == 0
                ? $"It did not send the claim '{claim}'. It has to be told to, or the hub has to ask for the scope that brings it."
                : $"The claim '{claim}' is {string.Join(", ", values)}, and no rule of this hub names {(values.Count == 1 ? "that" : "any of those")}.");
            if (claim == MailClaim && values.Count > 0 && !IsVerified(claims)) missing.Add("Nor does the provider say that the address is verified; without that it counts for nothing.");
        }
        missing.Add("Have the provider's operator add you to a group, or the hub's operator add a rule for yours to the file of --openid.");
        return (null, missing);
    }

    private static IEnumerable<string> Values(IReadOnlyCollection<Claim> claims, string name) => claims.Where(c => c.Type == name).Select(c => c.Value);

    // Some providers let people write any address down: it is theirs only once the provider has seen that it is.
    private static bool IsVerified(IReadOnlyCollection<Claim> claims) => Values(claims, VerifiedClaim).Any(v => v.Equals("true", StringComparison.OrdinalIgnoreCase));

    private static string Short(string name) => name.Length > LongestName ? name[..LongestName] : name;
}
