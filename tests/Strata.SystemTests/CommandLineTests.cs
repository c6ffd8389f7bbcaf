using System.Diagnostics;
using Strata.Tests.Building;

namespace Strata.SystemTests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Without_arguments_it_lists_its_commands()
    {
        var (code, output, _) = await RunAsync();
        Assert.Equal(0, code);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_is_a_usage_error()
    {
        var (code, _, error) = await RunAsync("no-such-command");
        Assert.Equal(2, code);
        Assert.Contains("no-such-command", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'compare'?", (await RunAsync("layer", "comapre", "a", "b")).Error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts/bin/Strata.Cli/release/strata"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
