using Strata.Artifacts.Signing;
using Strata.Hub.State;

namespace Strata.Hub.Browsing;

/// <summary>What an endpoint needs. The names are the ones that <c>users/me/</c> tells.</summary>
internal enum Permission
{
    UsersMe,
    DeploymentBundlesCreate,
    DeploymentBundlesList,
    LayersRead,
    TargetsCreate,
    TargetsRead,
    ServicesRead,
    UnitsCreate,
    UnitsRead,
    SubjectsCreate,
    SubjectsRead,
}

/// <summary>The one table of who may do what; what is not in it is denied (decision 12).</summary>
internal static class Permissions
{
    private static readonly Dictionary<ClientRole, Permission[]> Granted = new()
    {
        [ClientRole.Oem] =
        [
            Permission.UsersMe, Permission.DeploymentBundlesCreate, Permission.DeploymentBundlesList, Permission.LayersRead,
            Permission.TargetsCreate, Permission.TargetsRead, Permission.ServicesRead, Permission.UnitsCreate, Permission.UnitsRead,
            Permission.SubjectsCreate, Permission.SubjectsRead,
        ],
        [ClientRole.ServiceProvider] =
        [
            Permission.UsersMe, Permission.DeploymentBundlesCreate, Permission.DeploymentBundlesList, Permission.LayersRead, Permission.ServicesRead, Permission.TargetsRead,
        ],
        [ClientRole.FleetOwner] = [Permission.UsersMe],
        [ClientRole.Admin] =
        [
            Permission.UsersMe, Permission.DeploymentBundlesList, Permission.LayersRead, Permission.TargetsRead, Permission.ServicesRead,
            Permission.UnitsRead, Permission.SubjectsRead,
        ],
    };

    /// <summary>Whether <paramref name="role"/> has <paramref name="permission"/>.</summary>
    public static bool Allows(ClientRole role, Permission permission) => Granted.TryGetValue(role, out var granted) && granted.Contains(permission);

    /// <summary>All permissions of a role, as the API writes them.</summary>
    public static IEnumerable<string> Of(ClientRole role) => Granted.GetValueOrDefault(role, []).Select(Name);

    /// <summary><c>deployment_bundles_create</c>.</summary>
    public static string Name(Permission permission) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(permission.ToString());

    /// <summary>Whether <paramref name="caller"/> sees what belongs to <paramref name="owner"/> alone.</summary>
    public static bool Sees(this Caller caller, string owner) => caller.Is(ClientRole.Admin) || caller.Owner == owner;

    /// <summary>An OEM sees its own layers, a service provider those of every OEM.</summary>
    public static bool SeesLayersOf(this Caller caller, string owner) => caller.Is(ClientRole.ServiceProvider) || caller.Sees(owner);

    /// <summary>An OEM sees its own targets, a service provider those that are shared with it.</summary>
    public static bool SeesTarget(this Caller caller, TargetRow target) =>
        caller.Sees(target.Owner) || (caller.Is(ClientRole.ServiceProvider) && (target.SharedWith.Contains(caller.Owner) || target.SharedWith.Contains(TargetRow.Everybody)));

    /// <summary>A service provider sees its own services; an OEM sees all, since it assigns them to its units.</summary>
    public static bool SeesServicesOf(this Caller caller, string owner) => caller.Is(ClientRole.Oem) || caller.Sees(owner);
}
