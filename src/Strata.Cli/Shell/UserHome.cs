namespace Strata.Cli.Shell;

/// <summary>The user's home folder, where the vendor's tools keep certificates.</summary>
internal static class UserHome
{
    /// <summary>Its path; Program sets it, who alone reads the environment.</summary>
    public static string Path { get; set; } = "/";
}
