using System.Runtime.InteropServices;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>Lets programs of another architecture run while packages are installed.</summary>
/// <remarks>
/// The kernel is told of the emulator in a user namespace of its own, which goes away with the installation: the machine's own settings are not touched.
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

    private static bool RunsHere(string oci) => (RuntimeInformation.OSArchitecture, oci) switch
    {
        (Architecture.X64, "amd64" or "386") => true,
        (Architecture.Arm64, "arm64") => true,
        (Architecture.Arm, "arm") => true,
        (Architecture.RiscV64, "riscv64") => true,
        _ => false,
    };
}
