using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub;
using Strata.Hub.Catalogues;
using Strata.Hub.Persistence;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Tests.Artifacts.Signing;

namespace Strata.Tests.Hub;

/// <summary>A hub with all its routes on an empty log, put together and not started.</summary>
internal sealed class TestHubApp : IAsyncDisposable
{
    private readonly HubGround _hub = new();
    private readonly CatalogueIndex _index;

    public TestHubApp()
    {
        var pki = Directory.CreateDirectory(_hub.Folder["pki"]).FullName;
        foreach (var name in TestPki.Shared.Names) File.WriteAllBytes(Path.Combine(pki, name), TestPki.Shared[name]);
        var options = HubOptions.Parse(["--data", _hub.Data, "--pki", pki]).Options;
        var (trust, mistakes) = HubTrust.Read(options.Pki, TestPki.Shared.Now);
        Assert.Empty(mistakes);
        _index = CatalogueIndex.Open(IndexTables.Open(options, _hub.Database));
        App = HubProgram.Build(options, trust!, Writer, _hub.Blobs, new HubFiles(_hub.Data), _hub.Doomed, _index);
    }

    public WebApplication App { get; }

    public HubWriter Writer => _hub.Writer;

    public IBlobs Blobs => App.Services.GetRequiredService<IBlobs>();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _index.Dispose();
        _hub.Dispose();
    }
}
