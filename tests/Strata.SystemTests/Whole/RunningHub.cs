using System.Diagnostics;
using System.Text.Json;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Whole;

/// <summary>A real hub with its certificates, for the tests of a class.</summary>
public sealed class RunningHub : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private Process? _process;

    /// <summary>Address of the API.</summary>
    public string Api { get; private set; } = "";

    /// <summary>A path in the hub's folder.</summary>
    public string this[string path] => _folder[path];

    /// <summary>The options with which a user reaches it.</summary>
    /// <param name="user">oem or sp.</param>
    public string[] As(string user) => ["--hub", Api, "--key", _folder[$"pki/aos-user-{user}.p12"], "--ca", _folder["pki/fleet-root.crt"]];

    public async ValueTask InitializeAsync()
    {
        _ = new TestPki(_folder["pki"]);
        var program = Path.Combine(Repository.Root, "artifacts/bin/Strata.Hub/release/strata-hub");
        _process = Tool.Start(program, "--data", _folder["hub"], "--pki", _folder["pki"], "--api-port", "0", "--units-port", "0", "--blobs-port", "0", "--portal-port", "0", "--portal-mtls-port", "0");
        var ready = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(ready);
        _process.BeginErrorReadLine();
        using var address = JsonDocument.Parse(ready);
        Api = address.RootElement.GetProperty("api").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }
}
