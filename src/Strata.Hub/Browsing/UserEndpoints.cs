using Strata.Hub.Access;

namespace Strata.Hub.Browsing;

/// <summary><c>users/me/</c>.</summary>
internal static class UserEndpoints
{
    public static void Map(ApiRoutes api) => api.Get("users/me/", ObjectKind.Me, (HttpContext _, Caller caller) => TypedResults.Json(
        new MeDocument(caller.Name, caller.RoleName, caller.Owner, caller.OwnerId, [.. Permissions.Of(caller.Role)]),
        ApiJson.Default.MeDocument));
}
