using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;

namespace Strata.Artifacts.Oci;

/// <summary>What one platform of a service image is made of.</summary>
/// <param name="OwnLayer">The service's own files.</param>
/// <param name="SharedLayers">Topmost first, with parents, without the base.</param>
/// <param name="Process">What runs.</param>
public sealed record ServiceImageParts(Platform Platform, LayerBlob OwnLayer, EquatableList<LayerBlob> SharedLayers, ServiceProcess Process);

/// <summary>A document made by composition, to be stored under its digest.</summary>
public sealed record ComposedDocument(string MediaType, Digest Digest, ReadOnlyMemory<byte> Bytes);

/// <summary>A composed image: its index and every document; layer blobs are those that were published.</summary>
/// <param name="Index">Digest of the index.</param>
/// <param name="Documents">Index, manifests, configurations, item configurations; each once.</param>
public sealed record ComposedImage(Digest Index, EquatableList<ComposedDocument> Documents);

/// <summary>Whom a document is for (decision 6).</summary>
public enum ImageOrder
{
    /// <summary>AosCore and Strata's agent: layers and diff ids top first, with an item configuration.</summary>
    TopFirst,

    /// <summary>Every OCI tool: bottom first.</summary>
    BottomFirst,
}

/// <summary>Composes a service's OCI image out of its own layer and the shared ones. Pure: the same parts give the same digests.</summary>
public static class ServiceImageComposer
{
    /// <summary>Most layers that AosCore takes in a manifest.</summary>
    public const int MostLayers = 16;

    /// <summary>Most manifests that AosCore takes in an index.</summary>
    public const int MostManifests = 8;

    /// <summary>Composes the image.</summary>
    /// <exception cref="ArgumentException">No platform, or more layers or platforms than a unit takes; callers check at upload and say so there.</exception>
    public static ComposedImage Compose(IReadOnlyCollection<ServiceImageParts> platforms, ImageOrder order)
    {
        if (platforms.Count is 0 or > MostManifests)
            throw new ArgumentException($"An image has 1 to {MostManifests} platforms, not {platforms.Count}.", nameof(platforms));
        var documents = new List<ComposedDocument>();
        var manifests = platforms.OrderBy(p => p.Platform.ToString(), StringComparer.Ordinal).Select(parts =>
        {
            var manifest = ComposeManifest(parts, order, documents);
            return manifest with { Platform = parts.Platform };
        }).ToArray();
        var index = Add(new(2, MediaTypes.Index, manifests), OciJson.Default.ImageIndex, MediaTypes.Index, documents);
        return new(index.Digest, documents.DistinctBy(d => d.Digest).ToEquatableList());
    }

    private static Descriptor ComposeManifest(ServiceImageParts parts, ImageOrder order, List<ComposedDocument> documents)
    {
        var layers = parts.SharedLayers.Prepend(parts.OwnLayer).ToList();
        if (layers.Count > MostLayers)
            throw new ArgumentException($"A manifest has at most {MostLayers} layers, not {layers.Count}.", nameof(parts));
        if (order == ImageOrder.BottomFirst) layers.Reverse();

        var config = new ImageConfig(
            parts.Platform.Architecture,
            parts.Platform.Os,
            new(
                [.. parts.Process.Arguments],
                Env: parts.Process.Environment.Count == 0 ? null : [.. parts.Process.Environment],
                WorkingDir: parts.Process.WorkingDirectory),
            new("layers", [.. layers.Select(l => l.DiffId)]))
        {
            Variant = parts.Platform.Variant,
        };
        var manifest = new ImageManifest(
            2,
            MediaTypes.Manifest,
            Add(config, OciJson.Default.ImageConfig, MediaTypes.ImageConfig, documents),
            [.. layers.Select(l => new Descriptor(l.MediaType, l.Digest, l.Size))]);
        if (order == ImageOrder.TopFirst)
            manifest = manifest with { AosItemConfig = Add(new([]), OciJson.Default.AosItemConfig, MediaTypes.AosItemConfig, documents) };
        return Add(manifest, OciJson.Default.ImageManifest, MediaTypes.Manifest, documents);
    }

    private static Descriptor Add<T>(T document, JsonTypeInfo<T> type, string mediaType, List<ComposedDocument> documents)
    {
        var bytes = CanonicalJson.Write(document, type);
        var digest = Digest.FromHash(SHA256.HashData(bytes));
        documents.Add(new(mediaType, digest, bytes));
        return new(mediaType, digest, bytes.Length);
    }
}
