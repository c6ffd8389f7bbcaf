namespace Strata.Tests.Building;

/// <summary>Where the checkout is that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with Strata.slnx.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder) => folder is null
        ? throw new DirectoryNotFoundException("No folder above the tests holds Strata.slnx.")
        : File.Exists(Path.Combine(folder, "Strata.slnx")) ? folder : Find(Path.GetDirectoryName(folder));
}
