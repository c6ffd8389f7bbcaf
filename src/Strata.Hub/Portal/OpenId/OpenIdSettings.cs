using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.OpenId;

/// <summary>Makes those a user of the hub of whom the provider says something.</summary>
/// <param name="Claim">Name of a claim, such as <c>groups</c>.</param>
/// <param name="Value">What the claim has to be; where it is a list, what has to be in it.</param>
/// <param name="Role">As in certificates: <c>oem</c>, <c>sp</c>, <c>fleet-owner</c>, <c>admin</c>.</param>
/// <param name="Owner">Domain that the user belongs to; null is the hub's own, for admins alone.</param>
internal sealed record OpenIdRule(string? Claim, string? Value, string? Role, string? Owner = null);

/// <summary>The file of <c>--openid</c>: who signs people in to the portal, and whom it makes of them. Record 0034.</summary>
internal sealed record OpenIdSettings
{
    private const long LargestFile = 1024 * 1024;

    /// <summary>Address of the provider, below which its <c>.well-known/openid-configuration</c> stands; HTTPS.</summary>
    public string? Issuer { get; init; }

    /// <summary>What the provider calls this hub.</summary>
    public string? ClientId { get; init; }

    /// <summary>File with the hub's secret at the provider, read at start; relative to the settings' folder. Null where the provider gave none.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>What is asked for, beyond <c>openid</c>.</summary>
    public string[] Scopes { get; set; } = ["profile"]; // set and not init, as below: what reads JSON would leave a default out

    /// <summary>The claim that is the user's name in the portal and in the audit; <c>sub</c> where the provider does not send it.</summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>Who becomes what; the first that fits counts.</summary>
    public OpenIdRule[] Users { get; set; } = [];

    /// <summary>What <see cref="ClientSecretFile"/> holds.</summary>
    [JsonIgnore]
    public string? ClientSecret { get; init; }

    /// <summary>Reads the file and the secret.</summary>
    /// <returns>The settings, or every mistake in them.</returns>
    public static (OpenIdSettings? Settings, IReadOnlyList<string> Mistakes) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile) return (null, [$"{path} is larger than the {LargestFile} bytes of any such file."]);
            var text = File.ReadAllText(path);
            using (var document = JsonDocument.Parse(text)) NullElements.Refuse(document.RootElement);
            if (JsonSerializer.Deserialize(text, OpenIdJson.Default.OpenIdSettings) is not { } settings) return (null, [$"{path}: a JSON object is expected."]);
            var mistakes = settings.Mistakes().Select(m => $"{path}: {m}").ToList();
            var secret = settings.ClientSecretFile is { } file ? Secret(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file), mistakes) : null;
            return mistakes.Count > 0 ? (null, mistakes) : (settings with { ClientSecret = secret }, []);
        }
        catch (JsonException wrong)
        {
            return (null, [$"{path}{(wrong.LineNumber is { } line ? $":{line + 1}:{wrong.BytePositionInLine + 1}" : "")}: {wrong.Message}"]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, [unreadable.Message]);
        }
    }

    private static string? Secret(string path, List<string> mistakes)
    {
        try
        {
            var secret = File.ReadAllText(path).Trim();
            if (secret.Length == 0) mistakes.Add($"{path} is empty; it has to hold the client secret.");
            return secret;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(unreadable.Message);
            return null;
        }
    }

    private IEnumerable<string> Mistakes()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme != Uri.UriSchemeHttps)
            yield return $"issuer: '{Quote.Short(Issuer)}' is no address of a provider; write https://HOST/ as its discovery document states it.";
        if (string.IsNullOrEmpty(ClientId)) yield return "clientId is missing: the name that the provider gave this hub.";
        if (Users.Length == 0) yield return "users is empty: nobody could sign in. Write {\"claim\": \"groups\", \"value\": \"NAME\", \"role\": \"oem\", \"owner\": \"DOMAIN\"}.";
        foreach (var (number, rule) in Users.Index())
        {
            if (string.IsNullOrEmpty(rule.Claim)) yield return $"users[{number}].claim is missing.";
            if (string.IsNullOrEmpty(rule.Value)) yield return $"users[{number}].value is missing.";
            if (ClientIdentity.RoleOf(rule.Role ?? "") is not { } role) yield return $"users[{number}].role: '{Quote.Short(rule.Role)}' is no role; oem, sp, fleet-owner or admin is expected.";
            else if (rule.Owner is null && role != ClientRole.Admin) yield return $"users[{number}].owner is missing: the domain whose {rule.Role} it makes of people.";
            if (rule.Owner is not null && !ClientIdentity.IsDomain(rule.Owner)) yield return $"users[{number}].owner: '{Quote.Short(rule.Owner)}' is no domain in lower case.";
        }
    }
}

/// <summary>JSON of the settings: a word that is not known is a mistake, and so is one that stands twice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OpenIdSettings))]
internal sealed partial class OpenIdJson : JsonSerializerContext;
