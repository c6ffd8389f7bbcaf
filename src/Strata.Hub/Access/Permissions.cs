using Strata.Artifacts.Signing;

namespace Strata.Hub.Access;

/// <summary>The policy's cells under the names that the vendor's API gives them, where it has one.</summary>
/// <remarks>Source: facts on AosEdge, e.1.</remarks>
internal static class Permissions
{
    /// <summary>Everything that <paramref name="role"/> may do to some object, in ordinal order.</summary>
    public static IEnumerable<string> Of(ClientRole role) =>
        from kind in Enum.GetValues<ObjectKind>()
        from verb in Enum.GetValues<Verb>()
        where Policy.Allows(role, verb, kind)
        from name in Names(verb, kind)
        orderby name
        select name;

    /// <summary>The name that a refusal tells: <c>deployment_bundles_create</c>.</summary>
    public static string Name(Verb verb, ObjectKind kind) => Names(verb, kind)[^1];

    private static string[] Names(Verb verb, ObjectKind kind) => (verb, kind) switch
    {
        (_, ObjectKind.Me) => ["users_me"],
        (Verb.Read, ObjectKind.ServiceProvider or ObjectKind.AuditRecord) => [$"{Plural(kind)}_list"],
        (Verb.Read, _) => [$"{Plural(kind)}_list", $"{Plural(kind)}_read"],
        (Verb.Bind, ObjectKind.Subject) => ["subjects_services_create", "subjects_services_delete", "subjects_units_create", "subjects_units_delete"],
        (Verb.Bind, ObjectKind.Service) => ["services_layers_create"],
        (Verb.Create, ObjectKind.Service) => ["services_create", "services_versions_create"],
        _ => [$"{Plural(kind)}_{verb.ToString().ToLowerInvariant()}"],
    };

    private static string Plural(ObjectKind kind) => kind switch
    {
        ObjectKind.Bundle => "deployment_bundles",
        ObjectKind.AuditRecord => "audit",
        ObjectKind.Maintenance => "maintenance",
        _ => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()) + "s",
    };
}
