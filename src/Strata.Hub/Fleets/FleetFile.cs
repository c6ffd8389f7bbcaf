using Strata.Artifacts.Fleets;
using Strata.Artifacts.Yaml;
using Strata.Model.Units;

namespace Strata.Hub.Fleets;

/// <summary>Brings the file that <c>--fleet</c> names.</summary>
internal static class FleetFile
{
    private const int MaxBytes = 1 << 20; // what the reader takes, too

    /// <summary>The fleet, or every mistake in the file.</summary>
    public static (Fleet Fleet, IReadOnlyList<string> Mistakes) Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } large) return (Fleet.Empty, [$"--fleet {path} has {large.Length} bytes; {MaxBytes} are the most."]);
            return FleetReader.Read(File.ReadAllBytes(path), path) switch
            {
                Reading<Fleet>.Good good => (good.Value, []),
                Reading<Fleet>.Bad bad => (Fleet.Empty, [.. bad.Mistakes.Select(m => m.ToString())]),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return (Fleet.Empty, [$"--fleet {path} cannot be read: {problem.Message}"]);
        }
    }
}
