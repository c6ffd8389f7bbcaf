namespace Strata.Cli.Shell;

/// <summary>The user's home folder: the one thing of the environment that commands look at.</summary>
internal static class UserHome
{
    /// <summary>Its path; the root folder for a user without one.</summary>
    public static string Path { get; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : "/";
}
