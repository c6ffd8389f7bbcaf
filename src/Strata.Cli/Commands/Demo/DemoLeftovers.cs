using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Demo;

/// <summary>A process that a demo started.</summary>
/// <param name="Started">The kernel's start time in clock ticks since boot: with the pid it names one process for ever.</param>
internal sealed record DemoProcess(int Pid, string Started);

/// <summary>Processes, mounts and files that an earlier run left, however it ended.</summary>
internal static class DemoLeftovers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Notes a process, so that the next run can end it.</summary>
    public static void Note(DemoFolder folder, int pid)
    {
        var all = Read(folder);
        all.Add(new(pid, StartOf(pid) ?? ""));
        var partial = folder.Processes + ".new";
        File.WriteAllText(partial, JsonSerializer.Serialize([.. all], DemoProcessJson.Default.DemoProcessArray));
        File.Move(partial, folder.Processes, overwrite: true);
    }

    /// <summary>Ends what runs, takes away what is mounted, and empties the folder but for the target, which never changes.</summary>
    /// <param name="agent">The agent's program: it alone knows how to take its containers and mounts away.</param>
    public static async Task RemoveAsync(DemoFolder folder, string agent, CancellationToken cancellation)
    {
        foreach (var left in Read(folder).Where(IsAlive)) Signals.Send(left.Pid, Signals.Terminate);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        grace.CancelAfter(Grace);
        foreach (var left in Read(folder))
        {
            while (IsAlive(left) && !grace.IsCancellationRequested) await Task.Delay(20, cancellation);
            if (IsAlive(left)) Signals.Send(left.Pid, Signals.Kill);
        }

        if (Directory.Exists(folder.Unit))
        {
            var log = Path.Combine(folder.Root, "cleanup.log");
            await using var cleanup = BackgroundProgram.Start("agent's cleanup", agent, ["--root", folder.Unit, "cleanup"], log);
            if (await cleanup.ExitAsync(cancellation) != 0)
                throw new CommandFailure(ExitCode.Failed, $"What an earlier demo left in {folder.Unit} could not be taken away; {log} says why.");
        }
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder.Root).Where(entry => entry != folder.Lock && entry != folder.Target))
        {
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }
    }

    private static List<DemoProcess> Read(DemoFolder folder) => File.Exists(folder.Processes)
        ? [.. JsonSerializer.Deserialize(File.ReadAllText(folder.Processes), DemoProcessJson.Default.DemoProcessArray)!]
        : [];

    private static bool IsAlive(DemoProcess process) => process.Started.Length > 0 && StartOf(process.Pid) == process.Started;

    // Field 22 of stat; counted behind the name, which may hold blanks and brackets. A zombie has ended. Source: proc_pid_stat(5).
    private static string? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(DemoProcess[]))]
internal sealed partial class DemoProcessJson : JsonSerializerContext;
