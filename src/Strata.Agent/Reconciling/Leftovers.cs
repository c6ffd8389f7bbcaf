using Strata.Agent.Kernel;
using Strata.Agent.Mounting;
using Strata.Agent.Running;

namespace Strata.Agent.Reconciling;

/// <summary>What an agent that was killed left running and mounted beneath its root.</summary>
internal static class Leftovers
{
    /// <summary>Ends every container of this root, takes every mount beneath it away and removes the slots. Nothing left is no error.</summary>
    /// <returns>How many containers and mounts there were.</returns>
    public static async Task<(int Containers, int Mounts)> RemoveAsync(AgentFolders folders, Crun runtime, Cgroups cgroups)
    {
        var containers = runtime.Left(folders.ContainerPrefix);
        foreach (var container in containers) await runtime.DeleteAsync(container);
        cgroups.RemoveParents();
        var mounts = MountTable.Beneath(folders.Root);
        foreach (var mount in mounts) SystemCalls.Unmount(mount);
        // Only now: while something is mounted in a slot, removing the slot would reach into it.
        if (MountTable.Beneath(folders.Root).Count == 0 && Directory.Exists(folders.Run)) Directory.Delete(folders.Run, recursive: true);
        File.Delete(folders.Running);
        return (containers.Count, mounts.Count);
    }
}
