using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;

namespace Strata.Tests.Artifacts.Bundles;

public sealed class ServiceSettingsTests
{
    [Fact]
    public void Every_documented_field_of_a_service_is_read_into_the_model()
    {
        var settings = Read("""
            skipResourceLimits: false
            balancingPolicy: disabled
            baseLayerIsNodeRootfs: false
            hostname: telemetry
            exposedPorts: [8080, 8089-8090/tcp, 7410-7449/udp]
            allowedConnections: [broker.sp.example.com/1883/tcp, 'map/5000-5010/udp']
            runtimes: [{type: runtime, codename: crun}, runc]
            runParameters: {startInterval: PT30S, startBurst: 3, restartInterval: PT1S}
            offlineTTL: P7D
            downloadTTL: PT1H
            resources: [{name: camera0, mode: rw}, {name: dbus}, audio]
            quotas:
              cpuLimit: 10000
              ramLimit: 128MiB
              storageLimit: 2 MB
              stateLimit: 4096
              tmpLimit: 1KiB
              uploadSpeed: 10Mb
              downloadSpeedLimit: 1kB
              uploadLimit: 1GB
              downloadLimit: 1GiB
              noFileLimit: 512
              pidsLimit: 64
            requestedResources: {cpu: 500, ram: 64MiB, storage: 1MB, state: 1kB}
            alertRules:
              ram: {minTimeout: PT5S, minThreshold: 70, maxThreshold: 85.5}
              upload: {minTimeout: PT1M, minThreshold: 1000, maxThreshold: 2000}
            permissions: {vis: {'Signal.Speed': r, 'Attribute.*': rw}}
            state: {filename: state/default.dat, required: true}
            sysctl: {net.core.somaxconn: 1024}
            """);
        Assert.Equal(new ServiceSettings
        {
            IsBalanced = false,
            BaseLayerIsNodeRootfs = false,
            HostName = "telemetry",
            ExposedPorts = [new(8080, 8080, Transport.Tcp), new(8089, 8090, Transport.Tcp), new(7410, 7449, Transport.Udp)],
            AllowedConnections = [new("broker.sp.example.com", new(1883, 1883, Transport.Tcp)), new("map", new(5000, 5010, Transport.Udp))],
            Runtimes = ["crun", "runc"],
            RunParameters = new(TimeSpan.FromSeconds(30), 3, TimeSpan.FromSeconds(1)),
            OfflineTimeToLive = TimeSpan.FromDays(7),
            DownloadTimeToLive = TimeSpan.FromHours(1),
            Resources = [new("camera0", "rw"), new("dbus", "r"), new("audio", "r")],
            Quotas = new()
            {
                Cpu = 10000, Ram = 128 << 20, Storage = 2_000_000, State = 4096, Temporary = 1024, UploadSpeed = 10_000_000, DownloadSpeed = 8000,
                Upload = 1_000_000_000, Download = 1L << 30, OpenFiles = 512, Processes = 64,
            },
            Requested = new(500, 64 << 20, 1_000_000, 1000),
            AlertRules = [new("ram", TimeSpan.FromSeconds(5), 70, 85.5), new("upload", TimeSpan.FromMinutes(1), 1000, 2000)],
            Permissions = [new("vis", "Attribute.*", "rw"), new("vis", "Signal.Speed", "r")],
            State = new("state/default.dat", true),
            KernelParameters = [new("net.core.somaxconn", "1024")],
        }, settings);
    }

    [Theory]
    [InlineData("quotas: {ramLimit: 128Mb}", "ramLimit: '128Mb' is no size; write bytes")]
    [InlineData("quotas: {ramLimit: 1.5}", "'1.5' is no size")]
    [InlineData("quotas: {ramLimit: 99999999999TiB}", "is no size")]
    [InlineData("quotas: {ramLimits: 1}", "did you mean 'ramLimit'?")]
    [InlineData("quotas: {uploadSpeed: fast}", "'fast' is no speed")]
    [InlineData("quotas: {uploadSpeed: 1, uploadSpeedLimit: 2}", "keep 'uploadSpeed'")]
    [InlineData("quotas: {cpuLimit: -1}", "'cpuLimit' must be a whole number")]
    [InlineData("offlineTTL: 30s", "'30s' is no duration; write it as ISO 8601 has it")]
    [InlineData("offlineTTL: -PT1S", "'-PT1S' is no duration")]
    [InlineData("exposedPorts: [0]", "'0' is no port")]
    [InlineData("exposedPorts: [90-80/tcp]", "is no port")]
    [InlineData("exposedPorts: [80/sctp]", "is no port")]
    [InlineData("allowedConnections: [broker]", "'broker' is no connection")]
    [InlineData("balancingPolicy: enable", "did you mean 'enabled'?")]
    [InlineData("hostname: under_score", "'under_score' is no host name")]
    [InlineData("runtimes: [{type: layer, codename: crun}]", "A runtime is of type runtime, not 'layer'.")]
    [InlineData("resources: [{name: x, mode: x}]", "'x' is no mode; write r, w or rw.")]
    [InlineData("permissions: {vis: r}", "must be a mapping of paths to r, w or rw")]
    [InlineData("alertRules: {cpu: {minTimeout: PT1S, minThreshold: 90, maxThreshold: 80}}", "minThreshold is 90, above maxThreshold, 80")]
    [InlineData("alertRules: {cpu: {minTimeout: PT1S, minThreshold: 90, maxThreshold: 101}}", "'maxThreshold' must be a number from 0 to 100")]
    [InlineData("alertRules: {cpu: {minTimeout: PT1S, minThreshold: 90}}", "needs 'maxThreshold'")]
    [InlineData("state: {filename: ../x}", "it must stay inside the bundle's folder")]
    [InlineData("sysctl: {'a b': 1}", "'a b' is no kernel parameter")]
    public void A_value_that_does_not_do_is_named_with_its_cure(string line, string sentence)
    {
        var bad = Assert.IsType<Reading<BundleConfig>.Bad>(BundleConfigReader.Read(Service(line), "config.yaml"));
        Assert.Contains(sentence, Assert.Single(bad.Mistakes).ToString(), StringComparison.Ordinal);
    }

    private static ServiceSettings Read(string configuration) => BundleConfigReader.Read(Service(configuration), "config.yaml") switch
    {
        Reading<BundleConfig>.Good good => Assert.Single(good.Value.Items).Settings,
        var bad => throw new Xunit.Sdk.XunitException(bad.ToString()),
    };

    private static string Service(string configuration) =>
        "items:\n  - identity: {type: service, codename: demo}\n    version: 1.0.0\n    images: [{archInfo: {architecture: any}, sourceFolder: .}]\n    configuration:\n"
        + string.Concat(configuration.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"      {l}\n"));
}
