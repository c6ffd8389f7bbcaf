using Strata.Agent.Kernel;

namespace Strata.Agent.Mounting;

/// <summary>Mounts the stack of an instance under its slot, and takes it away.</summary>
/// <remarks>
/// Top to bottom: mount points and network files; the instance's layers; whiteouts of the base; base.
/// The mounts are made in the host's namespace on purpose: anybody can check them there.
/// </remarks>
internal sealed class OverlayMounter(BaseView baseView)
{
    private static readonly string[] MountPoints = ["proc", "sys", "dev", "tmp", "etc"];

    /// <summary>Mounts and gives back the root of the mounted tree.</summary>
    /// <param name="slot">Folder of the instance; it comes into being here.</param>
    /// <param name="layers">Folders of the unpacked layers, topmost first.</param>
    /// <param name="hostname">Goes into <c>/etc/hosts</c>.</param>
    /// <exception cref="StackRefusedException">The stack cannot be put into mount options.</exception>
    /// <exception cref="KernelException">The kernel refused the mount.</exception>
    public string Attach(string slot, IEnumerable<string> layers, string hostname)
    {
        var top = Path.Combine(slot, "mounts");
        var stack = OverlayStack.Of([top, .. layers, .. baseView.Lowers]);
        WriteTop(top, hostname);
        var root = Directory.CreateDirectory(Path.Combine(slot, "rootfs")).FullName;
        SystemCalls.MountOverlay(root, stack.Options);
        return root;
    }

    /// <summary>Unmounts what is mounted in the slot and removes its folder. A slot that is not there is no error.</summary>
    public static void Detach(string slot)
    {
        foreach (var mount in MountTable.Beneath(slot)) SystemCalls.Unmount(mount);
        if (Directory.Exists(slot)) Directory.Delete(slot, recursive: true);
    }

    private static void WriteTop(string top, string hostname)
    {
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var folder in MountPoints.Select(name => Path.Combine(top, name)).Prepend(top))
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Everybody); // whatever umask the agent was started under
        }
        File.WriteAllText(Path.Combine(top, "etc", "hosts"), $"127.0.0.1 localhost {hostname}\n::1 localhost {hostname}\n");
        File.WriteAllText(Path.Combine(top, "etc", "resolv.conf"), "");
        foreach (var file in new[] { "hosts", "resolv.conf" })
            File.SetUnixFileMode(Path.Combine(top, "etc", file), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
