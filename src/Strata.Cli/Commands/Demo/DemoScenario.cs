using System.Diagnostics;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Demo;

/// <summary>How the demo runs.</summary>
/// <param name="Samples">The checkout's samples folder.</param>
/// <param name="HubProgram">The hub's executable.</param>
/// <param name="AgentProgram">The agent's executable.</param>
/// <param name="NoCache">Build the layers anew although the cache has them.</param>
/// <param name="Keep">Leave hub and unit running.</param>
internal sealed record DemoOptions(string Samples, string HubProgram, string AgentProgram, bool NoCache, bool Keep);

/// <summary>The main job, from recipes to running services, step by step with the commands that a person would type.</summary>
internal sealed class DemoScenario(DemoFolder folder, DemoOptions options, CommandRunner commands, StepClock clock)
{
    private const string UnitId = "demo-unit";
    private static readonly string[] Services = ["numbers", "planner", "weather"];
    private static readonly string[] Updates = ["2.0.0", "1.1.0"];
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeployLimit = TimeSpan.FromSeconds(60);
    private readonly Dictionary<DiffId, LayerDescription> _built = [];
    private bool _cached = true;

    /// <summary>Runs it all.</summary>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        await clock.RunAsync("Clear what an earlier run left", () => DemoLeftovers.RemoveAsync(folder, options.AgentProgram, cancellation));
        foreach (var path in new[] { folder.Logs, folder.Unit }) Directory.CreateDirectory(path);

        await clock.RunAsync("Make the certificates", async () =>
        {
            await commands.RunAsync(["pki", "init", folder.Pki], cancellation);
            await commands.RunAsync(["pki", "unit", folder.Pki, UnitId], cancellation);
        });
        await clock.RunAsync("Bootstrap the base root file system", () =>
            commands.RunAsync(["target", Directory.Exists(folder.Target) ? "show" : "init", folder.Target], cancellation));

        await using var hub = StartHub();
        await clock.RunAsync("Build two layers from recipes", () => BuildAsync([Recipe("aos-pylibs-layer"), Recipe("aos-numlibs-layer")], folder.Deploy, cancellation));
        var address = await clock.RunAsync("Wait for the hub", () => ReadyAsync(hub, cancellation));
        string[] oem = ["--hub", address.Api, "--key", Path.Combine(folder.Pki, "aos-user-oem.p12"), "--ca", Path.Combine(folder.Pki, "fleet-root.crt")];
        string[] provider = ["--hub", address.Api, "--key", Path.Combine(folder.Pki, "aos-user-sp.p12"), "--ca", Path.Combine(folder.Pki, "fleet-root.crt")];

        await clock.RunAsync("Publish target and layers (OEM)", async () =>
        {
            await commands.RunAsync(["target", "publish", folder.Target, .. oem], cancellation);
            await commands.RunAsync(["bundle", "go", "--config", Path.Combine(folder.Deploy, "layers", "config.yaml"), .. oem], cancellation);
        });
        await clock.RunAsync("Browse layers and upload three services (service provider)", async () =>
        {
            await commands.ShowAsync(["layers", "list", .. provider], cancellation);
            await commands.ShowAsync(["layers", "show", "pylibs@1.0.0", .. provider], cancellation);
            var services = CopyTree(Path.Combine(options.Samples, "services"), folder.Services);
            await commands.ShowAsync(["service", "upload", "--config", Path.Combine(services, "config.yaml"), .. provider], cancellation);
        });
        await clock.RunAsync("Assign the services to a unit (OEM)", async () =>
        {
            await commands.RunAsync(["unit", "new", UnitId, "--target", "debian-bookworm-amd64", .. oem], cancellation);
            await commands.ShowAsync(["unit", "assign", UnitId, .. Services, .. oem], cancellation);
        });

        await using var unit = StartUnit(address.Discovery);
        await clock.RunAsync("Start the unit: download, unpack, mount, run", () =>
            unit.WaitUntilAsync(() => Runs("1.0.0"), "three services ran on pylibs 1.0.0", DeployLimit, cancellation));
        await clock.RunAsync("Build pylibs 1.1.0 (adds a package) and 2.0.0 (removes one)", () => Task.WhenAll(
            Updates.Select(version => BuildAsync([Recipe("aos-pylibs-layer"), "--conf", Update(version)], DeployOf(version), cancellation))));
        await clock.RunAsync("Publish both; the services move by themselves", async () =>
        {
            await Task.WhenAll(Updates.Select(version =>
                commands.RunAsync(["bundle", "go", "--config", Path.Combine(DeployOf(version), "layers", "config.yaml"), .. oem], cancellation)));
            await unit.WaitUntilAsync(() => Runs("1.1.0"), "two services moved to pylibs 1.1.0", DeployLimit, cancellation);
        });

        await commands.ShowAsync(["unit", "show", UnitId, .. oem], cancellation);
        var (witness, facts) = await clock.RunAsync("Look at mounts, /proc and the store", () => LookAsync(cancellation));
        var layers = witness.Layers;
        if (options.Keep)
        {
            hub.Release();
            unit.Release();
        }
        return new(
            facts.All(fact => fact.Seen), _cached ? "cache" : "anew", clock.Steps, layers, witness.Reports, facts,
            layers.Sum(l => l.Bytes), layers.Sum(l => l.Saved), clock.Elapsed.TotalSeconds, options.Keep ? address.SignIn : null);
    }

    private string Recipe(string name) => Path.Combine(options.Samples, "recipes-aos-layers", name, name + ".bb");

    // The signed bundle is written beside its config.yaml, and the checkout shall stay as it is.
    private static string CopyTree(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }

    private string Update(string version) => Path.Combine(options.Samples, "updates", $"pylibs-{version}.conf");

    private string DeployOf(string version) => $"{folder.Deploy}-{version}";

    private async Task BuildAsync(string[] what, string deploy, CancellationToken cancellation)
    {
        string[] anew = options.NoCache ? ["--no-cache"] : [];
        var result = await commands.RunAsync(["layer", "build", .. what, "--path", options.Samples, "--target", folder.Target, "--deploy", deploy, .. anew], cancellation);
        foreach (var layer in result.EnumerateArray())
        {
            lock (_built)
            {
                _cached &= layer.GetProperty("wasCached").GetBoolean();
                var description = LayerDescriptionJson.Read(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(layer.GetProperty("archive").GetString()!)!, "layer.json")));
                _built[description.Archive.DiffId] = description;
            }
        }
    }

    private BackgroundProgram StartHub()
    {
        string[] ports = ["--api-port", "0", "--units-port", "0", "--blobs-port", "0", "--portal-port", "0", "--portal-mtls-port", "0"];
        return Start("hub", options.HubProgram, ["--data", folder.Hub, "--pki", folder.Pki, .. ports]);
    }

    private BackgroundProgram StartUnit(string discovery) => Start("unit", options.AgentProgram,
    [
        "--root", folder.Unit,
        "--cert", Path.Combine(folder.Pki, "units", UnitId + ".p12"),
        "--ca", Path.Combine(folder.Pki, "fleet-root.crt"),
        "--base", Path.Combine(folder.Target, "rootfs"),
        "--discovery", discovery,
    ]);

    private BackgroundProgram Start(string name, string program, string[] arguments)
    {
        var started = BackgroundProgram.Start(name, program, arguments, Path.Combine(folder.Logs, name + ".log"));
        DemoLeftovers.Note(folder, started.Pid);
        return started;
    }

    private async Task<HubAddress> ReadyAsync(BackgroundProgram hub, CancellationToken cancellation)
    {
        var file = Path.Combine(folder.Hub, "hub.json");
        var text = await hub.WaitUntilAsync(() => File.Exists(file) ? File.ReadAllText(file) : null, "it was ready", StartLimit, cancellation);
        return JsonSerializer.Deserialize(text, HubAddressJson.Default.HubAddress)!;
    }

    private UnitWitness Witness() => new(folder.Unit, Path.Combine(folder.Unit, "logs"), _built);

    /// <summary>The facts as soon as all are seen, or as they are when the time is over: a service that was moved takes a moment to print.</summary>
    private async Task<(UnitWitness Witness, IReadOnlyList<WitnessedFact> Facts)> LookAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var witness = Witness();
            var facts = DemoFacts.Of(witness, _built.Values);
            if (facts.All(fact => fact.Seen) || clock.Elapsed > DeployLimit) return (witness, facts);
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Something once every service runs and has printed its report, those that may move over <paramref name="version"/> of pylibs; null before.</summary>
    private string? Runs(string version)
    {
        var witness = Witness();
        var moved = witness.Containers.Where(c => c.Service is "planner" or "weather" && witness.LayersOf(c).Contains($"pylibs {version}"));
        var printed = witness.Containers.Join(witness.Reports, c => c.Service, r => r.Service, (c, _) => c.Service);
        return moved.Count() == 2 && printed.SequenceEqual(Services) ? version : null;
    }
}
