using System.Collections.Frozen;
using Strata.Artifacts.Signing;
using static Strata.Artifacts.Signing.ClientRole;
using static Strata.Hub.Access.ObjectKind;
using static Strata.Hub.Access.Relation;
using static Strata.Hub.Access.Verb;

namespace Strata.Hub.Access;

/// <summary>The one table of who may do what to which object; what is not in it is denied (decision 12).</summary>
/// <remarks>API, portal and publishing all ask here. What a caller may not read is not there for it (404); what it may read and not change is forbidden (403).</remarks>
internal static class Policy
{
    // Source: facts on AosEdge, a.5 and e.1.
    private static readonly HashSet<Grant> Table =
    [
        .. Rows(Oem, Own, [Layer, Target, Unit, UnitModel, Subject], [Read, Create, Change, Delete]),
        .. Rows(Oem, Own, [Subject], [Bind]),
        .. Rows(Oem, Own, [Bundle, OemUser], [Read, Create, Delete]),
        .. Rows(Oem, Own, [Me, AuditRecord], [Read]),
        .. Rows(Oem, Any, [Service, ObjectKind.ServiceProvider], [Read]), // it assigns them to its units

        .. Rows(ClientRole.ServiceProvider, Own, [Service], [Read, Create, Change, Delete, Bind]),
        .. Rows(ClientRole.ServiceProvider, Own, [Bundle, ServiceProviderUser], [Read, Create, Delete]),
        .. Rows(ClientRole.ServiceProvider, Own, [Me, AuditRecord, ObjectKind.ServiceProvider], [Read]),
        .. Rows(ClientRole.ServiceProvider, Shared, [Layer, Target], [Read]),

        .. Rows(FleetOwner, Relation.Fleet, [Unit], [Read]),
        .. Rows(FleetOwner, Own, [Me, AuditRecord, FleetOwnerUser], [Read]),

        .. Rows(Admin, Any, Enum.GetValues<ObjectKind>(), [Read]),
        .. Rows(Admin, Any, [Maintenance], [Change]),
        .. Rows(Admin, Any, [OemUser, ServiceProviderUser, FleetOwnerUser, AdminUser], [Create, Delete]),
    ];

    // The table as it is asked: lists ask it of thousands of objects.
    private static readonly FrozenDictionary<(ClientRole, Verb, ObjectKind), Relation[]> Needed =
        Table.GroupBy(g => (g.Role, g.Verb, g.Kind)).ToFrozenDictionary(g => g.Key, g => g.Select(grant => grant.Relation).ToArray());

    /// <summary>Whether <paramref name="caller"/> may do <paramref name="verb"/> to <paramref name="thing"/>.</summary>
    public static bool Allows(Caller caller, Verb verb, Guarded thing)
    {
        var relation = RelationOf(caller, thing);
        foreach (var needed in Granted(caller.Role, verb, thing.Kind))
            if ((needed & relation) == needed) return true;
        return false;
    }

    /// <summary>Whether <paramref name="role"/> may do <paramref name="verb"/> to any object of <paramref name="kind"/> at all.</summary>
    public static bool Allows(ClientRole role, Verb verb, ObjectKind kind) => Granted(role, verb, kind).Length > 0;

    /// <summary>The roles that may do <paramref name="verb"/> to an object of <paramref name="kind"/>.</summary>
    public static IEnumerable<ClientRole> RolesFor(Verb verb, ObjectKind kind) => Enum.GetValues<ClientRole>().Where(role => Allows(role, verb, kind));

    private static Relation[] Granted(ClientRole role, Verb verb, ObjectKind kind) => Needed.GetValueOrDefault((role, verb, kind), []);

    private static Relation RelationOf(Caller caller, Guarded thing) =>
        (caller.Owner == thing.Owner ? Own : Any)
        | (thing.Fleet == caller.Owner ? Relation.Fleet : Any)
        | (!thing.HiddenFrom.Contains(caller.Owner) && (thing.SharedWith.Contains(caller.Owner) || thing.SharedWith.Contains(Guarded.Everybody)) ? Shared : Any);

    private static IEnumerable<Grant> Rows(ClientRole role, Relation relation, ObjectKind[] kinds, Verb[] verbs) =>
        from kind in kinds from verb in verbs select new Grant(role, relation, kind, verb);

    private readonly record struct Grant(ClientRole Role, Relation Relation, ObjectKind Kind, Verb Verb);
}
