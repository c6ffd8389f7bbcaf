using System.Text;

namespace Strata.SystemTests.Agent;

/// <summary>The real agent process with real overlays and crun, against a small hub.</summary>
public sealed class AgentTests
{
    [Fact]
    public async Task Two_services_that_share_a_layer_fetch_it_once_unpack_it_once_and_see_one_inode()
    {
        await using var rig = await AgentRig.StartAsync();
        var shared = await rig.Hub.LayerAsync("opt/lib/shared", "of the layer");
        await rig.Hub.DesireAsync(("one", "1.0.0+aaaaaaaa", await rig.ServiceAsync("one", shared)), ("two", "1.0.0+aaaaaaaa", await rig.ServiceAsync("two", shared)));

        await rig.Hub.ActiveAsync("one", "1.0.0+aaaaaaaa");
        var status = await rig.Hub.ActiveAsync("two", "1.0.0+aaaaaaaa");

        Assert.Equal(1, rig.Hub.Fetches[shared.Digest.Hex]);
        Assert.Single(rig.Hub.Asked, shared.Digest.ToString());
        var (one, two) = (rig.Container("one"), rig.Container("two"));
        var stored = Directory.EnumerateFiles(Path.Combine(rig.Root, "l"), "shared", SearchOption.AllDirectories).Single();
        Assert.Equal("of the layer", File.ReadAllText($"/proc/{one}/root/opt/lib/shared"));
        Assert.Equal(AgentRig.Inode(stored), AgentRig.Inode($"/proc/{one}/root/opt/lib/shared"));
        Assert.Equal(AgentRig.Inode(stored), AgentRig.Inode($"/proc/{two}/root/opt/lib/shared"));
        Assert.False(File.Exists($"/proc/{one}/root/etc/secret"), "The base's /etc is hidden.");
        Assert.Equal("up one\n", rig.LogOf("one"));
        var node = Assert.Single(status.Nodes!);
        Assert.Equal(("unit-1-main", "crun", "amd64"), (node.Identity.Codename, node.Runtimes![0].RuntimeType, node.Cpus![0].ArchInfo.Architecture));
        Assert.True(node.TotalRam > 0 && node.Attrs!["StrataAgent"].Length > 0);
        Assert.Empty(rig.Hub.Faults);
    }

    [Fact]
    public async Task A_change_of_layer_switches_the_service_and_removes_what_is_not_used_any_more()
    {
        await using var rig = await AgentRig.StartAsync();
        var (old, now) = (await rig.Hub.LayerAsync("opt/lib/shared", "old"), await rig.Hub.LayerAsync("opt/lib/shared", "new"));
        await rig.Hub.DesireAsync(("one", "1.0.0+aaaaaaaa", await rig.ServiceAsync("one", old)));
        await rig.Hub.ActiveAsync("one", "1.0.0+aaaaaaaa");

        await rig.Hub.DesireAsync(("one", "1.0.0+bbbbbbbb", await rig.ServiceAsync("one", now)));
        var status = await rig.Hub.ActiveAsync("one", "1.0.0+bbbbbbbb");

        Assert.Single(status.Items!);
        Assert.Single(status.Instances!);
        Assert.Equal("new", File.ReadAllText($"/proc/{rig.Container("one")}/root/opt/lib/shared"));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "layers")).Count());
        Assert.Equal(4, Directory.EnumerateFiles(Path.Combine(rig.Root, "blobs", "sha256")).Count());
        Assert.Single(rig.Mounts());
        rig.Hub.Statuses.Clear();
        await rig.Hub.DesireAsync();
        await rig.Hub.StatusAsync(s => !s.IsDeltaInfo && s.Items!.Length == 0 && s.Instances!.Length == 0);
        Assert.True(rig.Containers().Count + rig.Mounts().Count == 0, rig.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "layers")));
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_stopped()
    {
        await using var rig = await AgentRig.StartAsync();
        var big = await rig.Hub.LayerAsync(("opt/big", System.Security.Cryptography.RandomNumberGenerator.GetBytes(600_000)));
        rig.Hub.CutOnce[big.Digest.Hex] = 300_000;

        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one", big)));
        await rig.Hub.ActiveAsync("one", "1.0.0");

        Assert.Equal(1, rig.Hub.Fetches[big.Digest.Hex]);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(rig.Root, "downloads")));
    }

    [Fact]
    public async Task Sigterm_stops_every_instance_and_leaves_no_mount_and_no_group()
    {
        await using var rig = await AgentRig.StartAsync();
        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one")), ("two", "1.0.0", await rig.ServiceAsync("two")));
        await rig.Hub.ActiveAsync("two", "1.0.0");
        Assert.Equal(2, rig.Containers().Count);

        var code = await rig.StopAgentAsync();

        Assert.Equal(0, code);
        Assert.Empty(rig.Containers());
        Assert.Empty(rig.Mounts());
        Assert.Empty(rig.Groups());
    }

    [Fact]
    public async Task After_a_kill_the_next_start_clears_up_and_runs_again_without_the_hub()
    {
        await using var rig = await AgentRig.StartAsync();
        var shared = await rig.Hub.LayerAsync("opt/lib/shared", "kept");
        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one", shared)));
        await rig.Hub.ActiveAsync("one", "1.0.0");
        var before = rig.Container("one");
        var layer = AgentRig.Inode($"/proc/{before}/root/opt/lib/shared");

        await rig.KillAgentAsync();
        Assert.Single(rig.Containers());
        rig.StartAgent("https://localhost:1");
        await rig.EventuallyAsync(() => rig.Containers() is [var pid] && pid != before && File.Exists($"/proc/{pid}/root/opt/lib/shared"), "the service runs anew");

        Assert.Equal(layer, AgentRig.Inode($"/proc/{rig.Container("one")}/root/opt/lib/shared"));
        Assert.Single(rig.Mounts());
        Assert.Equal(1, rig.Hub.Fetches[shared.Digest.Hex]);
        Assert.Contains("Ended 1 containers and took 1 mounts away", rig.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_again_and_again_at_whatever_it_does_it_ends_up_with_each_service_running_once()
    {
        const int Kills = 8;
        await using var rig = await AgentRig.StartAsync(withAgent: false);
        var shared = await rig.Hub.LayerAsync(("opt/lib/shared", System.Security.Cryptography.RandomNumberGenerator.GetBytes(3_000_000)));
        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one", shared)), ("two", "1.0.0", await rig.ServiceAsync("two", shared)));

        for (var kill = 0; kill < Kills; kill++)
        {
            rig.StartAgent();
            await Task.Delay(200 + (kill * 150), TestContext.Current.CancellationToken);
            await rig.KillAgentAsync();
        }
        rig.Hub.Statuses.Clear();
        rig.StartAgent();
        await rig.Hub.ActiveAsync("one", "1.0.0");
        await rig.Hub.ActiveAsync("two", "1.0.0");

        Assert.NotEqual(rig.Container("one"), rig.Container("two"));
        Assert.Equal((2, 2, 2), (rig.Containers().Count, rig.Mounts().Count, rig.Groups().Count));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "ingest")));
        Assert.Equal(3, Directory.EnumerateDirectories(Path.Combine(rig.Root, "l")).Count());
    }

    [Fact]
    public async Task A_hub_that_goes_away_costs_no_service_and_is_found_again()
    {
        await using var rig = await AgentRig.StartAsync();
        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one")));
        await rig.Hub.ActiveAsync("one", "1.0.0");
        var running = rig.Container("one");

        await rig.RestartHubAsync();
        await rig.Hub.ActiveAsync("one", "1.0.0");

        Assert.Equal(running, rig.Container("one"));
        Assert.Empty(rig.Hub.Faults);
    }

    [Fact]
    public async Task A_dropped_connection_is_taken_up_again_with_the_same_token_and_a_refused_token_asks_discovery()
    {
        await using var rig = await AgentRig.StartAsync();
        await rig.Hub.StatusAsync(s => !s.IsDeltaInfo);

        rig.Hub.Drop();
        await rig.EventuallyAsync(() => rig.Hub.Connections == 2 && rig.Hub.IsGreeted, "a full status on a second connection");
        Assert.Equal(1, rig.Hub.Discoveries);

        rig.Hub.Token = "token-2";
        rig.Hub.Drop();
        await rig.EventuallyAsync(() => rig.Hub.Connections == 3 && rig.Hub.IsGreeted, "a full status on a third connection, with the new token");
        Assert.Equal(2, rig.Hub.Discoveries);
        Assert.Empty(rig.Hub.Faults);
    }

    [Fact]
    public async Task A_hub_whose_certificate_is_not_under_the_fleet_root_is_not_spoken_to()
    {
        await using var rig = await AgentRig.StartAsync(withAgent: false);
        var foreign = new TestPki(Path.Combine(rig.Folder, "foreign"), isForeign: true);
        await using var other = await TestHub.StartAsync(foreign);

        rig.StartAgent(other.Address);
        await rig.EventuallyAsync(() => rig.Output.Contains("was not reached", StringComparison.Ordinal), "the agent says why");

        Assert.Equal(0, other.Discoveries);
    }

    [Fact]
    public async Task A_second_agent_on_the_same_root_says_who_has_it()
    {
        await using var rig = await AgentRig.StartAsync();
        await rig.Hub.StatusAsync(s => !s.IsDeltaInfo);
        var first = rig.AgentPid;
        await using var second = await AgentRig.StartAsync(withAgent: false);

        var start = new System.Diagnostics.ProcessStartInfo(
            Path.Combine(Strata.Tests.Building.Repository.Root, "artifacts/bin/Strata.Agent/release/strata-agent"), ["--root", rig.Root, "cleanup"]) { RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var words = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"in use by process {first}", words, StringComparison.Ordinal);
    }
}
