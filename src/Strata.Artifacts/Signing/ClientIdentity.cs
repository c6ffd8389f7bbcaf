using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Strata.Model.Identity;

namespace Strata.Artifacts.Signing;

/// <summary>What a user of the hub may be.</summary>
/// <remarks>Source: facts on AosEdge, e.1.</remarks>
public enum ClientRole
{
    /// <summary>Owns layers, targets and units.</summary>
    Oem,

    /// <summary>Owns services.</summary>
    ServiceProvider,

    /// <summary>Owns a fleet.</summary>
    FleetOwner,

    /// <summary>Runs the platform.</summary>
    Admin,
}

/// <summary>Who holds a user certificate: role and owner from its one URI name <c>urn:aos:ROLE:OWNER-DOMAIN</c>.</summary>
/// <param name="Role">The role.</param>
/// <param name="Owner">Domain of the OEM, service provider or fleet owner.</param>
/// <param name="User">The subject's common name.</param>
public sealed record ClientIdentity(ClientRole Role, string Owner, string User)
{
    private const string UriPrefix = "urn:aos:";
    private const int LongestDomain = 253;

    private static readonly Dictionary<string, ClientRole> Roles = new(StringComparer.Ordinal)
    {
        ["oem"] = ClientRole.Oem,
        ["sp"] = ClientRole.ServiceProvider,
        ["fleet-owner"] = ClientRole.FleetOwner,
        ["admin"] = ClientRole.Admin,
    };

    /// <summary>The role as it is written in the certificate: <c>oem</c>, <c>sp</c>, <c>fleet-owner</c>, <c>admin</c>.</summary>
    public string RoleName => NameOf(Role);

    /// <summary>The URI name that says this.</summary>
    public string Urn => $"{UriPrefix}{RoleName}:{Owner}";

    /// <summary>A role as it is written in the certificate.</summary>
    public static string NameOf(ClientRole role) => Roles.First(r => r.Value == role).Key;

    /// <summary>The role that is written so; null when there is none.</summary>
    public static ClientRole? RoleOf(string name) => Roles.TryGetValue(name, out var role) ? role : null;

    /// <summary>Reads it from <paramref name="certificate"/>, whose chain somebody else has judged.</summary>
    /// <returns>The identity, or a sentence that says why there is none.</returns>
    public static (ClientIdentity? Identity, string? Problem) Of(X509Certificate2 certificate)
    {
        var names = UriNames(certificate).Where(n => n.StartsWith(UriPrefix, StringComparison.Ordinal)).ToList();
        var subject = Quote.Short(certificate.Subject);
        if (names.Count != 1)
            return (null, $"The certificate '{subject}' has {names.Count} names that begin with {UriPrefix} where one must say role and owner; it is no user certificate.");
        var parts = names[0][UriPrefix.Length..].Split(':');
        if (parts.Length != 2 || RoleOf(parts[0]) is not { } role || !IsDomain(parts[1]))
            return (null, $"The certificate '{subject}' names '{Quote.Short(names[0])}', which is not {UriPrefix}ROLE:DOMAIN with a role of {string.Join(", ", Roles.Keys)}.");
        return (new(role, parts[1], certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)), null);
    }

    /// <summary>Whether <paramref name="text"/> is a domain in lower case, as owners and hubs are named.</summary>
    public static bool IsDomain(string text) =>
        text.Length is > 0 and <= LongestDomain
        && text.Split('.').All(label => label.Length is > 0 and <= 63
            && label[0] != '-' && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    private static IEnumerable<string> UriNames(X509Certificate2 certificate)
    {
        const int Uri = 6; // GeneralName, choice 6
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag.HasSameClassAndValue(new(TagClass.ContextSpecific, Uri))) yield return names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                else names.ReadEncodedValue();
            }
        }
    }
}
