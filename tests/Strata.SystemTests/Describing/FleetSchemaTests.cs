using System.Text;
using System.Text.RegularExpressions;
using Strata.Artifacts.Fleets;
using Strata.Artifacts.Yaml;
using Strata.Model.Units;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Describing;

/// <summary>The published schema of fleet.json against our reader, by a validator that is not ours.</summary>
public sealed class FleetSchemaTests(SbomChecker checker) : IClassFixture<SbomChecker>
{
    private const string Good = """
        {
          "$schema": "fleet.schema.json", "schemaVersion": 1,
          "units": [
            { "systemId": "car-2", "owner": "oem.example", "target": "board" },
            {
              "systemId": "car-1", "owner": "oem.example", "model": "car", "fleetOwner": "taxis.example", "subjects": ["all taxis"], "platforms": ["linux/arm64/v8", "linux/amd64"],
              "services": [{ "owner": "sp.example", "codename": "weather", "version": "1.0.0" }],
              "layers": [{ "codename": "pylibs", "version": "1.2.0-rc.1+7" }],
              "storage": { "total": 8000000000, "used": 0 }
            }
          ]
        }
        """;

    /// <summary>Each is one change of the good file to something that both must refuse.</summary>
    private static readonly (string From, string To)[] Slips =
    [
        ("\"schemaVersion\": 1", "\"schemaVersion\": 2"),
        ("\"schemaVersion\": 1,", ""),
        ("\"units\"", "\"unit\""),
        ("\"systemId\": \"car-2\", ", ""),
        ("\"owner\": \"oem.example\", \"target\"", "\"target\""),
        ("\"target\": \"board\"", "\"targets\": \"board\""),
        ("\"target\": \"board\"", "\"target\": \"board\", \"model\": \"car\""),
        ("\"target\": \"board\"", "\"target\": \"\""),
        ("\"target\": \"board\"", $"\"target\": \"{new string('b', 129)}\""),
        ("\"car-2\"", "\"car 2\""),
        ("\"car-2\"", "\".car\""),
        ("\"car-2\"", $"\"{new string('c', 65)}\""),
        ("taxis.example", "Taxis.example"),
        ("taxis.example", "taxis..example"),
        ("taxis.example", "-taxis.example"),
        ("taxis.example", "taxis-.example"),
        ("taxis.example", $"{new string('t', 64)}.example"),
        ("taxis.example", string.Join('.', Enumerable.Repeat(new string('t', 63), 4))),
        ("[\"all taxis\"]", "[\"\"]"),
        ("[\"all taxis\"]", "\"all taxis\""),
        ("[\"all taxis\"]", $"[{string.Join(", ", Enumerable.Range(0, 101).Select(i => $"\"s{i}\""))}]"),
        ("\"linux/amd64\"", "\"amd64\""),
        ("\"linux/amd64\"", "\"linux/amd64/v1/v2\""),
        ("\"linux/amd64\"", "\"linux//v1\""),
        ("\"services\": [{ \"owner\": \"sp.example\", ", "\"services\": [{ \"owner\": \"sp_example\", "),
        ("\"codename\": \"weather\", ", ""),
        ("\"codename\": \"weather\"", "\"codename\": \"\""),
        ("\"codename\": \"weather\"", "\"codename\": \"weather\", \"uid\": \"x\""),
        (", \"version\": \"1.0.0\"", ""),
        ("\"1.0.0\"", "\"1.0\""),
        ("\"1.0.0\"", "\"01.0.0\""),
        ("\"1.0.0\"", "\"v1.0.0\""),
        ("1.2.0-rc.1+7", "1.2.0-rc..1"),
        ("\"layers\": [{ \"codename\": \"pylibs\", \"version\": \"1.2.0-rc.1+7\" }]", "\"layers\": { \"codename\": \"pylibs\", \"version\": \"1.2.0-rc.1+7\" }"),
        ("\"total\": 8000000000, ", ""),
        (", \"used\": 0", ""),
        ("\"used\": 0", "\"used\": -1"),
        ("\"used\": 0", "\"used\": 0.5"),
        ("\"used\": 0", "\"used\": 0, \"free\": 0"),
    ];

    [Fact]
    public async Task The_published_schema_and_the_reader_agree_on_good_and_bad_files()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/formats/fleet.md"), TestContext.Current.CancellationToken);
        var example = Regex.Match(page, "```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        (string Text, bool IsGood, string Name)[] all = [(Good, true, "good"), (example, true, "the page's example"), .. Slips.Select(s => (Changed(s), false, $"{s.From} -> {s.To}"))];
        using var folder = new TestFolder();
        var files = all.Select((_, index) => folder[$"{index}.json"]).ToList();
        foreach (var (file, (text, _, _)) in files.Zip(all)) await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var complaints = (await checker.OwnAsync("fleet.schema.json", files)).Split('\n');
        var wrong = new List<string>();
        foreach (var (file, (text, isGood, name)) in files.Zip(all))
        {
            if (FleetReader.Read(Encoding.UTF8.GetBytes(text), "fleet.json") is Reading<Fleet>.Good != isGood) wrong.Add($"reader: {name}");
            var ofFile = complaints.Where(c => c.StartsWith(file, StringComparison.Ordinal)).ToList();
            if (ofFile.Count == 0 != isGood) wrong.Add($"schema: {name} {string.Join('\n', ofFile)}");
        }
        Assert.Empty(wrong);
    }

    private static string Changed((string From, string To) slip)
    {
        Assert.Contains(slip.From, Good, StringComparison.Ordinal);
        var at = Good.IndexOf(slip.From, StringComparison.Ordinal);
        return Good[..at] + slip.To + Good[(at + slip.From.Length)..];
    }
}
