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

    /// <remarks>Interrupted in each of its long parts, at times that need not be exact: what counts is that any moment is as good as another.</remarks>
    [Theory]
    [InlineData("Make the certificates")]
    [InlineData("Publish target and layers")]
    [InlineData("Start the unit")]
    public async Task A_demo_stopped_by_Ctrl_C_leaves_nothing_running_and_the_next_one_works(string during)
    {
        using (var process = Tool.Start(Tool.Strata, "demo", "--dir", _folder["demo"]))
        {
            var drained = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                if (line.Contains(during, StringComparison.Ordinal)) break;
            await Task.Delay(300, TestContext.Current.CancellationToken);
            await Tool.OutputAsync("kill", "-INT", $"{process.Id}");
            var rest = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await drained;
            Assert.True(process.ExitCode == 130, rest);
        }
        await NothingIsLeftAsync();
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "demo", "--json", "--dir", _folder["demo"]);
        Assert.True(code == 0, error + output);
    }

    [Fact]
    public async Task A_demo_that_was_killed_is_cleared_by_the_next_one()
    {
        using (var process = Tool.Start(Tool.Strata, "demo", "--dir", _folder["demo"]))
        {
            var drained = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                if (line.Contains("Build pylibs 1.1.0", StringComparison.Ordinal)) break;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "demo", "--json", "--dir", _folder["demo"]);
        Assert.True(code == 0, error + output);
        await NothingIsLeftAsync();
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
