using Strata.Artifacts.Signing;
using Strata.Hub.Access;

namespace Strata.Tests.Hub.Access;

public sealed class PolicyTests
{
    /// <summary>
    /// Who may do what, written by hand: R read, C create, X change, D delete, B bind; a dot is nothing.
    /// A column is a role and how the object stands to it: its own, in its fleet, shared with it, or none of these.
    /// </summary>
    private const string Expected = """
        kind                 oem:own oem:fleet oem:shared oem:other sp:own sp:fleet sp:shared sp:other fo:own fo:fleet fo:shared fo:other admin:own admin:fleet admin:shared admin:other
        Me                   R       .         .          .         R      .        .         .        R      .        .         .        R         R           R            R
        Bundle               RCD     .         .          .         RCD    .        .         .        .      .        .         .        R         R           R            R
        Layer                RCXD    .         .          .         .      .        R         .        .      .        .         .        R         R           R            R
        Target               RCXD    .         .          .         .      .        R         .        .      .        .         .        R         R           R            R
        Service              R       R         R          R         RCXDB  .        .         .        .      .        .         .        R         R           R            R
        ServiceProvider      R       R         R          R         R      .        .         .        .      .        .         .        R         R           R            R
        Unit                 RCXD    .         .          .         .      .        .         .        .      R        .         .        R         R           R            R
        UnitModel            RCXD    .         .          .         .      .        .         .        .      .        .         .        R         R           R            R
        Subject              RCXDB   .         .          .         .      .        .         .        .      .        .         .        R         R           R            R
        AuditRecord          R       .         .          .         R      .        .         .        R      .        .         .        R         R           R            R
        Maintenance          .       .         .          .         .      .        .         .        .      .        .         .        RX        RX          RX           RX
        OemUser              RCD     .         .          .         .      .        .         .        .      .        .         .        RCD       RCD         RCD          RCD
        ServiceProviderUser  .       .         .          .         RCD    .        .         .        .      .        .         .        RCD       RCD         RCD          RCD
        FleetOwnerUser       .       .         .          .         .      .        .         .        R      .        .         .        RCD       RCD         RCD          RCD
        AdminUser            .       .         .          .         .      .        .         .        .      .        .         .        RCD       RCD         RCD          RCD
        """;

    private const string Mine = "mine.localhost", Theirs = "theirs.localhost";

    private static readonly Dictionary<char, Verb> Letters = new() { ['R'] = Verb.Read, ['C'] = Verb.Create, ['X'] = Verb.Change, ['D'] = Verb.Delete, ['B'] = Verb.Bind };

    private static readonly Dictionary<string, ClientRole> Roles = new()
    {
        ["oem"] = ClientRole.Oem, ["sp"] = ClientRole.ServiceProvider, ["fo"] = ClientRole.FleetOwner, ["admin"] = ClientRole.Admin,
    };

    [Fact]
    public void Every_role_may_do_to_every_object_exactly_what_the_table_says()
    {
        var wrong = new List<string>();
        foreach (var (kind, column, allowed) in Cells())
        {
            var (role, relation) = (Roles[column.Split(':')[0]], column.Split(':')[1]);
            foreach (var (letter, verb) in Letters)
                if (Caller(role).May(verb, Thing(kind, relation)) != allowed.Contains(letter, StringComparison.Ordinal))
                    wrong.Add($"{column} {verb} {kind}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_table_covers_every_kind_role_and_verb()
    {
        Assert.Equal(Enum.GetNames<ObjectKind>().Order(), Cells().Select(c => c.Kind.ToString()).Distinct().Order());
        Assert.Equal(Enum.GetValues<ClientRole>().Order(), Roles.Values.Order());
        Assert.Equal(Enum.GetValues<Verb>().Order(), Letters.Values.Order());
        Assert.Equal(Enum.GetValues<ObjectKind>().Length * 16, Cells().Count());
    }

    [Fact]
    public void A_role_is_let_to_an_endpoint_when_there_is_an_object_that_it_may_do_this_to()
    {
        foreach (var role in Enum.GetValues<ClientRole>())
            foreach (var kind in Enum.GetValues<ObjectKind>())
                foreach (var (letter, verb) in Letters)
                {
                    var expected = Cells().Any(c => c.Kind == kind && Roles[c.Column.Split(':')[0]] == role && c.Allowed.Contains(letter, StringComparison.Ordinal));
                    Assert.True(Policy.Allows(role, verb, kind) == expected, $"{role} {verb} {kind}");
                }
    }

    [Fact]
    public void Only_an_OEM_uploads_layers_and_only_a_service_provider_binds_them_to_a_service()
    {
        Assert.Equal([ClientRole.Oem], Policy.RolesFor(Verb.Create, ObjectKind.Layer));
        Assert.Equal([ClientRole.ServiceProvider], Policy.RolesFor(Verb.Bind, ObjectKind.Service));
    }

    [Fact]
    public void What_is_shared_with_everybody_is_shared_with_those_whose_role_reads_what_is_shared()
    {
        var layer = new Guarded(ObjectKind.Layer, Theirs) { SharedWith = [Guarded.Everybody] };
        Assert.Equal([ClientRole.ServiceProvider, ClientRole.Admin], Enum.GetValues<ClientRole>().Where(role => Caller(role).Sees(layer)));
    }

    [Fact]
    public void Permissions_bear_the_names_of_the_vendors_API()
    {
        var oem = Permissions.Of(ClientRole.Oem).ToList();
        Assert.Superset(new HashSet<string> { "users_me", "deployment_bundles_create", "deployment_bundles_list", "units_list", "units_read", "subjects_delete", "subjects_services_create", "subjects_units_create" }, oem.ToHashSet());
        Assert.DoesNotContain("services_create", oem);
        Assert.Superset(new HashSet<string> { "services_create", "services_versions_create", "service_providers_list" }, Permissions.Of(ClientRole.ServiceProvider).ToHashSet());
        Assert.Equal(["audit_list", "fleet_owner_users_list", "fleet_owner_users_read", "units_list", "units_read", "users_me"], Permissions.Of(ClientRole.FleetOwner));
    }

    private static Caller Caller(ClientRole role) => new("user", role, Mine, Guid.Empty, "kid");

    private static Guarded Thing(ObjectKind kind, string relation) => relation switch
    {
        "own" => new(kind, Mine),
        "fleet" => new(kind, Theirs) { Fleet = Mine },
        "shared" => new(kind, Theirs) { SharedWith = [Mine] },
        _ => new(kind, Theirs) { Fleet = "third.localhost", SharedWith = ["third.localhost"] },
    };

    private static IEnumerable<(ObjectKind Kind, string Column, string Allowed)> Cells()
    {
        var lines = Expected.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var line in lines.Skip(1))
            foreach (var (column, cell) in lines[0].Skip(1).Zip(line.Skip(1)))
                yield return (Enum.Parse<ObjectKind>(line[0]), column, cell);
    }
}
