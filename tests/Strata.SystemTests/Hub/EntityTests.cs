using System.Net;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Agent;

namespace Strata.SystemTests.Hub;

/// <summary>Units, models, subjects and services come, are joined, and go when nobody uses them.</summary>
public sealed class EntityTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_is_in_use_cannot_be_removed_and_the_answer_says_who_uses_it()
    {
        await _rig.PublishServiceAsync("app", "1.0.0", "");
        await _rig.PostAsync("units/", """{"system_uid":"car"}""");
        var subject = (await _rig.PostAsync("subjects/", """{"label":"all"}""")).GetProperty("id").GetString();
        await _rig.PostAsync($"subjects/{subject}/services/", """{"service_ids":["app"]}""");
        await _rig.PostAsync($"subjects/{subject}/units/", """{"system_uids":["car"]}""");

        Assert.Contains("app is assigned to 'all' already", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"subjects/{subject}/services/", """{"service_ids":["app"]}"""), StringComparison.Ordinal);
        Assert.Contains("car is assigned to 'all' already", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"subjects/{subject}/units/", """{"system_uids":["car"]}"""), StringComparison.Ordinal);
        Assert.Contains("1 subject: all", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "units/car/"), StringComparison.Ordinal);
        Assert.Contains("brings app to car", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, $"subjects/{subject}/"), StringComparison.Ordinal);
        var version = (await _rig.GetAsync("services/app/service-versions/", PkiFiles.ServiceProviderUser)).GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var path in new[] { "services/app/", $"services/versions/{version}/" })
            Assert.Contains("1 of demo-oem.localhost", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, path, key: PkiFiles.ServiceProviderUser), StringComparison.Ordinal);

        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"subjects/{subject}/services/app/");
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Delete, $"subjects/{subject}/services/app/");
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"subjects/{subject}/units/car/");
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"subjects/{subject}/");
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "units/car/");
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"services/versions/{version}/", key: PkiFiles.ServiceProviderUser);
        Assert.Contains("published and removed", (await _rig.PublishServiceAsync("app", "1.0.0", "")).Error, StringComparison.Ordinal);
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "services/app/", key: PkiFiles.ServiceProviderUser);

        // And all of it is so after a restart, on a hub that still plans.
        await _rig.KillAsync();
        await _rig.StartHubAsync();
        foreach (var list in new[] { "units/", "subjects/", "services/" })
            Assert.Equal(0, (await _rig.GetAsync(list)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_service_that_is_taken_away_leaves_the_desired_state_of_a_connected_unit()
    {
        await _rig.PublishServiceAsync("app", "1.0.0", "");
        using var credentials = await _rig.UnitAsync("car");
        await using var unit = await StrictUnit.ConnectAsync(_rig, credentials, "car");
        await _rig.AssignAsync("app", "car");
        await unit.SendStatusAsync();
        await UntilAsync(async () => (await _rig.GetAsync("units/car/")).GetProperty("desired").GetArrayLength() == 1);
        Assert.Equal("main", (await _rig.GetAsync("units/car/nodes/")).GetProperty("items")[0].GetProperty("id").GetString());

        Assert.Contains("It is in 1 subject", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "units/car/"), StringComparison.Ordinal);
        var subject = (await _rig.GetAsync("subjects/")).GetProperty("items")[0].GetProperty("id").GetString();
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"subjects/{subject}/services/app/");
        await UntilAsync(async () => (await _rig.GetAsync("units/car/")).GetProperty("desired").GetArrayLength() == 0);

        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, $"subjects/{subject}/units/car/");
        Assert.Contains("connected now", await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "units/car/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fleet_owner_reads_the_units_of_its_fleet_and_changes_nothing()
    {
        await _rig.PostAsync("units/", """{"system_uid":"car-1","fleet_owner":"fleet.localhost"}""");
        await _rig.PostAsync("units/", """{"system_uid":"car-2","fleet_owner":"other.localhost"}""");
        await _rig.PostAsync("units/", """{"system_uid":"car-3"}""");
        using var users = _rig.Pki.Users;
        await File.WriteAllBytesAsync(_rig.Pki.PathOf("fleet.p12"), PkiFiles.User(users, new(ClientRole.FleetOwner, "fleet.localhost", "fleet-user"), "localhost", DateTimeOffset.UtcNow), Cancellation);

        var seen = (await _rig.GetAsync("units/", "fleet.p12")).GetProperty("items");
        Assert.Equal(["car-1"], seen.EnumerateArray().Select(u => u.GetProperty("system_uid").GetString()));
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Get, "units/car-2/", key: "fleet.p12");
        await SendAsync(HttpStatusCode.Forbidden, HttpMethod.Delete, "units/car-1/", key: "fleet.p12");
        await SendAsync(HttpStatusCode.Forbidden, HttpMethod.Put, "units/car-1/", "{}", "fleet.p12");
    }

    [Fact]
    public async Task Models_and_services_are_made_changed_and_judged_with_all_their_mistakes()
    {
        Assert.Contains("no target 'board'", await SendAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "unit-models/", """{"name":"car","target":"board"}"""), StringComparison.Ordinal);
        Assert.Contains("name:", await SendAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "unit-models/", """{"version":"1"}"""), StringComparison.Ordinal);
        await SendAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "units/", """{"system_uid":"car","model":"car"}""");

        var made = JsonDocument.Parse(await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "services/", """{"title":"early","description":"before its bundle"}""", PkiFiles.ServiceProviderUser)).RootElement;
        Assert.Equal("early", made.GetProperty("codename").GetString());
        await SendAsync(HttpStatusCode.Conflict, HttpMethod.Post, "services/", """{"codename":"early"}""", PkiFiles.ServiceProviderUser);
        await _rig.PublishServiceAsync("early", "1.0.0", "");
        Assert.Equal(made.GetProperty("id").GetString(), (await _rig.GetAsync("services/early/")).GetProperty("id").GetString());
        Assert.Equal("demo-sp.localhost", (await _rig.GetAsync("service-providers/")).GetProperty("items")[0].GetProperty("title").GetString());
    }

    private async Task<string> SendAsync(HttpStatusCode expected, HttpMethod method, string path, string? body = null, string key = PkiFiles.OemUser)
    {
        using var client = _rig.Client(key);
        using var request = new HttpRequestMessage(method, $"api/v11/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return text;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds()) await Task.Delay(100, Cancellation);
    }
}
