using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Portal;

/// <summary>A real Chromium in a process of its own; tests of a class share it, and each visitor has a profile of its own.</summary>
/// <remarks>
/// It acts as a person does: by roles, names and labels. It is driven through Playwright and judged by axe-core, both by lock.
/// The Playwright package for .NET brings the same driver for five platforms, 786 MB; the Node one is 14 MB.
/// </remarks>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string Sources = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Portal/browser");
    private readonly SemaphoreSlim _one = new(1, 1);
    private Process _process = null!;

    public async ValueTask InitializeAsync()
    {
        var packages = await NodePackages.InstallAsync(Sources, "portal-browser");
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Sources, "drive.mjs"), "/usr/bin/chromium"])
        {
            WorkingDirectory = packages, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // the driver ends with its input, and closes the browser before
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
        _one.Dispose();
    }

    /// <summary>Somebody with a browser profile of their own: cookies, colour scheme, window.</summary>
    public Visitor Visitor(string name) => new(this, name);

    internal async Task<JsonElement> DoAsync(string visitor, string command, JsonObject arguments)
    {
        (arguments["as"], arguments["command"]) = (visitor, command);
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(arguments.ToJsonString());
            await _process.StandardInput.FlushAsync();
            var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, $"The browser ended before it answered {arguments.ToJsonString()}.");
            var answer = JsonDocument.Parse(line).RootElement;
            Assert.False(answer.TryGetProperty("error", out var error), $"{arguments.ToJsonString()}: {error}");
            return answer.GetProperty("value");
        }
        finally
        {
            _one.Release();
        }
    }
}
