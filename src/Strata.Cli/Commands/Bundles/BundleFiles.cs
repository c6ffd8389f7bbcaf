using Strata.Artifacts.Bundles;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Artifacts.Yaml;
using Strata.Build.Trees;
using Strata.Model.Bundles;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Bundles;

/// <summary>Finds on disk what a bundle's configuration names, and everything that is wrong with it.</summary>
/// <param name="folder">The folder of config.yaml.</param>
/// <param name="mistakes">Receives what is wrong, where the configuration names it.</param>
internal sealed class BundleFiles(string folder, MistakeList mistakes)
{
    private const string LayerJson = "layer.json";
    private const int PlainMode = 0x1A4; // 0644
    private readonly SortedDictionary<string, BundleContent> _found = new(StringComparer.Ordinal);
    private readonly MistakeList _notes = new(mistakes.File);

    /// <summary>What looks odd and is allowed.</summary>
    public IReadOnlyList<Mistake> Notes => _notes.All;

    /// <summary>What goes into the bundle.</summary>
    public IReadOnlyCollection<BundleContent> Contents => _found.Values;

    /// <summary>Adds the files of every image.</summary>
    public async Task CollectAsync(IEnumerable<PlacedImage> images, CancellationToken cancellation)
    {
        foreach (var image in images)
        {
            var isThere = image.Image switch
            {
                { Path: { Length: > 0 } path } => AddFile(image, path),
                { SourceFolder: { } below } => AddTree(image, Join(image.SourceFolder, below), cancellation),
                _ => false,
            };
            if (isThere) await CheckMachineAsync(image, cancellation);
        }
    }

    /// <summary>Content that is all for another machine is a slip of the hand; a few such files among others are some packages' way.</summary>
    private async Task CheckMachineAsync(PlacedImage image, CancellationToken cancellation)
    {
        var architecture = image.Image.Platform.Architecture;
        if (architecture == BundleFormat.AnyArchitecture || mistakes.All.Any(m => (m.Line, m.Column) == (image.Mark.Line, image.Mark.Column))) return;
        var payload = image.Image.Path is { } path ? NameOf(image, path) : null;
        var machines = new PayloadMachines(architecture);
        if (payload is not null)
        {
            await using var file = Opened(OnDisk(payload));
            try
            {
                await machines.AddArchiveAsync(file, cancellation);
            }
            catch (Exception damaged) when (damaged is ArchiveRefusedException or ContentTooLargeException)
            {
                if (image.Type == ItemType.Layer) _notes.Add(image.Mark, $"'{payload}' cannot be looked into: {damaged.Message} The hub will refuse it. Build it again.");
                return;
            }
        }
        else
        {
            foreach (var content in _found.Values.Where(c => c.Open is not null && c.Entry.Name.StartsWith(Join(image.SourceFolder, image.Image.SourceFolder!), StringComparison.Ordinal)))
            {
                await using var file = content.Open!();
                await machines.AddFileAsync(content.Entry.Name, file, cancellation);
            }
        }
        if (machines.Complaint is not { } complaint) return;
        if (machines.HasOwn) _notes.Add(image.Mark, complaint);
        else mistakes.Add(image.Mark, $"{complaint} Name what was built for {architecture}.");
    }

    /// <summary>Where a file may be: relative to the item's folder or to the bundle's, as the vendor's builders write it.</summary>
    private static IEnumerable<string> NamesOf(PlacedImage image, string path) => new[] { Join(image.SourceFolder, path), path }.Distinct(StringComparer.Ordinal);

    private string? NameOf(PlacedImage image, string path) => NamesOf(image, path).FirstOrDefault(n => File.Exists(OnDisk(n)));

    private static string What(PlacedImage image) =>
        $"{image.Type?.ToString().ToLowerInvariant() ?? "item"} {image.Codename ?? "without a name"}, {image.Image.Platform}";

    private bool AddFile(PlacedImage image, string path)
    {
        var what = What(image);
        if (NameOf(image, path) is not { } name)
        {
            var names = NamesOf(image, path).ToList();
            mistakes.Add(image.Mark, names.Any(n => Directory.Exists(OnDisk(n)))
                ? $"{what}: '{path}' is a folder; the payload must be a file."
                : $"{what}: '{path}' is not there; looked for {string.Join(" and ", names.Select(OnDisk))}. Build it first, or correct the path.");
            return false;
        }
        var file = new FileInfo(Resolved(OnDisk(name)));
        if (file.Length == 0) mistakes.Add(image.Mark, $"{what}: '{path}' is empty; no unit takes a layer of 0 bytes. Build it again.");
        AddFile(name, file.Length);
        if (image.Type == ItemType.Layer) AddDescription(image, name, file.Length, what);
        return file.Length > 0;
    }

    private void AddDescription(PlacedImage image, string archive, long size, string what)
    {
        var slash = archive.LastIndexOf('/') + 1;
        var stem = archive[slash..].Replace(".tar.gz", "", StringComparison.Ordinal);
        var name = new[] { $"{archive[..slash]}{stem}.{LayerJson}", $"{archive[..slash]}{LayerJson}" }.FirstOrDefault(n => File.Exists(OnDisk(n)));
        if (name is null)
        {
            _notes.Add(image.Mark, $"{what}: no {LayerJson} is beside the archive; the hub will know neither its parent nor its base.");
            return;
        }
        AddFile(name, new FileInfo(OnDisk(name)).Length);
        if (Description(image, name, what) is not { } layer) return;
        if (layer.Platform.Architecture != image.Image.Platform.Architecture)
            mistakes.Add(image.Mark, $"{what}: the {LayerJson} beside the archive says that it was built for {layer.Platform}. Name the archive for {image.Image.Platform}.");
        if (layer.Archive.Size != size)
            mistakes.Add(image.Mark, $"{what}: the {LayerJson} beside the archive describes a file of {layer.Archive.Size} bytes, and this one has {size}. Build the layer again.");
        if (image.Version is not null && layer.Version != image.Version)
            _notes.Add(image.Mark, $"{what}: it was built as version {layer.Version} and is published as {image.Version}.");
    }

    private LayerDescription? Description(PlacedImage image, string name, string what)
    {
        try
        {
            var file = new FileInfo(OnDisk(name));
            if (file.Length <= LayerDescriptionJson.MaxBytes) return LayerDescriptionJson.Read(File.ReadAllBytes(file.FullName));
            mistakes.Add(image.Mark, $"{what}: '{name}' has {file.Length} bytes; that is no {LayerJson}.");
        }
        catch (System.Text.Json.JsonException problem)
        {
            mistakes.Add(image.Mark, $"{what}: '{name}' cannot be read: {problem.Message} Build the layer again.");
        }
        return null;
    }

    private bool AddTree(PlacedImage image, string name, CancellationToken cancellation)
    {
        var what = What(image);
        var root = OnDisk(name);
        if (!Directory.Exists(root))
        {
            mistakes.Add(image.Mark, $"{what}: the folder '{root}' is not there{(File.Exists(root) ? ": it is a file; name it with 'path'" : "")}.");
            return false;
        }
        var files = 0;
        foreach (var entry in TreeScanner.Scan(root, cancellation).Entries)
        {
            var below = Join(name, entry.Path);
            if (Kind(entry.Status.Kind) is not { } kind)
            {
                mistakes.Add(image.Mark, $"{what}: '{below}' is no regular file; a bundle holds files, folders and symbolic links.");
                continue;
            }
            if (below.Length == 0) continue;
            if (kind != TarEntryKind.Directory) files++;
            Add(new() { Name = below, Kind = kind, Mode = entry.Status.Mode, Size = kind == TarEntryKind.File ? entry.Status.Size : 0, LinkTarget = entry.LinkTarget });
        }
        if (files == 0) mistakes.Add(image.Mark, $"{what}: the folder '{root}' is empty; a service brings at least one file.");
        return files > 0;
    }

    private static TarEntryKind? Kind(FileKind kind) => kind switch
    {
        FileKind.File => TarEntryKind.File,
        FileKind.Directory => TarEntryKind.Directory,
        FileKind.SymbolicLink => TarEntryKind.SymbolicLink,
        _ => null,
    };

    private void AddFile(string name, long size) => Add(new() { Name = name, Kind = TarEntryKind.File, Mode = PlainMode, Size = size });

    private void Add(TarEntry entry)
    {
        var path = OnDisk(entry.Name);
        _found.TryAdd(entry.Name, new(entry, entry.Kind != TarEntryKind.File ? null : () => Opened(path)));
    }

    private static FileStream Opened(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 1, Options = FileOptions.SequentialScan });

    /// <summary>The file behind a symbolic link: its size is what counts.</summary>
    private static string Resolved(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private string OnDisk(string name) => Path.Combine(folder, name);

    private static string Join(string above, string below) => (above, below) switch
    {
        ("", _) => below,
        (_, "") => above,
        _ => $"{above}/{below}",
    };
}
