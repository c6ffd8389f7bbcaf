using System.Diagnostics;
using System.Globalization;
using System.Text;
using Strata.Tests.Building;

namespace Strata.SystemTests.Agent;

/// <summary>A unit's folder, its agent as a process, and the hub it talks to. Needs root, crun and busybox.</summary>
public sealed class AgentRig : IAsyncDisposable
{
    private const string Sleep = "exec /bin/busybox sleep 1000";
    private readonly StringBuilder _output = new();
    private Process? _agent;

    private AgentRig(string folder, TestPki pki, TestHub hub) => (Folder, Pki, Hub) = (folder, pki, hub);

    public string Folder { get; }

    public TestPki Pki { get; }

    public TestHub Hub { get; private set; }

    public string Root => Path.Combine(Folder, "unit");

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public int AgentPid => _agent!.Id;

    public static async Task<AgentRig> StartAsync(bool withAgent = true)
    {
        var folder = Directory.CreateTempSubdirectory("strata-agent-").FullName;
        var pki = new TestPki(Path.Combine(folder, "pki"));
        var rig = new AgentRig(folder, pki, await TestHub.StartAsync(pki));
        Directory.CreateDirectory(Path.Combine(folder, "base", "bin"));
        Directory.CreateDirectory(Path.Combine(folder, "base", "etc"));
        File.WriteAllText(Path.Combine(folder, "base", "etc", "secret"), "of the base");
        File.Copy("/bin/busybox", Path.Combine(folder, "base", "bin", "busybox"));
        if (withAgent) rig.StartAgent();
        return rig;
    }

    public void StartAgent(string? address = null)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts/bin/Strata.Agent/release/strata-agent")) { RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "--root", Root, "--cert", Pki.PathOf("unit.p12"), "--ca", Pki.PathOf("fleet-root.crt"), "--base", Path.Combine(Folder, "base"),
            "--visible", "bin", "--discovery", $"{address ?? Hub.Address}/sd/v7/",
        }) start.ArgumentList.Add(argument);
        _agent = Process.Start(start)!;
        _agent.ErrorDataReceived += (_, line) => { lock (_output) _output.AppendLine(line.Data); };
        _agent.BeginErrorReadLine();
    }

    /// <summary>A service of one own layer over shared ones that says <c>up</c> and stays.</summary>
    public async Task<string> ServiceAsync(string name, params Strata.Model.Units.LayerBlob[] shared) =>
        Hub.Image($"echo up {name}; {Sleep}", await Hub.LayerAsync($"srv/{name}", name), shared);

    public string LogOf(string item) => File.ReadAllText(Path.Combine(Root, "logs", $"{item}-subject--0.log"));

    /// <summary>Process ids of containers beneath this root, found by their control groups and not by the agent's word.</summary>
    public IReadOnlyList<int> Containers() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && RootMount(pid)?.Contains(Root + "/", StringComparison.Ordinal) == true),
    ];

    /// <summary>The container that sees the own file of a service of <see cref="ServiceAsync"/>.</summary>
    public int Container(string item) => Containers().Single(pid => File.Exists($"/proc/{pid}/root/srv/{item}"));

    public static long Inode(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-L", "-c", "%i", path]) { RedirectStandardOutput = true })!;
        return long.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<string> Mounts() => [.. File.ReadLines("/proc/self/mountinfo").Where(l => l.Contains($" {Root}/", StringComparison.Ordinal))];

    public IReadOnlyList<string> Groups() => Directory.Exists("/sys/fs/cgroup/pids/strata")
        ? [.. Directory.EnumerateDirectories("/sys/fs/cgroup/pids/strata").Where(g => g.Contains(Prefix, StringComparison.Ordinal))]
        : [];

    public async Task KillAgentAsync()
    {
        _agent!.Kill();
        await _agent.WaitForExitAsync();
    }

    public async Task<int> StopAgentAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_agent!.Id}"]);
        await _agent.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(15));
        return _agent.ExitCode;
    }

    public async Task RestartHubAsync()
    {
        var (port, old) = (new Uri(Hub.Address).Port, Hub);
        await old.DisposeAsync();
        Hub = await TestHub.StartAsync(Pki, port, after: old);
    }

    public async Task EventuallyAsync(Func<bool> holds, string what)
    {
        for (var i = 0; i < 1500; i++)
        {
            if (holds()) return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"Within 30 s this did not come to hold: {what}.\n{Hub}\nThe agent said:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) TestContext.Current.SendDiagnosticMessage(Output);
        if (_agent is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_agent.Id}"]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try { await _agent.WaitForExitAsync(patience.Token); }
            catch (OperationCanceledException) { _agent.Kill(); }
        }
        using (var cleanup = Process.Start(new ProcessStartInfo(
            Path.Combine(Repository.Root, "artifacts/bin/Strata.Agent/release/strata-agent"), ["--root", Root, "cleanup"]) { RedirectStandardError = true })!)
            await cleanup.WaitForExitAsync();
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string Prefix => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Root)).AsSpan(0, 4));

    private static string? RootMount(int pid)
    {
        try { return File.ReadLines($"/proc/{pid}/mountinfo").FirstOrDefault(l => l.Split(' ')[4] == "/" && l.Contains(" - overlay ", StringComparison.Ordinal)); }
        catch (IOException) { return null; }
        catch (UnauthorizedAccessException) { return null; }
    }
}
