using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Signing;
using Strata.Hub.State;

namespace Strata.Hub.Access;

/// <summary>Who is calling, however the hub found out: by a certificate or by a session of the portal.</summary>
/// <param name="Name">The user's name, for people and for the audit.</param>
/// <param name="Owner">Domain of the OEM, service provider or fleet owner; the hub's own for an admin.</param>
/// <param name="OwnerId">The hub's UUID for the owner.</param>
/// <param name="Kid">Key id of the certificate that the call, or the sign-in before it, was made with; null when there was none.</param>
internal sealed record Caller(string Name, ClientRole Role, string Owner, Guid OwnerId, string? Kid)
{
    /// <summary>The name that a provider of OpenID Connect has for the user, when one signed them in; else null.</summary>
    public string? Subject { get; init; }

    /// <summary>The hub's UUID for <paramref name="owner"/>: the one that its certificates have, else one made of the domain, the same each time.</summary>
    public static Guid OwnerIdOf(HubState state, string owner)
    {
        const int versionAt = 6, variantAt = 8; // RFC 9562, 5.8: a UUID of one's own making
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(owner)).AsSpan(0, 16);
        bytes[versionAt] = (byte)(0x80 | bytes[versionAt] & 0x0F);
        bytes[variantAt] = (byte)(0x80 | bytes[variantAt] & 0x3F);
        return state.OwnerId(owner, new Guid(bytes, bigEndian: true));
    }

    /// <summary>The caller whose certificate <paramref name="user"/> is.</summary>
    public static Caller Of(UserRow user) => new(user.Name, user.Role, user.Owner, user.OwnerId, user.Kid);

    /// <summary>This caller as the audit names it.</summary>
    /// <param name="via"><c>api</c> or <c>portal</c>.</param>
    public Actor Acting(string via, HttpContext context) => new(via, Name, RoleName, Owner, Kid, context.Connection.RemoteIpAddress?.ToString()) { Subject = Subject };

    /// <summary>The role as it is written in certificates.</summary>
    public string RoleName => ClientIdentity.NameOf(Role);

    /// <summary>Whether the policy lets this caller do <paramref name="verb"/> to <paramref name="thing"/>.</summary>
    public bool May(Verb verb, Guarded thing) => Policy.Allows(this, verb, thing);

    /// <summary>Whether this caller may know of <paramref name="thing"/>; to others it is not there.</summary>
    public bool Sees(Guarded thing) => May(Verb.Read, thing);
}
