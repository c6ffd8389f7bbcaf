namespace Strata.Hub.Browsing;

/// <summary><c>users/me/</c>.</summary>
internal static class UserEndpoints
{
    public static void Map(ApiRoutes api) => api.Get("users/me/", Permission.UsersMe, (HttpContext _, Caller caller) => TypedResults.Json(
        new MeDocument(caller.Identity.User, caller.Identity.RoleName, caller.Owner, caller.User.OwnerId, [.. Permissions.Of(caller.Identity.Role)]),
        ApiJson.Default.MeDocument));
}
