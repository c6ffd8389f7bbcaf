using System.Text;
using System.Text.Json.Nodes;
using Strata.Artifacts.Fleets;
using Strata.Artifacts.Yaml;
using Strata.Model.Units;
using Strata.Tests.Building;

namespace Strata.Tests.Artifacts.Fleets;

/// <summary>The published schema has the keys and bounds that the reader has.</summary>
public sealed class FleetSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/formats/fleet.schema.json")))!;

    /// <summary>Where a file has keys: how to get there in a whole file, and in the schema.</summary>
    public static TheoryData<string, string> Places => new()
    {
        { "", "" }, { "units/0", "$defs/unit" }, { "units/0/services/0", "$defs/item" }, { "units/0/layers/0", "$defs/item" }, { "units/0/storage", "$defs/unit/properties/storage" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Each_place_has_the_same_keys_and_the_same_of_them_have_to_be_there(string place, string schema)
    {
        var unknown = Whole();
        At(unknown, place)["zzzzzzzzzzzzzz"] = 1;
        var sentence = Assert.Single(Mistakes(unknown), m => m.Contains("zzzzzzzzzzzzzz", StringComparison.Ordinal));
        var known = sentence[(sentence.IndexOf("known here are ", StringComparison.Ordinal) + 15)..^1].Split(", ").Order(StringComparer.Ordinal).ToList();
        var described = At(Schema, schema).AsObject();
        Assert.Equal(known, described["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.False(described["additionalProperties"]!.GetValue<bool>());

        var needed = known.Where(key =>
        {
            var less = Whole();
            At(less, place).AsObject().Remove(key);
            return Mistakes(less).Any(m => m.Contains($"'{key}'", StringComparison.Ordinal));
        });
        Assert.Equal(needed, (described["required"]?.AsArray() ?? []).Select(r => r!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("units", "properties/units")]
    [InlineData("units/0/subjects", "$defs/unit/properties/subjects")]
    [InlineData("units/0/services", "$defs/unit/properties/services")]
    [InlineData("units/0/layers", "$defs/unit/properties/layers")]
    public void Each_list_has_the_same_bound(string place, string schema)
    {
        var most = At(Schema, schema)["maxItems"]!.GetValue<int>();
        Assert.Empty(Mistakes(With(most)));
        Assert.Contains($"more than {most}", Assert.Single(Mistakes(With(most + 1))), StringComparison.Ordinal);

        JsonNode With(int count)
        {
            var whole = Whole();
            var one = At(whole, place)[0]!;
            var parent = At(whole, place.Contains('/', StringComparison.Ordinal) ? place[..place.LastIndexOf('/')] : "");
            parent[place.Split('/')[^1]] = new JsonArray([.. Enumerable.Range(0, count).Select(i => Numbered(one, i))]);
            return whole;
        }
    }

    [Fact]
    public void Each_text_has_the_same_longest_length()
    {
        var (name, domain) = (At(Schema, "$defs/name")["maxLength"]!.GetValue<int>(), At(Schema, "$defs/domain")["maxLength"]!.GetValue<int>());
        foreach (var (place, key, longest) in new[] { ("units/0", "model", name), ("units/0/services/0", "codename", name), ("units/0/layers/0", "codename", name), ("units/0", "fleetOwner", domain) })
        {
            foreach (var (length, isGood) in new[] { (longest, true), (longest + 1, false) })
            {
                var whole = Whole();
                At(whole, place)[key] = key == "fleetOwner" ? string.Join('.', Enumerable.Repeat(new string('d', 62), 5))[..length].TrimEnd('.') : new string('n', length);
                Assert.Equal(isGood, Mistakes(whole).Count == 0);
            }
        }
    }

    private static JsonNode Whole() => JsonNode.Parse("""
        {
          "$schema": "fleet.schema.json", "schemaVersion": 1,
          "units": [{
            "systemId": "car-1", "owner": "oem.example", "model": "car", "fleetOwner": "taxis.example", "subjects": ["all taxis"], "platforms": ["linux/amd64"],
            "services": [{ "owner": "sp.example", "codename": "weather", "version": "1.0.0" }],
            "layers": [{ "owner": "oem.example", "codename": "pylibs", "version": "1.2.0" }],
            "storage": { "total": 8000000000, "used": 0 }
          }]
        }
        """)!;

    private static JsonNode Numbered(JsonNode one, int number)
    {
        if (one is JsonValue) return $"s{number}";
        var copy = one.DeepClone();
        if (copy["systemId"] is not null) return new JsonObject { ["systemId"] = $"car-{number}", ["owner"] = "oem.example" }; // the whole file stays below its bound in bytes
        copy["codename"] = $"c{number}";
        return copy;
    }

    private static JsonNode At(JsonNode node, string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(node, (at, part) => at is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!);

    private static List<string> Mistakes(JsonNode file) => FleetReader.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), "fleet.json") switch
    {
        Reading<Fleet>.Bad bad => [.. bad.Mistakes.Select(m => m.Message)],
        _ => [],
    };
}
