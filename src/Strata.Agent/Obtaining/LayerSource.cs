using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Units;
using Strata.Store;

namespace Strata.Agent.Obtaining;

/// <summary>Gets layers into the store: downloaded, verified, unpacked once. The downloaded file is dropped then: the tree is the layer.</summary>
internal sealed class LayerSource(BlobSource source, LayerStore layers, string downloads, EventLog log)
{
    private const long MaxLayerBytes = 8L << 30;

    /// <summary>Obtains one layer. One that is held already is not asked for.</summary>
    /// <exception cref="IOException">It cannot be had; the store is as it was.</exception>
    public async Task ObtainAsync(LayerBlob layer, ReleaseTrust trust, CancellationToken cancellationToken)
    {
        if (layers.Find(layer.DiffId) is not null) return;
        var path = await source.FetchAsync(layer.Digest, layer.Size, MaxLayerBytes, trust, cancellationToken);
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
            await layers.UnpackAsync(layer.DiffId, layer.Digest, layer.Size, file, cancellationToken);
        }
        catch (Exception refused) when (refused is ContentMismatchException or ArchiveRefusedException)
        {
            File.Delete(path); // fetched again it would be refused again, unless the hub changes it
            throw;
        }
        File.Delete(path);
        log.Write($"Layer {layer.DiffId.Hex[..12]} was unpacked.");
    }

    /// <summary>Removes unfinished downloads: nothing is wanted any more that they could become.</summary>
    public void Clear()
    {
        if (!Directory.Exists(downloads)) return;
        foreach (var file in Directory.EnumerateFiles(downloads)) File.Delete(file);
    }
}
