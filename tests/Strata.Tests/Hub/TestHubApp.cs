using Microsoft.AspNetCore.Builder;
using Strata.Hub;
using Strata.Hub.Catalogues;
using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Store;
using Strata.Tests.Artifacts.Signing;
using Strata.Tests.Store;

namespace Strata.Tests.Hub;

/// <summary>A hub with all its routes on an empty log, put together and not started.</summary>
internal sealed class TestHubApp : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ChangeLog _log;
    private readonly HubDatabase _database;
    private readonly CatalogueIndex _index;

    public TestHubApp()
    {
        Directory.CreateDirectory(_folder["pki"]);
        foreach (var name in TestPki.Shared.Names) File.WriteAllBytes(Path.Combine(_folder["pki"], name), TestPki.Shared[name]);
        var options = HubOptions.Parse(["--data", Directory.CreateDirectory(_folder["hub"]).FullName, "--pki", _folder["pki"]]).Options;
        var (trust, mistakes) = HubTrust.Read(options.Pki, TestPki.Shared.Now);
        Assert.Empty(mistakes);
        _database = HubDatabase.Open(options);
        _log = ChangeLog.Open(_database);
        Writer = new(_log, TimeProvider.System);
        var doomed = new DoomedBlobs(TimeProvider.System);
        _index = CatalogueIndex.Open(IndexTables.Open(options, _database));
        App = HubProgram.Build(options, trust!, Writer, new FolderBlobs(new BlobStore(options.Data), doomed), new HubFiles(options.Data), doomed, _index);
    }

    public WebApplication App { get; }

    public HubWriter Writer { get; }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Writer.Dispose();
        _index.Dispose();
        _log.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }
}
