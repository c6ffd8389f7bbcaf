using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Strata.Agent.Kernel;

namespace Strata.Agent.Running;

/// <summary>Starts and ends containers with an OCI runtime, crun 1.8 or later.</summary>
/// <remarks>
/// On a machine with a hybrid cgroup layout crun 1.8 gives up ("cgroups in hybrid mode not supported"), so there it is called in a
/// mount namespace of its own from which the unified hierarchy is taken away. Containers are started detached: a runtime that
/// stayed would keep a copy of every mount alive in that namespace.
/// </remarks>
/// <param name="program">Name or path of the runtime.</param>
/// <param name="state">Where the runtime keeps its state.</param>
internal sealed class Crun(string program, string state, Cgroups cgroups)
{
    private const string Call = """exec "$@" >>"$STRATA_OUTPUT" 2>&1 </dev/null""";
    private const string CallWithoutUnified = $"""umount "$STRATA_UNIFIED" && {Call}""";

    /// <summary>Starts a container.</summary>
    /// <param name="bundle">Folder that <c>config.json</c> is written to.</param>
    /// <param name="log">File that its standard output and error are appended to.</param>
    /// <exception cref="ContainerException">The runtime refused; the message holds its words.</exception>
    public async Task<Container> StartAsync(string id, string bundle, RuntimeSpec spec, string log)
    {
        await using (var config = File.Create(Path.Combine(bundle, "config.json")))
            await JsonSerializer.SerializeAsync(config, spec, RuntimeSpecJson.Default.RuntimeSpec);
        var (pidFile, errors) = (Path.Combine(bundle, "pid"), Path.Combine(bundle, "runtime.log"));
        File.Delete(pidFile);
        File.Delete(errors);
        await ChildProcesses.Gate.WaitAsync();
        int code;
        try
        {
            // Not cancelled half-way: a runtime that is killed while it works leaves a container that nobody knows of.
            code = await CallAsync(log, ["--log", errors, "run", "--detach", "--pid-file", pidFile, "--bundle", bundle, id]);
            if (code == 0 && int.TryParse(await ReadAsync(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                return new(id, pid, () => DeleteAsync(id));
        }
        finally
        {
            ChildProcesses.ReapOrphans();
            ChildProcesses.Gate.Release();
        }
        var words = (await ReadAsync(errors)).Trim();
        await DeleteAsync(id);
        throw new ContainerException($"{program} exited with {code}: {(words.Length == 0 ? $"see {log}" : words)}");
    }

    /// <summary>Ends and removes whatever is left of a container: processes, runtime state, control groups. Nothing left is no error.</summary>
    public async Task DeleteAsync(string id)
    {
        if (Directory.Exists(Path.Combine(state, id)))
        {
            await ChildProcesses.Gate.WaitAsync();
            try { await CallAsync("/dev/null", ["delete", "--force", id]); }
            finally
            {
                ChildProcesses.ReapOrphans();
                ChildProcesses.Gate.Release();
            }
        }
        await cgroups.RemoveAsync(id, CancellationToken.None);
        if (Directory.Exists(Path.Combine(state, id))) Directory.Delete(Path.Combine(state, id), recursive: true);
    }

    /// <summary>Ids of containers of which the runtime or a control group knows.</summary>
    /// <param name="prefix">What the ids of this agent begin with.</param>
    public IReadOnlyList<string> Left(string prefix) =>
        [.. (Directory.Exists(state) ? Directory.EnumerateDirectories(state).Select(d => Path.GetFileName(d)) : [])
            .Concat(cgroups.Left(prefix)).Distinct(StringComparer.Ordinal)];

    private async Task<int> CallAsync(string output, string[] arguments)
    {
        Directory.CreateDirectory(state);
        var isHybrid = cgroups.IsHybrid;
        var call = new ProcessStartInfo(isHybrid ? "unshare" : "sh") { UseShellExecute = false };
        if (isHybrid) foreach (var argument in new[] { "-m", "sh" }) call.ArgumentList.Add(argument);
        foreach (var argument in new[] { "-c", isHybrid ? CallWithoutUnified : Call, "sh", program, "--root", state, "--cgroup-manager=cgroupfs" })
            call.ArgumentList.Add(argument);
        foreach (var argument in arguments) call.ArgumentList.Add(argument);
        call.Environment["STRATA_OUTPUT"] = output;
        call.Environment["STRATA_UNIFIED"] = cgroups.UnifiedOfHybrid;
        try
        {
            using var process = Process.Start(call)!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new ContainerException($"'{call.FileName}' could not be started: {missing.Message}.");
        }
    }

    private static async Task<string> ReadAsync(string file)
    {
        const int Longest = 4096;
        if (!File.Exists(file)) return "";
        using var reader = new StreamReader(file);
        var buffer = new char[Longest];
        return new(buffer, 0, await reader.ReadBlockAsync(buffer));
    }
}

/// <summary>A container did not start. Another try may help.</summary>
internal sealed class ContainerException(string message) : IOException(message);
