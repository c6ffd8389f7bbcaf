using System.Runtime.InteropServices;

namespace Strata.Cli.Shell;

/// <summary>Sends POSIX signals, which the framework can only receive.</summary>
internal static partial class Signals
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>Sends <paramref name="signal"/>; false when no such process is there any more.</summary>
    public static bool Send(int pid, int signal)
    {
        // 0 and below mean groups of processes or all of them.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        return kill(pid, signal) == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
