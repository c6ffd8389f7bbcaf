using System.Globalization;
using Strata.Agent.Kernel;

namespace Strata.Agent.Running;

/// <summary>The control groups of one agent's containers, in whatever hierarchies the machine has.</summary>
/// <param name="root">Where control groups are mounted.</param>
internal sealed class Cgroups(string root = "/sys/fs/cgroup")
{
    /// <summary>Parent of every container's group.</summary>
    public const string Parent = "strata";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int Tries = 100;

    /// <summary>True on a machine with version 1 controllers and an extra unified hierarchy: crun 1.8 refuses to start there until it is out of sight.</summary>
    public bool IsHybrid => File.Exists(Path.Combine(UnifiedOfHybrid, "cgroup.procs")) && Directory.Exists(Path.Combine(root, "pids"));

    /// <summary>The extra hierarchy of a hybrid machine.</summary>
    public string UnifiedOfHybrid => Path.Combine(root, "unified");

    /// <summary>Names of containers that have a group left.</summary>
    public IReadOnlyList<string> Left(string prefix) =>
        [.. Groups().SelectMany(g => Directory.EnumerateDirectories(g, prefix + "*")).Select(g => Path.GetFileName(g)).Distinct(StringComparer.Ordinal)];

    /// <summary>Kills what is left in a container's groups and removes them. Groups that are gone are no error.</summary>
    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        foreach (var group in Groups().Select(g => Path.Combine(g, container)))
            for (var i = 0; i < Tries && Directory.Exists(group); i++)
            {
                KillAll(group);
                try { Directory.Delete(group); }
                catch (IOException) { await Task.Delay(Pause, cancellationToken); } // its processes are still on their way out
            }
    }

    /// <summary>Removes the parent groups where no other agent uses them.</summary>
    public void RemoveParents()
    {
        foreach (var group in Groups())
        {
            try { Directory.Delete(group); }
            catch (IOException) { } // another agent's containers are in there
        }
    }

    private static void KillAll(string group)
    {
        try
        {
            foreach (var pid in File.ReadLines(Path.Combine(group, "cgroup.procs")))
                SystemCalls.Signal(int.Parse(pid, CultureInfo.InvariantCulture), SystemCalls.SigKill);
        }
        catch (IOException) { } // the group went while it was read
    }

    private List<string> Groups() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(root).Append(root).Select(h => Path.Combine(h, Parent)).Where(Directory.Exists).ToList();
}
