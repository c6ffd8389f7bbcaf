using System.Net;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Running;
using Strata.SystemTests.Targets;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub;

/// <summary>A hub that a file told what units hold, and the commands of those who look after a fleet.</summary>
public sealed class FleetTests(FleetTests.Ground ground) : IClassFixture<FleetTests.Ground>
{
    private const int Usage = 2, Refused = 3;
    private readonly HubRig _rig = ground.Rig;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_fleet_file_says_of_units_is_shown_by_API_and_portal_until_they_speak_for_themselves()
    {
        var car = await _rig.GetAsync("units/car-1/");
        Assert.Equal(("demo-oem.localhost", "car", "board", "fleet.localhost"), (Text(car, "owner"), Text(car, "model"), Text(car, "target"), Text(car, "fleet_owner")));
        Assert.Equal("linux/amd64", Assert.Single(car.GetProperty("platforms").EnumerateArray()).GetString());
        Assert.Equal(["lib 1.0.0", "weather 1.0.0"], Items(await UntilAsync("car-1", unit => Items(unit).Length == 2)));
        Assert.Equal((8_000_000_000, 120_000_000), (car.GetProperty("storage").GetProperty("total").GetInt64(), car.GetProperty("storage").GetProperty("used").GetInt64()));
        Assert.Equal("fleet-file", Text(await _rig.GetAsync("units/car-1/"), "source"));
        var subject = Assert.Single((await _rig.GetAsync("subjects/")).GetProperty("items").EnumerateArray(), s => Text(s, "label") == "all taxis");
        Assert.Equal(["car-1", "car-2"], subject.GetProperty("system_uids").EnumerateArray().Select(u => u.GetString()).Order());

        using var browser = _rig.Browser();
        (await browser.GetAsync(_rig.Address("signIn"), Cancellation)).Dispose();
        foreach (var (page, words) in new (string, string[])[]
        {
            ("units", ["car-1", "car-2"]), ("units/car-1", ["weather", "lib", "1.0.0", "fleet.localhost"]), ("unit-models", ["car", "board"]), ("subjects", ["all taxis"]),
        })
        {
            var text = await browser.GetStringAsync(page, Cancellation);
            Assert.All(words, word => Assert.Contains(word, text, StringComparison.Ordinal));
        }

        // What is published later is held then; and a unit that speaks says what counts.
        Assert.Empty(Items(await _rig.GetAsync("units/car-2/")));
        Assert.Equal(0, (await _rig.PublishLayerAsync("late", "1.0.0", "one")).Code);
        Assert.Equal(["late 1.0.0"], Items(await UntilAsync("car-2", unit => Items(unit).Length == 1)));
        using var credentials = await _rig.UnitAsync("car-2", isRegistered: false);
        await using (var unit = await StrictUnit.ConnectAsync(_rig, credentials, "car-2")) await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        Assert.Empty(Items(await UntilAsync("car-2", unit => Text(unit, "source") == "status")));
    }

    [Fact]
    public async Task A_fleet_file_with_mistakes_is_not_started_with_and_each_is_told_with_its_place()
    {
        using var folder = new TestFolder();
        var file = folder["fleet.json"];
        await File.WriteAllTextAsync(file, """
            {
              "schemaVersion": 1,
              "units": [
                { "systemId": "car 1", "owner": "demo-oem.localhost" },
                { "systemId": "car-2", "owner": "demo-oem.localhost", "modle": "car" },
                { "systemId": "car-3", "owner": "demo-oem.localhost", "layers": [{ "codename": "lib", "version": "1" }] },
                { "systemId": "car-3", "owner": "demo-oem.localhost" }
              ]
            }
            """, Cancellation);
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "hub", "--data", folder["hub"], "--pki", Path.GetDirectoryName(_rig.Pki.PathOf("hub.p12"))!, "--fleet", file);
        Assert.Equal(Refused, code);
        Assert.Empty(output);
        foreach (var told in new[] { ":4:19: 'car 1' is no system id", ":5:59: A unit has no key 'modle'; did you mean 'model'?", ":6:102: ", ":7:19: The unit 'car-3' stands already in line 6" })
            Assert.Contains($"{file}{told}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        var (none, _, missing) = await Tool.RunAsync(Tool.Strata, "hub", "--data", folder["hub"], "--pki", Path.GetDirectoryName(_rig.Pki.PathOf("hub.p12"))!, "--fleet", folder["none.json"]);
        Assert.Equal(Refused, none);
        Assert.Contains("none.json", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_units_subjects_and_services_are_looked_after_from_the_command_line()
    {
        // Models.
        Assert.Equal("van", Text(Json(await RunAsync(0, "model", "new", "van", "--target", "board", "--json")), "name"));
        Assert.Contains("no target 'none'", await RunAsync(Refused, "model", "new", "other", "--target", "none"), StringComparison.Ordinal);
        Assert.Contains("required", await RunAsync(Usage, "model", "new", "other"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("van 2.0.0 of demo-oem.localhost runs board.", await RunAsync(0, "model", "set", "van", "--version", "2.0.0"), StringComparison.Ordinal);
        Assert.Contains(Json(await RunAsync(0, "model", "list", "--json")).EnumerateArray(), m => Text(m, "name") == "van" && Text(m, "version") == "2.0.0");
        Assert.Contains("no unit model", await RunAsync(Refused, "model", "show", "lorry"), StringComparison.OrdinalIgnoreCase);

        // Units.
        Assert.Equal(("van", "board"), Json(await RunAsync(0, "unit", "new", "van-1", "--model", "van", "--json")) is var made ? (Text(made, "model"), Text(made, "target")) : default);
        await RunAsync(Refused, "unit", "new", "van-1");
        await RunAsync(Refused, "unit", "show", "van-2");
        Assert.Contains("contradict", await RunAsync(Usage, "unit", "set", "van-1", "--model", "car", "--none", "model"), StringComparison.Ordinal);
        Assert.Equal("fleet.localhost", Text(Json(await RunAsync(0, "unit", "set", "van-1", "--fleet-owner", "fleet.localhost", "--json")), "fleetOwner"));
        Assert.Contains("Units of it: van-1", await RunAsync(0, "model", "show", "van"), StringComparison.Ordinal);
        await RunAsync(Refused, "model", "delete", "van");

        // Services and subjects.
        Assert.Equal("courier", Text(Json(await RunAsync(0, "service", "new", "courier", "--title", "Parcels", "--json")), "codename"));
        Assert.Contains("Parcels", await RunAsync(0, "service", "list"), StringComparison.Ordinal);
        Assert.Contains("has no version", await RunAsync(Refused, "service", "delete", "courier", "--version", "1.0.0"), StringComparison.Ordinal);
        Assert.Equal("all vans", Text(Json(await RunAsync(0, "subject", "new", "all vans", "--priority", "7", "--json")), "label"));
        Assert.Contains("Nothing is named", await RunAsync(Usage, "subject", "assign", "all vans"), StringComparison.Ordinal);
        await RunAsync(Refused, "subject", "assign", "all vans", "--service", "nothing");
        Assert.Contains("units     van-1", await RunAsync(0, "subject", "assign", "all vans", "--service", "courier", "--unit", "van-1"), StringComparison.Ordinal);
        Assert.Equal(7, Json(await RunAsync(0, "subject", "show", "all vans", "--json")).GetProperty("priority").GetInt32());
        Assert.Contains(Json(await RunAsync(0, "subject", "list", "--json")).EnumerateArray(), s => Text(s, "label") == "all vans");
        await RunAsync(Refused, "subject", "delete", "all vans");
        await RunAsync(Refused, "service", "delete", "courier");
        await RunAsync(Refused, "unit", "delete", "van-1");

        // And all goes again, from above.
        Assert.Contains("services  none", await RunAsync(0, "subject", "unassign", "all vans", "--service", "courier", "--unit", "van-1"), StringComparison.Ordinal);
        Assert.Contains("van-1 has courier.", await RunAsync(0, "unit", "assign", "van-1", "courier"), StringComparison.Ordinal);
        Assert.Equal("van-1", Text(Json(await RunAsync(0, "unit", "unassign", "van-1", "courier", "--json")), "systemUid"));
        var own = Text(Assert.Single(Json(await RunAsync(0, "subject", "list", "--json")).EnumerateArray(), s => Text(s, "label") == "unit van-1"), "id")!;
        await RunAsync(0, "subject", "unassign", own, "--unit", "van-1");
        foreach (var (kind, name) in new[] { ("subject", own), ("subject", "all vans"), ("unit", "van-1"), ("model", "van"), ("service", "courier") })
        {
            Assert.Contains($"deleted: {kind}", await RunAsync(0, kind, "delete", name), StringComparison.Ordinal);
            Assert.NotEqual(0, (await StartAsync(kind, "show", name)).Code);
        }
    }

    [Fact]
    public async Task Targets_bundles_and_nodes_are_read_on_by_cursor_while_more_come()
    {
        foreach (var name in new[] { "paged-b", "paged-d" }) Assert.Equal(HttpStatusCode.Created, (await new RawTarget(name).SendAsync(_rig)).Status);
        Assert.Equal("done", (await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, RawBundle.LayerConfig("paged"), RawBundle.File("paged/layer.tar.gz", RawBundle.Pack(RawBundle.File("usr/a", [1]))))).State);
        var targets = await ReadAsync("targets/?ordering=-name", "name", async () => Assert.Equal(HttpStatusCode.Created, (await new RawTarget("paged-z").SendAsync(_rig)).Status));
        Assert.Equal(["paged-d", "paged-b", "board"], targets.Where(t => t != "paged-z"));
        var bundles = await ReadAsync("deployment-bundles/", "id", () => RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, RawBundle.LayerConfig("later"), RawBundle.File("later/layer.tar.gz", RawBundle.Pack(RawBundle.File("usr/a", [1])))));
        Assert.Distinct(bundles);
        Assert.True(bundles.Count >= 2);
        Assert.Equal(JsonValueKind.Null, (await _rig.GetAsync("units/car-1/nodes/?ordering=-id")).GetProperty("next_cursor").ValueKind);
    }

    /// <summary>Reads a list one row at a time, and has more come behind its first.</summary>
    private async Task<List<string?>> ReadAsync(string list, string key, Func<Task> comes)
    {
        var met = new List<string?>();
        for (string? cursor = null; ;)
        {
            var page = await _rig.GetAsync($"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            met.AddRange(page.GetProperty("items").EnumerateArray().Select(i => Text(i, key)));
            if (cursor is null) await comes();
            if ((cursor = Text(page, "next_cursor")) is null) return met;
        }
    }

    private static string? Text(JsonElement thing, string key) => thing.GetProperty(key).GetString();

    private static string[] Items(JsonElement unit) => [.. unit.GetProperty("items").EnumerateArray().Select(i => $"{Text(i, "codename")} {Text(i, "version")}").Order(StringComparer.Ordinal)];

    private static JsonElement Json(string output) => JsonDocument.Parse(output).RootElement;

    private Task<JsonElement> UntilAsync(string unit, Func<JsonElement, bool> holds) => HubRig.UntilAsync(() => _rig.GetAsync($"units/{unit}/"), holds);

    /// <summary>What the command said: its result, or why not.</summary>
    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await StartAsync(arguments);
        Assert.True(code == expected, $"{string.Join(' ', arguments)} ended with {code}: {output}{error}");
        Assert.Equal(expected == 0, error.Length == 0);
        return expected == 0 ? output : error;
    }

    // Services are their provider's; everything else here is the OEM's.
    private Task<(int Code, string Output, string Error)> StartAsync(params string[] arguments) => Tool.RunAsync(Tool.Strata, [
        .. arguments, "--hub", _rig.Api, "--key", _rig.Pki.PathOf(arguments[0] == "service" ? PkiFiles.ServiceProviderUser : PkiFiles.OemUser), "--ca", _rig.Pki.PathOf("fleet-root.crt")]);

    /// <summary>A hub with a target, a model, a layer and a service, started with a file about two units.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        private readonly TestFolder _folder = new();

        internal HubRig Rig { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var file = _folder["fleet.json"];
            await File.WriteAllTextAsync(file, """{"schemaVersion":1,"units":[]}""", Cancellation);
            Rig = await HubRig.StartAsync(["--fleet", file]);
            await Rig.GetAsync("users/me/");
            Assert.Equal(HttpStatusCode.Created, (await new RawTarget("board").SendAsync(Rig)).Status);
            await Rig.PostAsync("unit-models/", """{"name":"car","target":"board"}""");
            Assert.Equal(0, (await Rig.PublishLayerAsync("lib", "1.0.0", "one")).Code);
            Assert.Equal(0, (await Rig.PublishServiceAsync("weather", "1.0.0", "")).Code);
            await Rig.KillAsync();
            await File.WriteAllTextAsync(file, """
                {
                  "$schema": "fleet.schema.json",
                  "schemaVersion": 1,
                  "units": [
                    {
                      "systemId": "car-1", "owner": "demo-oem.localhost", "model": "car", "fleetOwner": "fleet.localhost", "subjects": ["all taxis"], "platforms": ["linux/amd64"],
                      "services": [{ "owner": "demo-sp.localhost", "codename": "weather", "version": "1.0.0" }],
                      "layers": [{ "codename": "lib", "version": "1.0.0" }],
                      "storage": { "total": 8000000000, "used": 120000000 }
                    },
                    { "systemId": "car-2", "owner": "demo-oem.localhost", "target": "board", "subjects": ["all taxis"], "layers": [{ "codename": "late", "version": "1.0.0" }] }
                  ]
                }
                """, Cancellation);
            await Rig.StartHubAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Rig.DisposeAsync();
            _folder.Dispose();
        }
    }
}
