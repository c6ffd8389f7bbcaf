using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Oci;

/// <summary>An image found in an OCI layout; its documents held to their digests, its layers not read yet.</summary>
/// <param name="Manifest">Names the image and all its content.</param>
/// <param name="Layers">Bottom first.</param>
public sealed record OciLayoutImage(Digest Manifest, EquatableList<OciLayoutLayer> Layers);

/// <summary>A layer of an image in a layout.</summary>
/// <param name="Size">Bytes of the blob.</param>
public sealed record OciLayoutLayer(Digest Digest, long Size, DiffId DiffId)
{
    /// <summary>Where its blob stands, relative to the layout.</summary>
    public string Path => OciLayoutReader.BlobPath(Digest);
}

/// <summary>Reads the documents of an OCI layout that may come from anywhere: every one bounded, and held to the digest that names it.</summary>
/// <remarks>Source: OCI image-spec 1.1, image-layout.md, image-index.md, manifest.md, config.md.</remarks>
/// <param name="open">Opens a file by its path in the layout; null when there is no such file.</param>
public sealed class OciLayoutReader(Func<string, Stream?> open)
{
    private const int LargestDocument = 4 << 20; // what registries take
    private const int DeepestIndex = 4, MostDocuments = 256, MostLayers = 500; // overlayfs stacks 500
    private const string NameAnnotation = "org.opencontainers.image.ref.name";
    private int _documents;

    /// <summary>The file that makes a folder a layout.</summary>
    public const string MarkerName = "oci-layout";

    /// <summary>Where the blob stands, relative to the layout.</summary>
    public static string BlobPath(Digest digest) => $"blobs/sha256/{digest.Hex}";

    /// <summary>Finds the one image that is meant.</summary>
    /// <param name="name">Its name in the layout, as <c>skopeo</c> and <c>umoci</c> write it; null when one image alone fits.</param>
    /// <param name="architecture">OCI's name; decides between images of an index that say what they are for.</param>
    /// <exception cref="ArchiveRefusedException">The layout is damaged, or none or several images fit.</exception>
    public async Task<OciLayoutImage> ReadAsync(string? name, string architecture, CancellationToken cancellation)
    {
        var marker = await DocumentAsync(MarkerName, null, LayoutJson.Default.LayoutMarker, cancellation);
        if (marker.ImageLayoutVersion != "1.0.0")
            throw Refuse(ArchiveFault.Unsupported, MarkerName, $"names the layout version '{Quote.Short(marker.ImageLayoutVersion)}'; 1.0.0 is read");
        var index = await DocumentAsync("index.json", null, LayoutJson.Default.LayoutIndex, cancellation);
        var all = index.Manifests ?? [];
        var named = name is null ? all : [.. all.Where(m => NameOf(m) == name)];
        if (named.Length == 0) throw Refuse(ArchiveFault.Misplaced, "index.json", name is null ? "names no image" : $"names no image '{Quote.Short(name)}'; it has {Names(all)}");

        var found = new Dictionary<Digest, LayoutDescriptor>();
        foreach (var descriptor in named) await FlattenAsync(descriptor, architecture, 0, found, cancellation);
        return found.Count switch
        {
            1 => await ImageAsync(found.Values.First(), cancellation),
            0 => throw Refuse(ArchiveFault.Misplaced, "index.json", $"has no image for {architecture}"),
            _ => throw Refuse(ArchiveFault.Misplaced, "index.json", $"has {found.Count} images that fit: {Names(named)}; say which one with 'image:'"),
        };
    }

    private async Task FlattenAsync(LayoutDescriptor descriptor, string architecture, int depth, Dictionary<Digest, LayoutDescriptor> found, CancellationToken cancellation)
    {
        if (depth > DeepestIndex) throw Refuse(ArchiveFault.TooLarge, "index.json", $"holds indexes more than {DeepestIndex} deep");
        if (descriptor.MediaType is not null && descriptor.MediaType.Contains("index", StringComparison.Ordinal))
        {
            var (_, inner) = await BlobAsync(descriptor, LayoutJson.Default.LayoutIndex, cancellation);
            foreach (var next in inner.Manifests ?? []) await FlattenAsync(next, architecture, depth + 1, found, cancellation);
        }
        else if (descriptor.Platform?.Architecture is not { Length: > 0 } stated || stated == architecture)
        {
            found[DigestOf(descriptor)] = descriptor;
        }
    }

    private async Task<OciLayoutImage> ImageAsync(LayoutDescriptor descriptor, CancellationToken cancellation)
    {
        var (digest, manifest) = await BlobAsync(descriptor, LayoutJson.Default.LayoutManifest, cancellation);
        if (manifest.Config is null || manifest.Layers is not { Length: > 0 } layers)
            throw Refuse(ArchiveFault.Misplaced, BlobPath(digest), "is no image: it names no configuration, or no layer");
        var (configDigest, config) = await BlobAsync(manifest.Config, LayoutJson.Default.LayoutConfig, cancellation);
        var diffIds = config.Rootfs?.DiffIds ?? [];
        if (diffIds.Length != layers.Length)
            throw Refuse(ArchiveFault.Damaged, BlobPath(configDigest), $"names {diffIds.Length} diff ids and its image has {layers.Length} layers");
        if (layers.Length > MostLayers) throw Refuse(ArchiveFault.TooLarge, BlobPath(digest), $"has {layers.Length} layers; {MostLayers} are allowed");
        return new(digest, [.. layers.Zip(diffIds, (layer, diffId) => new OciLayoutLayer(
            DigestOf(layer),
            layer.Size >= 0 ? layer.Size : throw Refuse(ArchiveFault.Damaged, BlobPath(digest), "names a layer with a size below zero"),
            DiffId.TryParse(diffId, null, out var id) ? id : throw Refuse(ArchiveFault.Damaged, BlobPath(configDigest), $"has the diff id '{Quote.Short(diffId)}', which is none of sha256")))]);
    }

    private async Task<(Digest Digest, T Document)> BlobAsync<T>(LayoutDescriptor descriptor, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var digest = DigestOf(descriptor);
        return (digest, await DocumentAsync(BlobPath(digest), digest, type, cancellation));
    }

    private async Task<T> DocumentAsync<T>(string path, Digest? digest, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        if (++_documents > MostDocuments) throw Refuse(ArchiveFault.TooLarge, "index.json", $"leads to more than {MostDocuments} documents");
        await using var file = open(path) ?? throw Refuse(ArchiveFault.Damaged, path, "is not there");
        var content = await ContentAsync(path, file, cancellation);
        if (digest is { } promised && Digest.FromHash(SHA256.HashData(content.Span)) != promised)
            throw Refuse(ArchiveFault.Damaged, path, "does not hold what its name says");
        try
        {
            using var document = JsonDocument.Parse(content);
            NullElements.Refuse(document.RootElement);
            return document.Deserialize(type) ?? throw new JsonException("it is null");
        }
        catch (JsonException broken)
        {
            throw Refuse(ArchiveFault.Damaged, path, $"is not the document that should stand there: {Quote.Short(broken.Message)}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ContentAsync(string path, Stream file, CancellationToken cancellation)
    {
        try
        {
            await using var bounded = new BoundedStream(file, LargestDocument, path, leaveOpen: true);
            var bytes = new MemoryStream();
            await bounded.CopyToAsync(bytes, cancellation);
            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }
        catch (ContentTooLargeException)
        {
            throw Refuse(ArchiveFault.TooLarge, path, $"is longer than the {LargestDocument} bytes allowed");
        }
    }

    private static Digest DigestOf(LayoutDescriptor descriptor) => Digest.TryParse(descriptor.Digest, null, out var digest)
        ? digest
        : throw Refuse(ArchiveFault.Unsupported, "index.json", $"leads to the digest '{Quote.Short(descriptor.Digest)}'; only sha256 is read");

    private static string? NameOf(LayoutDescriptor descriptor) => descriptor.Annotations?.GetValueOrDefault(NameAnnotation);

    private static string Names(IEnumerable<LayoutDescriptor> descriptors) =>
        string.Join(", ", descriptors.Select(d => Quote.Short(NameOf(d) ?? d.Digest)).Take(8)) is { Length: > 0 } names ? names : "none";

    private static ArchiveRefusedException Refuse(ArchiveFault fault, string path, string found) => new(fault, path, $"'{path}' of the OCI layout {found}.");
}

/// <summary>The parts of a foreign layout's documents that are looked at; everything in them may be absent.</summary>
internal sealed record LayoutMarker(string? ImageLayoutVersion);

internal sealed record LayoutIndex(LayoutDescriptor[]? Manifests);

internal sealed record LayoutDescriptor(string? MediaType, string? Digest, long Size, LayoutPlatform? Platform, Dictionary<string, string>? Annotations);

internal sealed record LayoutPlatform(string? Architecture);

internal sealed record LayoutManifest(LayoutDescriptor? Config, LayoutDescriptor[]? Layers);

internal sealed record LayoutConfig(LayoutRootfs? Rootfs);

internal sealed record LayoutRootfs([property: JsonPropertyName("diff_ids")] string[]? DiffIds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LayoutMarker))]
[JsonSerializable(typeof(LayoutIndex))]
[JsonSerializable(typeof(LayoutManifest))]
[JsonSerializable(typeof(LayoutConfig))]
internal sealed partial class LayoutJson : JsonSerializerContext;
