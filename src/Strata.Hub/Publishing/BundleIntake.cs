using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Bundles;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Looks at the content of every item; what the bundle says of it is only believed where the content agrees.</summary>
internal sealed class BundleIntake(IBlobs store, BundleContents contents)
{
    private const int LongestName = 256, LongestText = 4096;
    private readonly Dictionary<Digest, InspectedLayer> _inspected = [];

    public List<TakenLayer> Layers { get; } = [];

    public List<TakenService> Services { get; } = [];

    /// <summary>Every blob that the items need.</summary>
    public List<BlobAdded> Blobs { get; } = [];

    /// <summary>Everything that is wrong; empty when all items were taken.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>Looks at all items.</summary>
    public async Task TakeAsync(BundleConfig config, CancellationToken cancellation)
    {
        foreach (var item in config.Items)
        {
            if (item.Type == ItemType.Layer) await TakeLayerAsync(item, cancellation);
            else await TakeServiceAsync(item, cancellation);
        }
    }

    private async Task TakeLayerAsync(BundleItem item, CancellationToken cancellation)
    {
        var images = new List<LayerImage>();
        var descriptions = new List<Digest>();
        LayerDescription? first = null;
        foreach (var image in item.Images)
        {
            if (contents.Archive(item, image) is not { } archive)
            {
                Reasons.Add(NoArchive(item, image));
                continue;
            }
            if (await InspectAsync(item, image, archive.Blob, cancellation) is not { } inspected) continue;
            var claims = await ReadClaimsAsync(item, archive.Path, cancellation);
            if (claims is not null && !Agree(item, image, inspected, claims)) continue;
            var described = await DescribeAsync(item, image, inspected, claims, cancellation);
            if (!LayerDescriptionJson.TryWrite(described, out var document))
            {
                Reasons.Add($"{Named(item, image)}: its layer.json would be longer than {LayerDescriptionJson.MaxBytes} bytes, and nobody could read it. Make two layers of it.");
                continue;
            }
            first ??= described;
            descriptions.Add(await StoreAsync(document, cancellation));
            images.Add(new(image.Platform, inspected.Digest, inspected.DiffId, inspected.Size, inspected.Content.UnpackedSize)
            {
                MediaType = described.Archive.MediaType,
                Parent = described.Parent,
                Base = described.Base,
            });
        }
        if (first is null) return;
        Layers.Add(new(
            item.Codename, item.Version, item.Title ?? first.Summary, first.Name == item.Codename ? [] : [first.Name], images.ToEquatableList(), descriptions.ToEquatableList()));
    }

    private async Task TakeServiceAsync(BundleItem item, CancellationToken cancellation)
    {
        var images = new List<ServiceImage>();
        foreach (var image in item.Images)
        {
            if (await ServiceBlobAsync(item, image, cancellation) is not { } blob) continue;
            if (await InspectAsync(item, image, blob, cancellation) is not { } inspected) continue;
            if (Process(item, image) is not { } process) continue;
            images.Add(new(
                image.Platform,
                new(inspected.Digest, inspected.DiffId, inspected.Size, await MediaTypeAsync(inspected.Digest, cancellation)),
                inspected.Content.UnpackedSize,
                process));
        }
        if (images.Count == 0) return;
        Services.Add(new(
            item.Id, item.Codename, item.Version, item.Title, item.Description, item.Needs, images.ToEquatableList(), item.Settings.Instances, item.Settings.Priority));
    }

    private async Task<IngestedBlob?> ServiceBlobAsync(BundleItem item, BundleImage image, CancellationToken cancellation)
    {
        if (image.Path is not null)
        {
            if (contents.Archive(item, image) is { } archive) return archive.Blob;
            Reasons.Add(NoArchive(item, image));
            return null;
        }
        var packed = await ServicePacker.PackAsync(contents, BundleContents.Folder(item, image), store, cancellation);
        if (packed is null) Reasons.Add($"{Named(item, image)}: the bundle holds no files in '{Quote.Short(BundleContents.Folder(item, image))}'. Put the service's files there and sign again.");
        return packed;
    }

    private ServiceProcess? Process(BundleItem item, BundleImage image)
    {
        var (words, problem) = ShellWords.Split(image.Command ?? item.Settings.Command ?? "");
        if (problem is not null) Reasons.Add($"{Named(item, image)}: cmd {problem}");
        else if (words.Count == 0) Reasons.Add($"{Named(item, image)}: it has no cmd. Write what to start, such as cmd: python3 /app/main.py.");
        var folder = image.WorkingDirectory ?? item.Settings.WorkingDirectory ?? "/";
        if (!folder.StartsWith('/')) Reasons.Add($"{Named(item, image)}: workingDir '{Quote.Short(folder)}' is not absolute. Begin it with '/'.");
        return words.Count == 0 || !folder.StartsWith('/')
            ? null
            : new(words.ToEquatableList(), item.Settings.Environment.Concat(image.Environment).ToEquatableList(), folder);
    }

    /// <summary>Digests and findings of a blob; null, with the reason noted, when it may not be a layer.</summary>
    private async Task<InspectedLayer?> InspectAsync(BundleItem item, BundleImage image, IngestedBlob blob, CancellationToken cancellation)
    {
        Blobs.Add(new(blob.Digest, blob.Size, Convert.ToHexStringLower(blob.Sha3With256)));
        if (!_inspected.TryGetValue(blob.Digest, out var inspected))
        {
            try
            {
                await using var file = await store.OpenAsync(blob.Digest, cancellation) ?? throw Gone(blob.Digest);
                _inspected[blob.Digest] = inspected = await LayerInspector.InspectFileAsync(file, item.Type == ItemType.Layer ? LayerDocuments.Inspection(contents.NewSpool) : null, cancellation);
            }
            catch (ArchiveRefusedException refused)
            {
                Reasons.Add($"{Named(item, image)}: {refused.Message}");
                return null;
            }
        }
        if (inspected.Content.UnpackedSize == 0)
        {
            Reasons.Add($"{Named(item, image)}: its files add up to 0 bytes, and units cannot take such a layer. Leave it out, or put something in."); // facts, trap 7
            return null;
        }
        if (inspected.Content.Architectures is { Count: > 0 } found && !found.Contains(image.Platform.Architecture))
        {
            Reasons.Add($"{Named(item, image)}: its shared objects are for {string.Join(", ", found)}. The entry names the archive of another architecture.");
            return null;
        }
        return inspected;
    }

    private async Task<LayerDescription?> ReadClaimsAsync(BundleItem item, string archivePath, CancellationToken cancellation)
    {
        var slash = archivePath.LastIndexOf('/');
        var (folder, file) = (archivePath[..(slash + 1)], archivePath[(slash + 1)..]);
        var stem = file.EndsWith(".tar.gz", StringComparison.Ordinal) ? file[..^".tar.gz".Length] : Path.GetFileNameWithoutExtension(file);
        foreach (var name in (string[])[$"{folder}{stem}.layer.json", $"{folder}layer.json"])
        {
            if (await contents.SmallFileAsync(name, LayerDescriptionJson.MaxBytes, cancellation) is not { } bytes) continue;
            try
            {
                var claims = LayerDescriptionJson.Read(bytes);
                if (claims is { Name.Length: <= LongestName, Summary: null or { Length: <= LongestText }, License: null or { Length: <= LongestText } }) return claims;
                Reasons.Add($"{item.Codename} {item.Version}: {Quote.Short(name)} has a name of more than {LongestName} or a summary or licence of more than {LongestText} characters. Shorten it.");
                return null;
            }
            catch (Exception problem) when (problem is JsonException or InvalidOperationException) // the latter for half a surrogate pair
            {
                Reasons.Add($"{item.Codename} {item.Version}: {Quote.Short(name)} cannot be read: {problem.Message}");
                return null;
            }
        }
        return null;
    }

    /// <summary>Whether layer.json speaks of this item and this content; every difference is noted.</summary>
    private bool Agree(BundleItem item, BundleImage image, InspectedLayer inspected, LayerDescription claims)
    {
        var before = Reasons.Count;
        void Same<T>(string what, T said, T found)
        {
            if (!EqualityComparer<T>.Default.Equals(said, found))
                Reasons.Add($"{Named(item, image)}: layer.json says {what} {said}, and it is {found}. Build the layer again and sign what was built.");
        }
        Same("codename", claims.Codename, item.Codename);
        Same("version", claims.Version, item.Version);
        Same("architecture", claims.Platform.Architecture, image.Platform.Architecture);
        Same("os", claims.Platform.Os, image.Platform.Os);
        Same("digest", claims.Archive.Digest, inspected.Digest);
        Same("diff id", claims.Archive.DiffId, inspected.DiffId);
        return Reasons.Count == before;
    }

    /// <summary>The description and what stands beside it, derived anew; only what no content shows is taken from the bundle's own.</summary>
    private async Task<LayerDescription> DescribeAsync(BundleItem item, BundleImage image, InspectedLayer inspected, LayerDescription? claims, CancellationToken cancellation)
    {
        var said = new LayerClaims
        {
            Name = claims?.Name ?? item.Codename,
            Codename = item.Codename,
            Version = item.Version,
            Summary = claims?.Summary ?? item.Title,
            License = claims?.License,
            Features = claims?.Features ?? [],
            Base = claims?.Base,
            Platform = claims?.Platform ?? image.Platform,
            Time = claims?.Created?.ToUnixTimeSeconds(),
        };
        var archive = new LayerArchive(await MediaTypeAsync(inspected.Digest, cancellation), inspected.Digest, inspected.DiffId, inspected.Size, inspected.Content.UnpackedSize)
        {
            Entries = inspected.Content.Entries,
            Compressor = claims?.Archive.Compressor,
        };
        var description = LayerDescriber.Describe(said, archive, inspected.Content).Description with { Parent = claims?.Parent };
        var documents = new List<SideDocument>();
        foreach (var name in LayerDocuments.Names)
        {
            await using var document = contents.NewSpool();
            var written = LayerDocuments.Write(name, document, description, inspected.Content);
            document.Position = 0;
            await IngestAsync(document, written.Size, cancellation);
            documents.Add(written);
        }
        return description with { Documents = documents.ToEquatableList() };
    }

    private async Task<Digest> StoreAsync(byte[] document, CancellationToken cancellation)
    {
        await using var content = new MemoryStream(document);
        return await IngestAsync(content, document.Length, cancellation);
    }

    private async Task<Digest> IngestAsync(Stream content, long size, CancellationToken cancellation)
    {
        var blob = await store.IngestAsync(content, size, cancellation);
        Blobs.Add(new(blob.Digest, blob.Size, Convert.ToHexStringLower(blob.Sha3With256)));
        return blob.Digest;
    }

    private async Task<string> MediaTypeAsync(Digest digest, CancellationToken cancellation)
    {
        await using var file = await store.OpenAsync(digest, cancellation) ?? throw Gone(digest);
        var start = new byte[2];
        await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        return start is [0x1F, 0x8B] ? MediaTypes.LayerGzip : MediaTypes.LayerTar;
    }

    private string NoArchive(BundleItem item, BundleImage image)
    {
        var there = contents.FilesBelow(item.SourceFolder).Take(5).ToList();
        return $"{Named(item, image)}: the bundle holds no file '{Quote.Short(image.Path ?? "")}'"
            + (there.Count == 0 ? $", and nothing in '{Quote.Short(item.SourceFolder)}'." : $"; in '{Quote.Short(item.SourceFolder)}' there are {string.Join(", ", there)}.")
            + " Correct images[].path and sign again.";
    }

    private static IOException Gone(Digest digest) => new($"The hub's store lost {digest} while the bundle was looked at. Upload it again.");

    private static string Named(BundleItem item, BundleImage image) => $"{item.Codename} {item.Version} for {image.Platform}";
}
