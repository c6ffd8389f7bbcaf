using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Hub.State;

namespace Strata.Hub.Browsing;

/// <summary>Who is calling: a certificate that was judged for this request.</summary>
internal sealed record Caller(ClientIdentity Identity, UserRow User, X509Certificate2 Certificate)
{
    public string Owner => Identity.Owner;

    public bool Is(ClientRole role) => Identity.Role == role;
}
