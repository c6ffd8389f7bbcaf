using System.Runtime.InteropServices;

namespace Strata.Cli.Shell;

/// <summary>The hub's and the agent's executables, which are installed beside this one and never linked into it.</summary>
internal static partial class SiblingProgram
{
    private static readonly Dictionary<string, string> Projects = new() { ["strata-hub"] = "Strata.Hub", ["strata-agent"] = "Strata.Agent" };

    /// <summary>Full path of <paramref name="name"/>: in this program's own folder, or in its project's output of a checkout.</summary>
    /// <exception cref="CommandFailure">It is in neither place.</exception>
    public static string Find(string name)
    {
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string[] places =
        [
            Path.Combine(here, name),
            Path.GetFullPath(Path.Combine(here, "..", "..", Projects[name], Path.GetFileName(here), name)),
        ];
        return places.FirstOrDefault(File.Exists)
            ?? throw new CommandFailure(ExitCode.Unavailable, $"The program {name} is not beside strata in {here}. Build or install it there.");
    }

    /// <summary>Becomes <paramref name="name"/>: same process, so that signals, exit code and terminal are its own. Returns only if it cannot.</summary>
    public static ExitCode Become(string name, IReadOnlyList<string> arguments)
    {
        var program = Find(name);
        string?[] all = [program, .. arguments, null];
        _ = execv(program, all);
        throw new CommandFailure(ExitCode.Failed, $"{program} could not be started: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, string?[] arguments);
}
