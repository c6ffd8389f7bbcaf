using System.Runtime.InteropServices;

namespace Strata.Agent.Kernel;

/// <summary>The system calls that the agent makes itself. Each throws <see cref="KernelException"/> where it fails.</summary>
internal static partial class SystemCalls
{
    /// <summary>Asks a process to end.</summary>
    public const int SigTerm = 15;

    /// <summary>Ends a process.</summary>
    public const int SigKill = 9;

    private const ulong ReadOnlyNoSuidNoDev = 0x1 | 0x2 | 0x4;
    private const int Detach = 2;
    private const int NoFollow = 8;
    private const int SetChildSubreaper = 36;
    private const uint CharacterDevice = 0x2000;
    private const int NoSuchProcess = 3;
    private const int Interrupted = 4;
    private const int NoSuchEntry = 2;
    private const int NotMounted = 22;
    private const int NoChild = 10;
    private const int NoHang = 1;
    private static readonly TimeSpan InheritancePause = TimeSpan.FromMilliseconds(10);

    /// <summary>Mounts a read-only overlay; set-uid bits and device nodes beneath it have no effect.</summary>
    public static void MountOverlay(string target, string options)
    {
        if (Mount("overlay", target, "overlay", ReadOnlyNoSuidNoDev, options) != 0) throw KernelException.Last($"overlay could not be mounted on {target}");
    }

    /// <summary>Takes a mount away at once, even one that is still in use: what holds it keeps it until it lets go.</summary>
    /// <remarks>Something that is no mount any more is no error.</remarks>
    public static void Unmount(string target)
    {
        if (Unmount2(target, NoFollow | Detach) == 0) return;
        if (Marshal.GetLastPInvokeError() is NotMounted or NoSuchEntry) return;
        throw KernelException.Last($"{target} could not be unmounted");
    }

    /// <summary>Makes the whiteout of overlayfs: a character device 0:0.</summary>
    public static void MakeWhiteout(string path)
    {
        if (MakeNode(path, CharacterDevice, 0) != 0) throw KernelException.Last($"whiteout {path} could not be made");
    }

    /// <summary>From now on processes orphaned beneath this one become its children, so that their exit codes can be read.</summary>
    public static void BecomeSubreaper()
    {
        if (ProcessControl(SetChildSubreaper, 1, 0, 0, 0) != 0) throw KernelException.Last("the agent could not become the reaper of its containers");
    }

    /// <summary>Sends a signal. A process that is already gone is no error.</summary>
    public static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw KernelException.Last($"signal {signal} could not be sent to process {pid}");
    }

    /// <summary>Blocks until a child has ended, and reaps it.</summary>
    /// <remarks>It may still be another process's child that is about to be inherited; then it is looked for again and again.</remarks>
    /// <returns>Its exit code; 128 and the number of the signal that ended it; null when somebody else has taken it.</returns>
    public static int? WaitForChild(int pid)
    {
        int status;
        while (WaitPid(pid, out status, 0) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Interrupted) continue;
            if (error != NoChild) throw KernelException.Last($"process {pid} could not be waited for");
            if (!Directory.Exists($"/proc/{pid}")) return null;
            Thread.Sleep(InheritancePause);
        }
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    /// <summary>Lets go of a child that has ended; any other process is left alone.</summary>
    public static void Reap(int pid) => _ = WaitPid(pid, out _, NoHang);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount2(string target, int flags);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);
}

/// <summary>The kernel refused something: the instance it was for cannot run, the others can.</summary>
internal sealed class KernelException(string message, int errorNumber) : IOException($"{message}: {Marshal.GetPInvokeErrorMessage(errorNumber)}.")
{
    /// <summary>errno.</summary>
    public int ErrorNumber { get; } = errorNumber;

    /// <summary>From the error that the last call left.</summary>
    public static KernelException Last(string message) => new(message, Marshal.GetLastPInvokeError());
}
