using System.Globalization;

namespace Strata.Agent.Kernel;

/// <summary>The children of this process: those that are waited for, and orphans that it inherited as their reaper.</summary>
/// <remarks>
/// Static because the kernel keeps children by process. A runtime that detaches leaves a helper behind that nobody waits for:
/// without a reaper each start would leave a zombie.
/// </remarks>
internal static class ChildProcesses
{
    private static readonly HashSet<int> Awaited = [];

    /// <summary>Held while a program is started and waited for, so that its exit code is not taken from whoever waits for it.</summary>
    public static SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>From now on somebody waits for <paramref name="pid"/>.</summary>
    public static void Await(int pid)
    {
        lock (Awaited) Awaited.Add(pid);
    }

    /// <summary>Nobody waits for <paramref name="pid"/> any more.</summary>
    public static void Forget(int pid)
    {
        lock (Awaited) Awaited.Remove(pid);
    }

    /// <summary>Lets go of children that have ended and for which nobody waits. Call it with the gate held.</summary>
    public static void ReapOrphans()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            if (!IsZombieOfOurs(folder)) continue;
            lock (Awaited)
            {
                if (!Awaited.Contains(pid)) SystemCalls.Reap(pid);
            }
        }
    }

    /// <remarks>Source: proc(5), "/proc/[pid]/stat": after the name in brackets come state and parent.</remarks>
    private static bool IsZombieOfOurs(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return fields[0] == "Z" && fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false; // it ended while it was looked at
        }
    }
}
