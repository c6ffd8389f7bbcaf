using System.Runtime.InteropServices;

namespace Strata.Build.Processes;

/// <summary>Lets a command run programs of another architecture, as those of packages that are installed into a foreign root.</summary>
/// <remarks>
/// The kernel is told of the emulator in a user namespace of its own, which goes away with the command: the machine's own settings are not touched.
/// Source: Linux 6.7, binfmt_misc in user namespaces; binfmt.d(5).
/// </remarks>
/// <param name="Registration">A file with what binfmt_misc is told.</param>
internal sealed record Emulation(string Registration)
{
    private const string Folder = "/usr/lib/binfmt.d";

    /// <summary>What a target needs; null when its programs run here.</summary>
    /// <param name="oci">The target's architecture by OCI's name.</param>
    /// <exception cref="ToolMissingException">The emulator is not installed.</exception>
    public static Emulation? For(string oci)
    {
        if (RunsHere(oci)) return null;
        var program = oci switch
        {
            "arm64" => "qemu-aarch64",
            "amd64" => "qemu-x86_64",
            "386" => "qemu-i386",
            _ => "qemu-" + oci,
        };
        var registration = Path.Combine(Folder, program + ".conf");
        return File.Exists(registration) ? new(registration) : throw new ToolMissingException(program + "-static");
    }

    /// <summary>The command as it has to be started: in a mount namespace of its own, with the emulator known in the user namespace beneath.</summary>
    /// <remarks>It needs root, ends with the command's exit code, and stays in the process group of whoever starts it.</remarks>
    public IReadOnlyList<string> Around(IReadOnlyList<string> command) =>
        ["unshare", "--mount", "/bin/sh", "-c", Outer, "strata", Inner, Registration, .. command];

    // The kernel looks a foreign program's emulator up in the user namespace of whoever starts it. In that one every user is
    // mapped to itself, so that owners stay right; a process has its rights there once it is mapped and has started anew.
    private const string Outer = """
        set -eu
        inner=$1
        shift
        unshare --user --mount /bin/sh -euc 'until [ "$(id -u)" = 0 ]; do sleep 0.02; done; exec /bin/sh -euc "$@"' waiting "$inner" emulated "$@" &
        child=$! tries=0
        for map in gid_map uid_map; do
            until (echo '0 0 4294967295' > "/proc/$child/$map") 2>/dev/null; do
                tries=$((tries + 1))
                [ "$tries" -lt 250 ] || break 2
                sleep 0.02
            done
        done
        wait "$child"
        """;

    // Runs in the user namespace, with what the kernel is told and the command.
    private const string Inner = """
        if ! mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc; then
            echo "error: this kernel emulates no programs in a user namespace, as Linux does since 6.7; write 'mode: unpack' in the target file, or work on a newer kernel" >&2
            exit 1
        fi
        cat "$1" > /proc/sys/fs/binfmt_misc/register
        shift
        exec "$@"
        """;

    private static bool RunsHere(string oci) => (RuntimeInformation.OSArchitecture, oci) switch
    {
        (Architecture.X64, "amd64" or "386") => true,
        (Architecture.Arm64, "arm64") => true,
        (Architecture.Arm, "arm") => true,
        (Architecture.RiscV64, "riscv64") => true,
        _ => false,
    };
}
