using System.Text;
using Strata.Artifacts.Fleets;
using Strata.Artifacts.Yaml;
using Strata.Model.Units;

namespace Strata.Tests.Artifacts.Fleets;

public sealed class FleetReaderTests
{
    [Fact]
    public void Everything_that_a_fleet_file_says_is_read()
    {
        var fleet = Assert.IsType<Reading<Fleet>.Good>(Read("""
            {
              "$schema": "fleet.schema.json", "schemaVersion": 1,
              "units": [
                { "systemId": "car-2", "owner": "oem.example", "target": "board" },
                {
                  "systemId": "car-1", "owner": "oem.example", "model": "car", "fleetOwner": "taxis.example", "subjects": ["all taxis"], "platforms": ["linux/arm64/v8"],
                  "services": [{ "owner": "sp.example", "codename": "weather", "version": "1.0.0" }],
                  "layers": [{ "codename": "pylibs", "version": "1.2.0-rc.1" }],
                  "storage": { "total": 8000000000, "used": 0 }
                }
              ]
            }
            """)).Value;
        Assert.Equal(["car-1", "car-2"], fleet.Units.Select(u => u.SystemId));
        var unit = fleet.Units[0];
        Assert.Equal(("car", "taxis.example", "all taxis", "linux/arm64/v8"), (unit.Model, unit.FleetOwner, unit.Subjects[0], unit.Platforms[0].ToString()));
        Assert.Equal(("sp.example", "weather", "1.0.0"), (unit.Services[0].Owner, unit.Services[0].Codename, unit.Services[0].Version.ToString()));
        Assert.Equal((null, "pylibs", "1.2.0-rc.1"), (unit.Layers[0].Owner, unit.Layers[0].Codename, unit.Layers[0].Version.ToString()));
        Assert.Equal(new FleetStorage(8_000_000_000, 0), unit.Storage);
        Assert.Equal("board", fleet.Units[1].Target);
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_place()
    {
        var bad = Assert.IsType<Reading<Fleet>.Bad>(Read("""
            { "schemaVersion": 2, "units": [
              { "systemId": "car 1", "owner": "OEM", "modle": "car" },
              { "owner": "oem.example", "model": "car", "target": "board",
                "layers": [{ "codename": "pylibs", "version": "1.0" }],
                "storage": { "total": 1, "used": 2 } },
              { "systemId": "car-1", "owner": "oem.example", "platforms": ["amd64"] },
              { "systemId": "car-1", "owner": "oem.example" }
            ] }
            """));
        var told = bad.Mistakes.Select(m => m.ToString()).ToList();
        string[] expected =
        [
            "fleet.json:1:20: schemaVersion is '2'", "fleet.json:2:17: 'car 1' is no system id", "fleet.json:2:35: 'OEM' is no domain", "fleet.json:2:42: A unit has no key 'modle'; did you mean 'model'?",
            "fleet.json:3:3: A unit needs 'systemId'.", "fleet.json:3:55: A model says the target", "fleet.json:5:38: 2 bytes are used of 1", "fleet.json:6:63: 'amd64' is no platform",
            "fleet.json:7:17: The unit 'car-1' stands already in line 6",
        ];
        Assert.All(expected, e => Assert.Contains(told, t => t.StartsWith(e, StringComparison.Ordinal)));
        Assert.Contains(told, t => t.StartsWith("fleet.json:4:", StringComparison.Ordinal) && t.Contains("1.0", StringComparison.Ordinal));
        Assert.Equal(expected.Length + 1, told.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1,"units":{}}""")]
    [InlineData("""{"schemaVersion":1,"units":[null,1,[]]}""")]
    public void What_is_no_fleet_file_is_refused_with_a_sentence(string text) => Assert.NotEmpty(Assert.IsType<Reading<Fleet>.Bad>(Read(text)).Mistakes);

    private static Reading<Fleet> Read(string text) => FleetReader.Read(Encoding.UTF8.GetBytes(text), "fleet.json");
}
