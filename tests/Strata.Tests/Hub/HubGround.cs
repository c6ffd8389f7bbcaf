using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Store;
using Strata.Tests.Store;

namespace Strata.Tests.Hub;

/// <summary>What every hub stands on, in a folder of its own: database, log, writer and blobs.</summary>
internal sealed class HubGround : IDisposable
{
    public HubGround(TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        Data = Directory.CreateDirectory(Folder["hub"]).FullName;
        Database = SqliteDatabase.Open(Path.Combine(Data, "hub.db"));
        Log = ChangeLog.Open(Database);
        Writer = new(Log, clock);
        Writer.Load();
        Doomed = new(clock);
        Blobs = new(new BlobStore(Data), Doomed);
    }

    /// <summary>For whatever else a test needs.</summary>
    public TestFolder Folder { get; } = new();

    /// <summary>The hub's own folder.</summary>
    public string Data { get; }

    public SqliteDatabase Database { get; }

    public ChangeLog Log { get; }

    public HubWriter Writer { get; }

    public DoomedBlobs Doomed { get; }

    public FolderBlobs Blobs { get; }

    /// <summary>Makes changes that nobody judges.</summary>
    public Task CommitAsync(params Change[] changes) => Writer.CommitAsync(_ => new Decision<bool>(true, changes), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Writer.Dispose();
        Log.Dispose();
        Database.Dispose();
        Folder.Dispose();
    }
}
