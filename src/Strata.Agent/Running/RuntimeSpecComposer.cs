using Strata.Model.Units;

namespace Strata.Agent.Running;

/// <summary>Composes the OCI runtime configuration of an instance. Pure.</summary>
/// <remarks>
/// Safe by default: read-only root, no capability, no new privileges, an unprivileged user, no device but the harmless ones,
/// and namespaces of its own for processes, mounts, IPC, host name and network (an empty one: loopback alone).
/// </remarks>
internal static class RuntimeSpecComposer
{
    /// <summary>User and group ids of services start here, as AosCore's do.</summary>
    public const int FirstUser = 5000;

    private const int MostProcesses = 1024;
    private const ulong MostOpenFiles = 4096;
    private static readonly string[] Namespaces = ["pid", "mount", "ipc", "uts", "network"];

    // The same lists that container engines use: parts of /proc and /sys through which a container could look or reach out.
    private static readonly string[] Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/sys/firmware", "/sys/devices/virtual/powercap",
    ];
    private static readonly string[] ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>The configuration of one instance.</summary>
    /// <param name="rootfs">The mounted stack.</param>
    /// <param name="user">User and group id on the host.</param>
    /// <param name="cgroup">Absolute path of its control group.</param>
    public static RuntimeSpec Compose(ServiceProcess process, string rootfs, string hostname, int user, string cgroup) => new(
        "1.0.2",
        new(
            Terminal: false,
            new(user, user),
            [.. process.Arguments],
            WithDefaults(process.Environment),
            process.WorkingDirectory,
            SpecCapabilities.None,
            NoNewPrivileges: true,
            [new("RLIMIT_NOFILE", MostOpenFiles, MostOpenFiles)]),
        new(rootfs, ReadOnly: true),
        hostname,
        [
            new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]),
            new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
            new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
            new("/tmp", "tmpfs", "tmpfs", ["nosuid", "nodev", "mode=1777", "size=65536k"]),
        ],
        new(
            cgroup,
            [.. Namespaces.Select(type => new SpecNamespace(type))],
            new([new(Allow: false, "rwm")], new(MostProcesses)),
            Masked,
            ReadOnly));

    private static string[] WithDefaults(IReadOnlyCollection<string> environment)
    {
        var defaults = new[] { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp" };
        return [.. environment, .. defaults.Where(d => !environment.Any(e => e.StartsWith(d[..(d.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)))];
    }
}
