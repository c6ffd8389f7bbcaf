using System.Net;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Describing;
using Strata.Tests.Hub.Access;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub.Access;

/// <summary>The matrix of who may do what, over real connections.</summary>
public sealed class ApiEdgeTests(SbomChecker checker) : IAsyncLifetime, IClassFixture<SbomChecker>
{
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Every_caller_is_answered_at_every_endpoint_as_the_matrix_says()
    {
        await _rig.PublishLayerAsync("lib", "1.0.0", "one");
        await _rig.PublishServiceAsync("app", "1.0.0", "");
        await _rig.PostAsync("units/", """{"system_uid":"car","fleet_owner":"fleet.localhost"}""");
        await _rig.AssignAsync("app", "car");
        await MakeAsync("oem2", ClientRole.Oem, "oem2.localhost");
        await MakeAsync("sp2", ClientRole.ServiceProvider, "sp2.localhost");
        await MakeAsync("fleet", ClientRole.FleetOwner, "fleet.localhost");
        await MakeAsync("admin", ClientRole.Admin, "localhost");
        var keys = new Dictionary<string, string> { ["oem"] = PkiFiles.OemUser, ["sp"] = PkiFiles.ServiceProviderUser };
        var clients = ApiMatrix.Callers.ToDictionary(name => name, name => _rig.Client(keys.GetValueOrDefault(name, $"{name}.p12")));
        using var nobody = _rig.Client(null);

        var subject = await FirstAsync("subjects/", "id");
        var bundle = await FirstAsync("deployment-bundles/", "id");
        var version = await FirstAsync("services/app/service-versions/", "id");
        var user = await FirstAsync("users/", "serial");
        string Address(string path) => path switch
        {
            _ when path.StartsWith("users/", StringComparison.Ordinal) => path.Replace("{name}", user, StringComparison.Ordinal),
            _ when path.StartsWith("layers/", StringComparison.Ordinal) => path.Replace("{name}", "lib", StringComparison.Ordinal).Replace("{version}", "1.0.0", StringComparison.Ordinal).Replace("{document}", "files.json", StringComparison.Ordinal),
            _ when path.StartsWith("services/versions/", StringComparison.Ordinal) => path.Replace("{id}", version, StringComparison.Ordinal),
            _ when path.StartsWith("services/", StringComparison.Ordinal) => path.Replace("{name}", "app", StringComparison.Ordinal),
            _ when path.StartsWith("units/", StringComparison.Ordinal) => path.Replace("{name}", "car", StringComparison.Ordinal),
            _ when path.StartsWith("subjects/", StringComparison.Ordinal) => path.Replace("{id}", subject, StringComparison.Ordinal).Replace("{name}", "other", StringComparison.Ordinal),
            _ when path.StartsWith("deployment-bundles/", StringComparison.Ordinal) => path.Replace("{id}", bundle, StringComparison.Ordinal),
            _ => path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
        };

        var wrong = new List<string>();
        foreach (var row in ApiMatrix.Rows)
        {
            if (row.Statuses.All(s => s == ".")) continue;
            if (await StatusAsync(nobody, row, Address(row.Path)) is var unknown and not 401) wrong.Add($"nobody {row.Method} {row.Path}: {unknown}");
            foreach (var (caller, expected) in ApiMatrix.Callers.Zip(row.Statuses))
            {
                if (expected == "-") continue;
                var status = await StatusAsync(clients[caller], row, Address(row.Path));
                if (status.ToString(System.Globalization.CultureInfo.InvariantCulture) != expected) wrong.Add($"{caller} {row.Method} {row.Path}: {status}, expected {expected}");
            }
        }
        Assert.Empty(wrong);
        foreach (var client in clients.Values) client.Dispose();
    }

    [Fact]
    public async Task The_audit_tells_each_owner_who_changed_its_things_when_and_from_where_and_pages_stand_still()
    {
        for (var i = 0; i < 5; i++) await _rig.PostAsync("units/", $$"""{"system_uid":"car-{{i}}"}""");
        await _rig.PublishServiceAsync("app", "1.0.0", "");

        var added = (await _rig.GetAsync("audit/?kind=unit-added")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(5, added.Count);
        Assert.All(added, a => Assert.Equal(("api", "oem-user", "oem", "demo-oem.localhost", "127.0.0.1"), (
            a.GetProperty("via").GetString(), a.GetProperty("actor").GetString(), a.GetProperty("role").GetString(), a.GetProperty("owner").GetString(), a.GetProperty("address").GetString())));
        Assert.All(added, a => Assert.InRange(a.GetProperty("at").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow));
        Assert.Contains("unit car-4 was registered", added[0].GetProperty("text").GetString(), StringComparison.Ordinal);

        // A page goes on where the last one ended, whatever came in meanwhile.
        var first = await _rig.GetAsync("audit/?kind=unit-added&limit=2");
        await _rig.PostAsync("units/", """{"system_uid":"car-9"}""");
        var second = await _rig.GetAsync($"audit/?kind=unit-added&limit=3&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal(added.Skip(2).Select(Id), second.GetProperty("items").EnumerateArray().Select(Id));

        // A service provider reads of its own things alone, and nothing of the OEM's units.
        var others = (await _rig.GetAsync("audit/", PkiFiles.ServiceProviderUser)).GetProperty("items").EnumerateArray().ToList();
        Assert.Contains(others, a => a.GetProperty("kind").GetString() == "service-published");
        Assert.DoesNotContain(others, a => a.GetProperty("kind").GetString()!.StartsWith("unit-", StringComparison.Ordinal));

        using var client = _rig.Client(PkiFiles.OemUser);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("api/v11/audit/?since=yesterday&cursor=x", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_description_of_the_api_is_openapi_by_a_validator_of_others_and_a_page_shows_it()
    {
        using var client = _rig.Client(PkiFiles.ServiceProviderUser);
        using var folder = new TestFolder();
        var file = folder["openapi.json"];
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync("api/v11/openapi.json", Cancellation), Cancellation);
        Assert.Equal("", await checker.OpenApiAsync(file));
        using var page = await client.GetAsync("api/v11/docs", Cancellation);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("deployment-bundles/upload/", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var nobody = _rig.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("api/v11/openapi.json", Cancellation)).StatusCode);
    }

    private static long Id(JsonElement line) => line.GetProperty("id").GetInt64();

    private async Task<string> FirstAsync(string list, string field) => (await _rig.GetAsync(list)).GetProperty("items")[0].GetProperty(field).GetString()!;

    private async Task MakeAsync(string name, ClientRole role, string owner)
    {
        using var users = _rig.Pki.Users;
        await File.WriteAllBytesAsync(_rig.Pki.PathOf($"{name}.p12"), PkiFiles.User(users, new(role, owner, name), "localhost", DateTimeOffset.UtcNow), Cancellation);
    }

    private static async Task<int> StatusAsync(HttpClient client, ApiRow row, string path)
    {
        // The unit keeps its fleet, so that the rows behind it find it there.
        var body = path.StartsWith("units/", StringComparison.Ordinal) && row.Method == "PUT" ? """{"fleet_owner":"fleet.localhost"}""" : "{}";
        using var request = new HttpRequestMessage(new(row.Method), $"api/v11/{path}") { Content = row.Method is "GET" or "DELETE" or "HEAD" or "OPTIONS" ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, Cancellation);
        return (int)answer.StatusCode;
    }
}
