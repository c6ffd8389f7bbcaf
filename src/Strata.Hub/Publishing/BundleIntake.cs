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
internal sealed class BundleIntake(IBlobs store, BundleContents contents) : IDisposable
{
    private readonly List<CheckedLayer> _checked = [];
    private const int LongestName = 256, LongestText = 4096;
    private readonly Dictionary<Digest, InspectedLayer> _inspected = [];

    public List<TakenLayer> Layers { get; } = [];

    public List<TakenService> Services { get; } = [];

    /// <summary>Every blob that the items need.</summary>
    public List<StoredBlob> Blobs { get; } = [];

    /// <summary>Everything that is wrong; empty when all items were taken.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>What is as it may be and good to know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What is allowed and should be known.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Looks into every archive and holds what is said of it to what is in it.</summary>
    /// <param name="say">Hears of each archive before it is looked into.</param>
    public async Task CheckAsync(BundleConfig config, Action<string> say, CancellationToken cancellation)
    {
        foreach (var item in config.Items)
        {
            if (item.Type == ItemType.Layer) await CheckLayerAsync(item, say, cancellation);
            else await TakeServiceAsync(item, cancellation);
        }
    }

    /// <summary>Derives from the content what the hub says of each layer; written to files without a name, not stored yet.</summary>
    /// <param name="say">Hears of each layer.</param>
    public void Describe(Action<string> say)
    {
        foreach (var layer in _checked)
        {
            foreach (var image in layer.Images)
            {
                say($"Describing {Named(layer.Item, image.Image)}: {image.Inspected.Content.Libraries.Count} libraries, {image.Inspected.Content.Binaries.Count} ELF files");
                Describe(layer.Item, image);
            }
        }
    }

    /// <summary>Stores what was derived. The archives themselves went into the store as they were unpacked, byte for byte.</summary>
    public async Task StoreAsync(CancellationToken cancellation)
    {
        foreach (var layer in _checked)
        {
            var descriptions = new List<Digest>();
            foreach (var image in layer.Images)
            {
                foreach (var (document, content) in image.Documents)
                {
                    content.Position = 0;
                    await IngestAsync(content, document.Size, cancellation);
                }
                descriptions.Add(await StoreAsync(image.LayerJson, cancellation));
            }
            var first = layer.Images[0].Description!;
            Layers.Add(new(
                layer.Item.Codename, layer.Item.Version, layer.Item.Title ?? first.Summary, first.Name == layer.Item.Codename ? [] : [first.Name],
                layer.Images.Select(i => new LayerImage(i.Image.Platform, i.Inspected.Digest, i.Inspected.DiffId, i.Inspected.Size, i.Inspected.Content.UnpackedSize)
                {
                    MediaType = MediaTypeOf(i.Inspected),
                    Parent = i.Description!.Parent,
                    Base = i.Description.Base,
                }).ToEquatableList(),
                descriptions.ToEquatableList()));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, content) in _checked.SelectMany(l => l.Images).SelectMany(i => i.Documents)) content.Dispose();
    }

    private async Task CheckLayerAsync(BundleItem item, Action<string> say, CancellationToken cancellation)
    {
        var images = new List<CheckedImage>();
        foreach (var image in item.Images)
        {
            if (contents.Archive(item, image) is not { } archive)
            {
                Reasons.Add(NoArchive(item, image));
                continue;
            }
            say($"Looking into {Named(item, image)}: {archive.Blob.Size} bytes, {archive.Blob.Digest}");
            if (await InspectAsync(item, image, archive.Blob, cancellation) is not { } inspected) continue;
            var claims = await ReadClaimsAsync(item, archive.Path, cancellation);
            if (claims is not null && !Agree(item, image, inspected, claims)) continue;
            NoteForm(item, image, inspected);
            images.Add(new(image, inspected, claims));
        }
        if (images.Count > 0) _checked.Add(new(item, images));
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
                new(inspected.Digest, inspected.DiffId, inspected.Size, MediaTypeOf(inspected)),
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
        Blobs.Add(StoredBlob.Of(blob));
        if (!_inspected.TryGetValue(blob.Digest, out var inspected))
        {
            try
            {
                await using var file = await store.OpenAsync(blob.Digest, cancellation) ?? throw Gone(blob.Digest);
                _inspected[blob.Digest] = inspected = await LayerInspector.InspectBlobAsync(file, blob.Digest, blob.Size, item.Type == ItemType.Layer ? LayerDocuments.Inspection(contents.NewSpool) : null, cancellation);
            }
            catch (ArchiveRefusedException refused)
            {
                Reasons.Add($"{Named(item, image)}: {refused.Message}");
                return null;
            }
        }
        if (inspected.Content.UnpackedSize == 0)
        {
            // Facts, trap 7. A layer may be looked at all the same; it is never sent to a unit.
            var empty = $"{Named(item, image)}: its files add up to 0 bytes, and units cannot take such a layer.";
            if (item.Type == ItemType.Layer) Warnings.Add($"{empty} No service that needs this version can be composed.");
            else
            {
                Reasons.Add($"{empty} Leave it out, or put something in.");
                return null;
            }
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
    private void Describe(BundleItem item, CheckedImage image)
    {
        var (inspected, claims) = (image.Inspected, image.Claims);
        var said = new LayerClaims
        {
            Name = claims?.Name ?? item.Codename,
            Codename = item.Codename,
            Version = item.Version,
            Summary = claims?.Summary ?? item.Title,
            License = claims?.License,
            Features = claims?.Features ?? [],
            Base = claims?.Base,
            Platform = claims?.Platform ?? image.Image.Platform,
            Time = claims?.Created?.ToUnixTimeSeconds(),
        };
        var archive = new LayerArchive(MediaTypeOf(inspected), inspected.Digest, inspected.DiffId, inspected.Size, inspected.Content.UnpackedSize)
        {
            Entries = inspected.Content.Entries,
            Compressor = claims?.Archive.Compressor,
        };
        var description = LayerDescriber.Describe(said, archive, inspected.Content).Description with { Parent = claims?.Parent };
        foreach (var name in LayerDocuments.Names)
        {
            var document = contents.NewSpool();
            image.Documents.Add((LayerDocuments.Write(name, document, description, inspected.Content), document));
        }
        image.Description = description with { Documents = image.Documents.Select(d => d.About).ToEquatableList() };
        if (LayerDescriptionJson.TryWrite(image.Description, out var json)) image.LayerJson = json;
        else Reasons.Add($"{Named(item, image.Image)}: its layer.json would be longer than {LayerDescriptionJson.MaxBytes} bytes, and nobody could read it. Make two layers of it.");
    }

    private async Task<Digest> StoreAsync(byte[] document, CancellationToken cancellation)
    {
        await using var content = new MemoryStream(document);
        return await IngestAsync(content, document.Length, cancellation);
    }

    private async Task<Digest> IngestAsync(Stream content, long size, CancellationToken cancellation)
    {
        var blob = await store.IngestAsync(content, size, cancellation);
        Blobs.Add(StoredBlob.Of(blob));
        return blob.Digest;
    }

    /// <summary>The file is published byte for byte as it came, also in another form; only nobody could build the same one.</summary>
    private void NoteForm(BundleItem item, BundleImage image, InspectedLayer inspected)
    {
        if (!inspected.Form.IsCanonical)
            Notes.Add($"{Named(item, image)} is not of canonical form, and is published as it is. {string.Join(' ', inspected.Form.Departures)}");
    }

    private static string MediaTypeOf(InspectedLayer layer) => layer.IsCompressed ? MediaTypes.LayerGzip : MediaTypes.LayerTar;

    private string NoArchive(BundleItem item, BundleImage image)
    {
        var there = contents.FilesBelow(item.SourceFolder).Take(5).ToList();
        return $"{Named(item, image)}: the bundle holds no file '{Quote.Short(image.Path ?? "")}'"
            + (there.Count == 0 ? $", and nothing in '{Quote.Short(item.SourceFolder)}'." : $"; in '{Quote.Short(item.SourceFolder)}' there are {string.Join(", ", there)}.")
            + " Correct images[].path and sign again.";
    }

    private static IOException Gone(Digest digest) => new($"The hub's store lost {digest} while the bundle was looked at. Upload it again.");

    private static string Named(BundleItem item, BundleImage image) => $"{item.Codename} {item.Version} for {image.Platform}";

    private sealed record CheckedLayer(BundleItem Item, List<CheckedImage> Images);

    private sealed record CheckedImage(BundleImage Image, InspectedLayer Inspected, LayerDescription? Claims)
    {
        public List<(SideDocument About, Stream Content)> Documents { get; } = [];

        public LayerDescription? Description { get; set; }

        public byte[] LayerJson { get; set; } = [];
    }
}
