using System.Text;
using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;

namespace Strata.Tests.Hub.Garbage;

/// <summary>A hub's log, blobs and collector on a disk, with a clock in the test's hand.</summary>
internal sealed class GarbageGround : IDisposable
{
    public static readonly TimeSpan Grace = TimeSpan.FromHours(6);
    private readonly HubGround _hub;

    public GarbageGround()
    {
        _hub = new(Clock);
        Collector = new(Writer, Blobs, Doomed, Grace);
    }

    public HandClock Clock { get; } = new();

    public HubWriter Writer => _hub.Writer;

    public DoomedBlobs Doomed => _hub.Doomed;

    public IBlobs Blobs => _hub.Blobs;

    public GarbageCollector Collector { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The blobs as they come out of the log on the disk, without what was projected from it so far.</summary>
    public HashSet<Digest> BlobsOfTheLog()
    {
        using (var connection = _hub.Database.Connect()) HubDatabase.Execute(connection, $"VACUUM INTO '{_hub.Folder["copy.db"]}'");
        using (var copy = SqliteDatabase.Open(_hub.Folder["copy.db"]).Connect()) HubDatabase.Execute(copy, "DROP TABLE blobs; DROP TABLE projections");
        HashSet<Digest> found;
        using (var log = ChangeLog.Open(SqliteDatabase.Open(_hub.Folder["copy.db"]))) found = [.. log.Blobs.All()];
        foreach (var file in Directory.EnumerateFiles(_hub.Folder.Path, "copy.db*")) File.Delete(file);
        return found;
    }

    public async Task<IngestedBlob> PutAsync(byte[] content)
    {
        await using var stream = new MemoryStream(content);
        return await Blobs.IngestAsync(stream, content.Length, Cancellation);
    }

    public Task<IngestedBlob> PutAsync(string content) => PutAsync(Encoding.UTF8.GetBytes(content));

    /// <summary>Publishes a target of these blobs in place of what stands under its name.</summary>
    public Task PublishAsync(string name, IReadOnlyList<IngestedBlob> blobs) => _hub.CommitAsync(
    [
        .. BlobsAdded.Of(blobs.Select(StoredBlob.Of), Writer.Blobs),
        new TargetPublished(new(Guid.Empty, Sample.Oem, name, Sample.Digest("base"), Sample.Amd64, blobs[0].Digest, Sample.At)
        {
            Documents = blobs.Skip(1).Select((b, i) => new SideDocument($"{i}.json", b.Digest, b.Size)).ToEquatableList(),
        }),
    ]);

    /// <summary>Collects, lets the grace pass, collects again.</summary>
    public async Task<IReadOnlyList<JudgedBlob>> CollectOverGraceAsync()
    {
        await Collector.CollectAsync(isDryRun: false, Cancellation);
        Clock.Advance(Grace);
        return await Collector.CollectAsync(isDryRun: false, Cancellation);
    }

    public async Task<HashSet<Digest>> HeldAsync()
    {
        var held = new HashSet<Digest>();
        await foreach (var blob in Blobs.ListAsync(Cancellation)) held.Add(blob.Digest);
        return held;
    }

    public async Task<bool> HoldsAsync(Digest digest) => await Blobs.SizeAsync(digest, Cancellation) is not null;

    public Task<BlobNames> NamesAsync(HubState state) => BlobNames.OfAsync(state, Blobs, new Dictionary<Digest, IReadOnlyList<Digest>>(), Cancellation);

    public void Dispose()
    {
        Collector.Dispose();
        _hub.Dispose();
    }
}
