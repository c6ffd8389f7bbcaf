namespace Strata.Cli.Shell;

/// <summary>The user's folders and terminal. Program reads them once from the environment, before any command is made; nothing else reads it.</summary>
/// <remarks>Source: XDG Base Directory Specification 0.8.</remarks>
internal static class UserFolders
{
    /// <summary>Where the vendor's tools keep certificates, in <c>.aos/security</c>.</summary>
    public static string Home { get; private set; } = "/";

    /// <summary>What can be made again: <c>${XDG_CACHE_HOME:-~/.cache}/strata</c>.</summary>
    public static string Cache { get; private set; } = "/var/cache/strata";

    /// <summary>What the demo leaves: <c>${XDG_STATE_HOME:-~/.local/state}/strata</c>.</summary>
    public static string State { get; private set; } = "/var/lib/strata";

    /// <summary>What the terminal is, <c>TERM</c>; null when it is not set.</summary>
    public static string? TerminalType { get; private set; }

    /// <summary>Reads them.</summary>
    /// <param name="variable">Gives an environment variable; null or empty when it is not set.</param>
    public static void Read(Func<string, string?> variable)
    {
        TerminalType = variable("TERM") is { Length: > 0 } type ? type : null;
        Home = variable("HOME") is { Length: > 0 } home ? home : "/";
        Cache = Path.Combine(Base("XDG_CACHE_HOME", ".cache"), "strata");
        State = Path.Combine(Base("XDG_STATE_HOME", ".local/state"), "strata");

        // The specification has relative paths ignored.
        string Base(string name, string below) => variable(name) is { Length: > 0 } given && Path.IsPathRooted(given) ? given : Path.Combine(Home, below);
    }
}
