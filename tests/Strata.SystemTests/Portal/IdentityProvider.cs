using System.Diagnostics;
using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Portal;

/// <summary>A real provider of OpenID Connect, by lock, in a process of its own. Its people stand in serve.mjs.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private static readonly string Sources = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Portal/provider");
    private readonly Process _process;

    private IdentityProvider(Process process, string issuer) => (_process, Issuer) = (process, issuer);

    public string Issuer { get; }

    /// <param name="p12">The server's certificate for localhost.</param>
    public static async Task<IdentityProvider> StartAsync(string p12)
    {
        var packages = await NodePackages.InstallAsync(Sources, "identity-provider");
        var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Sources, "serve.mjs"), p12]) { WorkingDirectory = packages, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new(process, (await LineAsync(process)) ?? throw new InvalidOperationException("The provider did not start."));
    }

    /// <summary>Makes a hub known to it.</summary>
    public async Task KnowAsync(string clientId, string secret, string portal)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["client_id"] = clientId, ["client_secret"] = secret, ["redirect_uris"] = new[] { portal + "sign-in/openid/done" },
        }));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>What the next sign-in that it accepted had asked for.</summary>
    public async Task<JsonElement> AcceptedAsync() => JsonDocument.Parse((await LineAsync(_process))!).RootElement;

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task<string?> LineAsync(Process process) => await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
}
