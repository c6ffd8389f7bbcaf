using System.Diagnostics;
using Strata.Tests.Building;

namespace Strata.SystemTests.Running;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>The command under test.</summary>
    public static string Strata { get; } = Path.Combine(Repository.Root, "artifacts/bin/Strata.Cli/release/strata");

    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Output of a program that has to succeed.</summary>
    public static async Task<string> OutputAsync(string program, params IEnumerable<string> arguments)
    {
        var (code, output, error) = await RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} exited with {code}: {error}");
        return output;
    }

    public static Process Start(string program, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
