using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strata.Agent.Reporting;
using Strata.Artifacts.Json;
using Strata.Artifacts.Oci;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;
using Strata.Store;

namespace Strata.Agent.Obtaining;

/// <summary>What an item comes to on this unit.</summary>
/// <param name="Layers">Topmost first, as AosCore reads them.</param>
/// <param name="Process">What runs.</param>
/// <param name="Documents">Everything that was read for it: kept for as long as the item is.</param>
internal sealed record ItemImage(EquatableList<LayerBlob> Layers, ServiceProcess Process, EquatableList<Digest> Documents);

/// <summary>Reads the documents of an item, from the store or else from the hub.</summary>
/// <remarks>Source: facts on AosCore 9.1, sections 5 and 6.</remarks>
internal sealed class ImageReader(BlobStore blobs, BlobSource source, Platform host)
{
    private const long MaxDocumentBytes = 1 << 20;
    private static readonly string[] LayerTypes = [MediaTypes.LayerGzip, MediaTypes.LayerTar];

    /// <summary>Reads index, manifest, configuration and item configuration.</summary>
    /// <param name="trust">Judges what the hub sends; null when only what is held already may be read: that was judged when it came.</param>
    /// <exception cref="ItemRefusedException">A document cannot be had, is none, or none is for this unit.</exception>
    public async Task<ItemImage> ReadAsync(Digest index, ReleaseTrust? trust, CancellationToken cancellationToken)
    {
        var read = new List<Digest>();
        var manifests = (await ReadAsync(index, null, OciJson.Default.ImageIndex, trust, read, cancellationToken)).Manifests;
        if (manifests.Length > ServiceImageComposer.MostManifests)
            throw Refused($"the index lists {manifests.Length} manifests, more than {ServiceImageComposer.MostManifests}");
        var chosen = Array.Find(manifests, m => m.Platform?.RunsOn(host) ?? true) ?? throw Refused($"the item is not made for {host}");
        var manifest = await ReadAsync(chosen.Digest, chosen.Size, OciJson.Default.ImageManifest, trust, read, cancellationToken);
        var config = await ReadAsync(manifest.Config.Digest, manifest.Config.Size, OciJson.Default.ImageConfig, trust, read, cancellationToken);
        if (manifest.AosItemConfig is not { } itemConfig) throw Refused("the manifest has no aosItemConfig");
        var item = await ReadAsync(itemConfig.Digest, itemConfig.Size, OciJson.Default.AosItemConfig, trust, read, cancellationToken);
        return new(Layers(manifest, config), Process(config, item), read.ToEquatableList());
    }

    private EquatableList<LayerBlob> Layers(ImageManifest manifest, ImageConfig config)
    {
        if (!new Platform(config.Architecture, config.Os) { Variant = config.Variant }.RunsOn(host)) throw Refused($"the item is not made for {host}");
        if (manifest.Layers.Length > ServiceImageComposer.MostLayers)
            throw Refused($"the manifest lists {manifest.Layers.Length} layers, more than {ServiceImageComposer.MostLayers}");
        if (config.Rootfs.DiffIds.Length != manifest.Layers.Length)
            throw Refused($"the manifest lists {manifest.Layers.Length} layers and the configuration {config.Rootfs.DiffIds.Length} diff ids");
        if (Array.Find(manifest.Layers, l => !LayerTypes.Contains(l.MediaType)) is { } odd) throw Refused($"layers of type '{Quote.Short(odd.MediaType)}' are not known");
        return manifest.Layers.Zip(config.Rootfs.DiffIds, (l, id) => new LayerBlob(l.Digest, id, l.Size, l.MediaType)).ToEquatableList();
    }

    private static ServiceProcess Process(ImageConfig config, AosItemConfig item)
    {
        if (item.Runtimes is { Length: > 0 } runtimes && !Array.Exists(runtimes, r => r.Codename is "crun" or "runc"))
            throw Refused($"the item wants the runtime '{Quote.Short(runtimes[0].Codename)}'");
        string[] arguments = [.. config.Config.Entrypoint ?? [], .. config.Config.Cmd ?? []];
        if (arguments.Length == 0) throw Refused("the item names no program to run");
        var folder = config.Config.WorkingDir is { Length: > 0 } given ? given : "/";
        if (folder[0] != '/') throw Refused($"the working folder '{Quote.Short(folder)}' is not absolute");
        return new([.. arguments], [.. config.Config.Env ?? []], folder);
    }

    private async Task<T> ReadAsync<T>(
        Digest digest, long? size, JsonTypeInfo<T> type, ReleaseTrust? trust, List<Digest> read, CancellationToken cancellationToken)
    {
        if (blobs.SizeOf(digest) is null) await FetchAsync(digest, size, trust, cancellationToken);
        read.Add(digest);
        await using var file = blobs.Open(digest)!;
        try
        {
            using var document = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
            NullElements.Refuse(document.RootElement);
            return document.RootElement.Deserialize(type) ?? throw Refused($"document {digest.Hex[..12]} is empty");
        }
        catch (JsonException broken)
        {
            throw Refused($"document {digest.Hex[..12]}: {broken.Message}");
        }
    }

    private async Task FetchAsync(Digest digest, long? size, ReleaseTrust? trust, CancellationToken cancellationToken)
    {
        if (trust is null) throw new ItemRefusedException($"document {digest.Hex[..12]} is not held", AosCodes.NotFound);
        var path = await source.FetchAsync(digest, size, MaxDocumentBytes, trust, cancellationToken);
        await using (var file = File.OpenRead(path)) await blobs.PutAsync(digest, file.Length, file, cancellationToken);
        File.Delete(path);
    }

    private static ItemRefusedException Refused(string why) => new(why, AosCodes.NotSupported);
}
