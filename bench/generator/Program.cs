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

// Fills a hub's data folder: DATA LAYERS VERSIONS. The log gets every change that publishing makes, the index what the documents would say, both by the hub's
// own code; the documents themselves are made for the first layers only, because six million files say no more about a catalogue than six hundred.
const int DocumentsFor = 3, LayersAtOnce = 20, BlobsOfEach = 6;
if (args is not [var data, var layersText, var versionsText]
    || !int.TryParse(layersText, CultureInfo.InvariantCulture, out var layers) || !int.TryParse(versionsText, CultureInfo.InvariantCulture, out var versions))
{
    Console.Error.WriteLine("strata-bench-catalogue DATA LAYERS VERSIONS");
    return 2;
}

Directory.CreateDirectory(data);
using var database = SqliteDatabase.Open(Path.Combine(data, "hub.db"));
using var log = ChangeLog.Open(database);
using var index = CatalogueIndex.Open(SqliteIndexTables.Open(Path.Combine(data, "index.db")));
var blobs = new FolderBlobs(new BlobStore(data), new DoomedBlobs(TimeProvider.System));
var (logging, indexing) = (new Stopwatch(), new Stopwatch());
var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
var sequence = 0L;
for (var from = 0; from < layers; from += LayersAtOnce)
{
    var part = new List<IndexedVersion>();
    var last = default(LoggedChange)!;
    for (var number = from; number < Math.Min(layers, from + LayersAtOnce); number++)
    {
        var layer = new MadeUpLayer(number);
        var changes = new List<Change>();
        var bundle = new Guid(MadeUpLayer.Digest($"bundle {number}").Hex[..32]);
        changes.Add(new BundleReceived(bundle, MadeUpLayer.Digest($"bundle {number}"), 1 << 20, null, layer.Key.Owner, at) { Role = ClientRole.Oem, OwnerId = new Guid(MadeUpLayer.Digest(layer.Key.Owner).Hex[..32]) });
        var items = new List<BundleItemRow>();
        for (var version = 0; version < versions; version++)
        {
            indexing.Start();
            var things = layer.Things(version);
            part.Add(new(layer.Key, MadeUpLayer.Version(version).ToString(), MadeUpLayer.Platform.ToString(), things));
            indexing.Stop();
            var description = number < DocumentsFor ? await StoreAsync(layer, version) : MadeUpLayer.Digest($"description {number} {version}");
            for (var blob = 0; blob < BlobsOfEach; blob++)
            {
                var digest = blob == 0 ? layer.Published(version, description).Images[0].Digest : blob == 1 ? description : MadeUpLayer.Digest($"document {number} {version} {blob}");
                changes.Add(new BlobAdded(digest, 20_000, digest.Hex));
            }
            changes.Add(layer.Published(version, description));
            items.Add(new(layer.Id, "layer", layer.Key.Codename, MadeUpLayer.Version(version).ToString()));
        }
        changes.Add(new BundleDone(bundle, [.. items], [], at));
        logging.Start();
        var stamp = new LogStamp(at = at.AddMinutes(1), $$"""{"by":{"via":"hub"},"concerns":["{{layer.Key.Owner}}"]}""");
        log.Append(sequence + 1, changes, stamp);
        sequence += changes.Count;
        last = new(sequence, stamp, changes[^1]);
        logging.Stop();
    }
    indexing.Start();
    index.Apply(part, sequence, CatalogueIndexer.MarkOf(last));
    indexing.Stop();
    if (from / LayersAtOnce % 10 == 0) Console.Error.WriteLine($"{from + LayersAtOnce} of {layers} layers; log {logging.Elapsed.TotalSeconds:0} s, index {indexing.Elapsed.TotalSeconds:0} s");
}
Console.WriteLine(FormattableString.Invariant(
    $$"""{"layers":{{layers}},"versions":{{versions}},"changes":{{sequence}},"log_s":{{logging.Elapsed.TotalSeconds:0.0}},"index_s":{{indexing.Elapsed.TotalSeconds:0.0}},"cpu_s":{{Environment.CpuUsage.TotalTime.TotalSeconds:0.0}}}"""));
return 0;

async Task<Digest> StoreAsync(MadeUpLayer layer, int version)
{
    var (description, files) = layer.Documents(version);
    await blobs.IngestAsync(new MemoryStream(files), files.Length, CancellationToken.None);
    return (await blobs.IngestAsync(new MemoryStream(description), description.Length, CancellationToken.None)).Digest;
}
