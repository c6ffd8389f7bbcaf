using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Portal.Catalogue;

namespace Strata.Hub.Portal;

/// <summary>One request for a page, as the pages see it: they find it as a cascading parameter.</summary>
/// <param name="Caller">Who looks; null when nobody is signed in.</param>
/// <param name="Request">Path and query, for links to the same page.</param>
/// <param name="Assets">Where stylesheets and scripts are.</param>
internal sealed record Visit(Caller? Caller, HttpRequest Request, PortalAssets Assets)
{
    /// <summary>Where the portal begins.</summary>
    public string Home { get; init; } = "/";

    /// <summary>Rows that a list on the page has at most: fewer where names are so long that the page would weigh too much.</summary>
    public int Rows { get; init; } = PageQuery.PageSize;

    /// <summary>Who looks, on a page that is shown to those only who signed in.</summary>
    public Caller Known => Caller ?? throw new InvalidOperationException("This page is for visitors who signed in.");

    /// <summary>Whether the policy lets the visitor's role do <paramref name="verb"/> to some object of <paramref name="kind"/>.</summary>
    public bool May(Verb verb, ObjectKind kind) => Caller is { } caller && Policy.Allows(caller.Role, verb, kind);

    /// <summary>A value of the query; empty when it is not there.</summary>
    public string Query(string name) => Request.Query[name].ToString();

    /// <summary>The visitor's role in words.</summary>
    public string RoleName => Caller is { } caller ? RoleText(caller.Role) : "";

    /// <summary>A role in words.</summary>
    public static string RoleText(ClientRole role) => role switch
    {
        ClientRole.Oem => "OEM",
        ClientRole.ServiceProvider => "Service provider",
        ClientRole.FleetOwner => "Fleet owner",
        ClientRole.Admin => "Admin",
        _ => "",
    };
}
