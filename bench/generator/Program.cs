using System.Diagnostics;
using System.Globalization;
using Strata.Artifacts.Signing;
using Strata.Bench;
using Strata.Hub.Catalogues;
using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Store;

// Fills a hub's data folder: DATA LAYERS VERSIONS. An index of the same catalogue that is there is kept, and the log made anew beside it. The log gets every change that publishing makes, the index what the documents would say, both by the hub's
// own code; the documents themselves are made for the first layers only, because six million files say no more about a catalogue than six hundred.
const int DocumentsFor = 3, LayersAtOnce = 20, BlobsOfEach = 6;
if (args is not [var data, var layersText, var versionsText]
    || !int.TryParse(layersText, CultureInfo.InvariantCulture, out var layers) || !int.TryParse(versionsText, CultureInfo.InvariantCulture, out var versions))
{
    Console.Error.WriteLine("strata-bench-catalogue DATA LAYERS VERSIONS");
    return 2;
}

Directory.CreateDirectory(data);
var blobs = new FolderBlobs(new BlobStore(data), new DoomedBlobs(TimeProvider.System));
var logging = Task.Run(WriteLogAsync);
var indexing = Task.Run(WriteIndex);
Console.WriteLine(FormattableString.Invariant(
    $$"""{"layers":{{layers}},"versions":{{versions}},"changes":{{SequenceOf(layers)}},"log_s":{{(await logging).TotalSeconds:0}},"index_s":{{(await indexing).TotalSeconds:0}},"cpu_s":{{Environment.CpuUsage.TotalTime.TotalSeconds:0}}}"""));
return 0;

async Task<TimeSpan> WriteLogAsync()
{
    var begun = Stopwatch.StartNew();
    using var database = SqliteDatabase.Open(Path.Combine(data, "hub.db"));
    using var log = ChangeLog.Open(database);
    for (var number = 0; number < layers; number++) log.Append(SequenceOf(number) + 1, await ChangesAsync(new(number), number), StampOf(number));
    return begun.Elapsed;
}

TimeSpan WriteIndex()
{
    var begun = Stopwatch.StartNew();
    using var index = CatalogueIndex.Open(SqliteIndexTables.Open(Path.Combine(data, "index.db")));
    // Only the last mark is looked at: the hub that starts on this folder takes the index for its log's own.
    string MarkOf(int until) => until < layers ? "" : CatalogueIndexer.MarkOf(new(SequenceOf(layers), StampOf(layers - 1), Done(new(layers - 1), layers - 1)));
    if (index.Sequence > 0)
    {
        index.Apply([], SequenceOf(layers), MarkOf(layers));
        return begun.Elapsed;
    }
    for (var from = 0; from < layers; from += LayersAtOnce)
    {
        var (part, until) = (new List<IndexedVersion>(), Math.Min(layers, from + LayersAtOnce));
        for (var number = from; number < until; number++)
        {
            var layer = new MadeUpLayer(number);
            for (var version = 0; version < versions; version++)
                part.Add(new(layer.Key, MadeUpLayer.Version(version).ToString(), MadeUpLayer.Platform.ToString(), layer.Things(version)));
        }
        index.Apply(part, SequenceOf(until), MarkOf(until));
        if (from / LayersAtOnce % 10 == 0) Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {until} of {layers} layers are in the index");
    }
    return begun.Elapsed;
}

long SequenceOf(int number) => number * (3L + versions);

LogStamp StampOf(int number) => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number), $$"""{"by":{"via":"hub"},"concerns":["{{new MadeUpLayer(number).Key.Owner}}"]}""");

Guid Bundle(int number) => new(MadeUpLayer.Digest($"bundle {number}").Hex[..32]);

BundleDone Done(MadeUpLayer layer, int number) => new(
    Bundle(number), [.. Enumerable.Range(0, versions).Select(v => new BundleItemRow(layer.Id, "layer", layer.Key.Codename, MadeUpLayer.Version(v).ToString()))], [], StampOf(number).At);

async Task<List<Change>> ChangesAsync(MadeUpLayer layer, int number)
{
    var stored = new List<StoredBlob>(versions * BlobsOfEach);
    var changes = new List<Change>
    {
        new BundleReceived(Bundle(number), MadeUpLayer.Digest($"bundle {number}"), 1 << 20, null, layer.Key.Owner, StampOf(number).At)
        {
            Role = ClientRole.Oem, OwnerId = new Guid(MadeUpLayer.Digest(layer.Key.Owner).Hex[..32]),
        },
    };
    for (var version = 0; version < versions; version++)
    {
        layer.Step(version);
        var description = number < DocumentsFor ? await StoreAsync(layer, version) : MadeUpLayer.Digest($"description {number} {version}");
        var published = layer.Published(version, description);
        for (var blob = 0; blob < BlobsOfEach; blob++)
        {
            var digest = blob == 0 ? published.Images[0].Digest : blob == 1 ? description : MadeUpLayer.Digest($"document {number} {version} {blob}");
            stored.Add(new(digest, 20_000, digest.Hex));
        }
        changes.Add(published);
    }
    changes.Insert(1, new BlobsAdded([.. stored]));
    changes.Add(Done(layer, number));
    return changes;
}

async Task<Digest> StoreAsync(MadeUpLayer layer, int version)
{
    var (description, files) = layer.Documents(version);
    await blobs.IngestAsync(new MemoryStream(files), files.Length, CancellationToken.None);
    return (await blobs.IngestAsync(new MemoryStream(description), description.Length, CancellationToken.None)).Digest;
}
