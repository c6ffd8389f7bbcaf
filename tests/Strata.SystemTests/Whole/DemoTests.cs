using System.Diagnostics;
using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Whole;

/// <summary>The main job as a process, with its real parts.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task The_demo_sees_all_that_it_has_to_see_and_says_so_as_one_document()
    {
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "demo", "--json", "--dir", _folder["demo"]);
        Assert.True(code == 0, error + output);
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        Assert.True(root.GetProperty("ok").GetBoolean());
        Assert.Equal(11, root.GetProperty("facts").EnumerateArray().Count(f => f.GetProperty("seen").GetBoolean()));
        Assert.Contains(root.GetProperty("layers").EnumerateArray(), l => l.GetProperty("layer").GetString() == "pylibs 1.1.0" && l.GetProperty("users").GetArrayLength() == 2);
        Assert.True(root.GetProperty("bytesSaved").GetInt64() > 50_000_000);
        await NothingIsLeftAsync();
    }

    /// <remarks>
    /// Stopped in each of its long parts, at times that need not be exact: what counts is that any moment is as good as another. Each run finds what the one
    /// before it left and comes further; the last one comes to its end.
    /// </remarks>
    [Fact]
    public async Task A_demo_stopped_by_Ctrl_C_leaves_nothing_running_and_one_that_was_killed_is_cleared_by_the_next_that_works()
    {
        foreach (var during in new[] { "Make the certificates", "Publish target and layers", "Start the unit" })
        {
            var (stopped, said) = await StopAsync(during, "INT", TimeSpan.FromMilliseconds(300));
            Assert.True(stopped == 130, $"{during}: {said}");
            await NothingIsLeftAsync();
        }
        await StopAsync("Build pylibs 1.1.0", "KILL", TimeSpan.Zero);
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "demo", "--json", "--dir", _folder["demo"]);
        Assert.True(code == 0, error + output);
        await NothingIsLeftAsync();
    }

    /// <summary>Runs a demo to a step and a little further, and stops it there.</summary>
    private async Task<(int Code, string Error)> StopAsync(string during, string signal, TimeSpan into)
    {
        using var process = Tool.Start(Tool.Strata, "demo", "--dir", _folder["demo"]);
        var drained = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string? line;
        do line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.Contains(during, StringComparison.Ordinal));
        Assert.True(line is not null, $"It ended before it came to '{during}'.");
        await Task.Delay(into, TestContext.Current.CancellationToken);
        await Tool.OutputAsync("kill", $"-{signal}", $"{process.Id}");
        var said = signal == "KILL" ? "" : await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken); // what it started holds that pipe too
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (signal != "KILL") await drained;
        return (process.ExitCode, said);
    }

    private async Task NothingIsLeftAsync()
    {
        Assert.DoesNotContain(_folder["demo"], await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(Process.GetProcesses(), p => CommandLine(p.Id).Contains(_folder["demo"], StringComparison.Ordinal));
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose() => _folder.Dispose();
}
