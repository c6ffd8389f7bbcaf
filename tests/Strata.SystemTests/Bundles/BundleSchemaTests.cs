using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.SystemTests.Describing;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary>The published schema of config.yaml against our reader, by a validator that is not ours.</summary>
public sealed class BundleSchemaTests(SbomChecker checker) : IClassFixture<SbomChecker>
{
    private const string Layer = """
        schemaVersion: 2
        publisher: {author: A, company: C}
        publish: {tlsKey: aos-user-oem.p12, signKey: other.p12, domain: 'oem.example.com:10000'}
        items:
          - identity: {type: layer, codename: tools, title: T, description: D, urn: 'urn:x', id: 6ba7b810-9dad-11d1-80b4-00c04fd430c8}
            version: 1.0.0-rc.1
            images:
              - {archInfo: {architecture: arm, variant: v7}, osInfo: {os: Linux, version: '1', features: [a]}, path: linux-arm-1.tar.gz, mediaType: application/vnd.oci.image.layer.v1.tar+gzip}
            dependencies: [{identity: {type: layer, codename: libs}, versions: '>=1.0.0', includePreRelease: true, condition: started}]
        """;

    private const string Service = """
        items:
          - identity: {type: service, codename: demo}
            version: 1.0.0-test.1
            sourceFolder: src
            images:
              - {archInfo: {architecture: any}, sourceFolder: ., env: {A: '1'}, cmd: [run, it], workingDir: /app}
            configuration:
              cmd: run it
              workingDir: /
              env: [A=1]
              instances: {minInstances: 2, priority: 5, labels: [main]}
              layers: [libs, {uid: tools, minVersion: 1.0.0, maxVersion: 2.0.0}]
              skipResourceLimits: true
              balancingPolicy: disabled
              baseLayerIsNodeRootfs: false
              hostname: demo
              exposedPorts: [80, 7410-7449/udp]
              allowedConnections: [broker.example.com/1883/tcp]
              runtimes: [{type: runtime, codename: crun}, runc]
              runParameters: {startInterval: PT30S, startBurst: 3, restartInterval: PT1.5S}
              offlineTTL: P7DT1H
              downloadTTL: PT1H
              resources: [{name: camera0, mode: rw}, dbus]
              devices: [{name: gpio}]
              quotas: {cpuLimit: 10000, ramLimit: 128MiB, storageLimit: 2 MB, stateLimit: 4096, tmpLimit: 1KiB, uploadSpeed: 10Mb, downloadSpeed: 1kB, uploadLimit: 1GB, downloadLimit: 1, noFileLimit: 5, pidsLimit: 6}
              requestedResources: {cpu: 1, ram: 1MiB, storage: 1, state: 1}
              alertRules: {ram: {minTimeout: PT5S, minThreshold: 70, maxThreshold: 85.5}, upload: {minTimeout: PT1M, minThreshold: 1, maxThreshold: 2}}
              permissions: {vis: {'*': rw}}
              state: {filename: state.dat, required: true}
              sysctl: {net.core.somaxconn: 1024}
        """;

    /// <summary>Each is one change of a good document, to something that both must refuse.</summary>
    private static readonly (string Good, string From, string To)[] Slips =
    [
        (Layer, "schemaVersion: 2", "schemaVersion: 1"),
        (Layer, "publisher:", "publishers:"),
        (Layer, "tlsKey:", "tlskey:"),
        (Layer, "type: layer, codename: tools", "type: layr, codename: tools"),
        (Layer, "codename: tools", "codename: -tools"),
        (Layer, "version: 1.0.0-rc.1", "version: v1.0"),
        (Layer, "architecture: arm,", "architecture: armv7,"),
        (Layer, "architecture: arm,", "architecture: any,"),
        (Layer, "os: Linux", "os: QNX"),
        (Layer, "path: linux-arm-1.tar.gz", "sourceFolder: arm"),
        (Layer, "path: linux-arm-1.tar.gz", "path: ../x"),
        (Layer, "tar+gzip}", "tar+zstd}"),
        (Layer, "condition: started", "condition: soon"),
        (Layer, "includePreRelease: true", "includePreRelease: maybe"),
        (Layer, "identity: {type: layer, codename: libs}", "identity: {type: layer}"),
        (Service, "sourceFolder: .,", "sourceFolder: ., path: x,"),
        (Service, "minInstances: 2", "minInstances: 0"),
        (Service, "priority: 5", "priority: 1000000"),
        (Service, "uid: tools, ", ""),
        (Service, "skipResourceLimits: true", "skipResourceLimits: 1"),
        (Service, "balancingPolicy: disabled", "balancingPolicy: off"),
        (Service, "hostname: demo", "hostname: -demo"),
        (Service, "[80, ", "[0, "),
        (Service, "broker.example.com/1883/tcp", "broker"),
        (Service, "type: runtime", "type: layer"),
        (Service, "startInterval: PT30S", "startInterval: 30s"),
        (Service, "mode: rw", "mode: x"),
        (Service, "ramLimit: 128MiB", "ramLimit: 128 lots"),
        (Service, "ramLimit:", "ram:"),
        (Service, "cpuLimit: 10000", "cpuLimit: -1"),
        (Service, "maxThreshold: 85.5", "maxThreshold: 101"),
        (Service, ", maxThreshold: 85.5", ""),
        (Service, "'*': rw", "'*': x"),
        (Service, "filename: state.dat", "filename: /state.dat"),
        (Service, "net.core.somaxconn", "net core"),
        (Service, "env: [A=1]", "env: [A]"),
    ];

    [Fact]
    public async Task The_published_schema_and_the_reader_agree_on_good_and_bad_configurations()
    {
        using var folder = new TestFolder();
        var texts = Slips.Select(s => (Text: Changed(s), IsGood: false, Name: $"{s.From} -> {s.To}")).Prepend((Service, true, "service")).Prepend((Layer, true, "layer")).ToList();
        var wrong = new List<string>();
        var files = texts.Select((_, index) => folder[$"{index}.json"]).ToList();
        foreach (var (file, (text, isGood, name)) in files.Zip(texts))
        {
            if (BundleConfigReader.Read(text, "config.yaml") is Reading<BundleConfig>.Good != isGood) wrong.Add($"reader: {name}");
            await File.WriteAllTextAsync(file, Json(YamlDocument.Read(text, new MistakeList(""))!)!.ToJsonString(), TestContext.Current.CancellationToken);
        }
        var complaints = (await checker.OwnAsync("bundle.schema.json", files)).Split('\n');
        foreach (var (file, (_, isGood, name)) in files.Zip(texts))
        {
            var ofFile = complaints.Where(c => c.StartsWith(file, StringComparison.Ordinal)).ToList();
            if (ofFile.Count == 0 != isGood) wrong.Add($"schema: {name} {string.Join('\n', ofFile)}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_schema_knows_every_key_that_the_reader_knows()
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/formats/bundle.schema.json")));
        var defined = schema.RootElement.GetProperty("$defs");
        foreach (var (place, text, unknownAt) in new[]
        {
            ("configuration", Service, "cmd: run it"), ("item", Service, "version: 1.0.0-test.1"), ("image", Service, "cmd: [run, it]"),
        })
        {
            var unknown = text.Replace(unknownAt, place == "image" ? $"{unknownAt}, zzzzzzzzzzzzzz: 1" : $"zzzzzzzzzzzzzz: 1\n{(place == "item" ? "    " : "      ")}{unknownAt}", StringComparison.Ordinal);
            var bad = Assert.IsType<Reading<BundleConfig>.Bad>(BundleConfigReader.Read(unknown, "config.yaml"));
            var sentence = Assert.Single(bad.Mistakes).Message;
            var known = sentence[(sentence.IndexOf("known here are ", StringComparison.Ordinal) + 15)..^1].Split(", ").Order(StringComparer.Ordinal);
            Assert.Equal(known, defined.GetProperty(place).GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        }
    }

    private static string Changed((string Good, string From, string To) slip)
    {
        Assert.Contains(slip.From, slip.Good, StringComparison.Ordinal);
        return slip.Good.Replace(slip.From, slip.To, StringComparison.Ordinal);
    }

    /// <summary>As an editor's YAML 1.2 core schema types it.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => null,
        YamlScalar { IsPlain: true, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalar { IsPlain: true } text when long.TryParse(text.Value, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalar { IsPlain: true } text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalar text => JsonValue.Create(text.Value),
        YamlSequence list => new JsonArray([.. list.Items.Select(Json)]),
        YamlMapping map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Json(e.Value)))),
        _ => throw new ArgumentException(node.Kind),
    };
}
