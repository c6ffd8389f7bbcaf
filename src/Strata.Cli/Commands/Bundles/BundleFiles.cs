using Strata.Artifacts.Bundles;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Build.Trees;
using Strata.Model.Bundles;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Bundles;

/// <summary>Finds on disk what a bundle's configuration names, and everything that is wrong with it.</summary>
/// <param name="folder">The folder of config.yaml.</param>
internal sealed class BundleFiles(string folder)
{
    private const string LayerJson = "layer.json";
    private const int PlainMode = 0x1A4; // 0644
    private readonly SortedDictionary<string, BundleContent> _found = new(StringComparer.Ordinal);
    private readonly List<string> _mistakes = [];
    private readonly List<string> _notes = [];

    /// <summary>What is wrong, a sentence each; empty when the bundle can be made.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>What looks odd and is allowed.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What goes into the bundle.</summary>
    public IReadOnlyCollection<BundleContent> Contents => _found.Values;

    /// <summary>Adds the files of every item.</summary>
    public void Collect(BundleConfig config, CancellationToken cancellation)
    {
        foreach (var item in config.Items)
            foreach (var image in item.Images)
            {
                var what = $"{item.Type.ToString().ToLowerInvariant()} {item.Codename}, {image.Platform}";
                if (image.Path is { } path) AddFile(item, image, path, what);
                else if (image.SourceFolder is { } below) AddTree(Join(item.SourceFolder, below), what, cancellation);
            }
    }

    private void AddFile(BundleItem item, BundleImage image, string path, string what)
    {
        // Relative to the item's folder or to the bundle's, as the vendor's builders write it.
        var names = new[] { Join(item.SourceFolder, path), path }.Distinct(StringComparer.Ordinal).ToList();
        var name = names.FirstOrDefault(n => File.Exists(OnDisk(n)));
        if (name is null)
        {
            _mistakes.Add(names.Any(n => Directory.Exists(OnDisk(n)))
                ? $"{what}: '{path}' is a folder; the payload must be a file."
                : $"{what}: '{path}' is not there; looked for {string.Join(" and ", names.Select(OnDisk))}. Build it first, or correct the path.");
            return;
        }
        var file = new FileInfo(Resolved(OnDisk(name)));
        if (file.Length == 0) _mistakes.Add($"{what}: '{path}' is empty; no unit takes a layer of 0 bytes. Build it again.");
        AddFile(name, file.Length);
        if (item.Type == ItemType.Layer) AddDescription(item, image, name, file.Length, what);
    }

    private void AddDescription(BundleItem item, BundleImage image, string archive, long size, string what)
    {
        var slash = archive.LastIndexOf('/') + 1;
        var stem = archive[slash..].Replace(".tar.gz", "", StringComparison.Ordinal);
        var name = new[] { $"{archive[..slash]}{stem}.{LayerJson}", $"{archive[..slash]}{LayerJson}" }.FirstOrDefault(n => File.Exists(OnDisk(n)));
        if (name is null)
        {
            _notes.Add($"{what}: no {LayerJson} is beside the archive; the hub will know neither its parent nor its base.");
            return;
        }
        AddFile(name, new FileInfo(OnDisk(name)).Length);
        if (Description(name, what) is not { } layer) return;
        if (layer.Platform.Architecture != image.Platform.Architecture)
            _mistakes.Add($"{what}: the {LayerJson} beside the archive says that it was built for {layer.Platform}. Name the archive for {image.Platform}.");
        if (layer.Archive.Size != size)
            _mistakes.Add($"{what}: the {LayerJson} beside the archive describes a file of {layer.Archive.Size} bytes, and this one has {size}. Build the layer again.");
        if (layer.Version != item.Version)
            _notes.Add($"{what}: it was built as version {layer.Version} and is published as {item.Version}.");
    }

    private LayerDescription? Description(string name, string what)
    {
        try
        {
            var file = new FileInfo(OnDisk(name));
            if (file.Length <= LayerDescriptionJson.MaxBytes) return LayerDescriptionJson.Read(File.ReadAllBytes(file.FullName));
            _mistakes.Add($"{what}: '{name}' has {file.Length} bytes; that is no {LayerJson}.");
        }
        catch (System.Text.Json.JsonException problem)
        {
            _mistakes.Add($"{what}: '{name}' cannot be read: {problem.Message} Build the layer again.");
        }
        return null;
    }

    private void AddTree(string name, string what, CancellationToken cancellation)
    {
        var root = OnDisk(name);
        if (!Directory.Exists(root))
        {
            _mistakes.Add($"{what}: the folder '{root}' is not there{(File.Exists(root) ? ": it is a file; name it with 'path'" : "")}.");
            return;
        }
        var files = 0;
        foreach (var entry in TreeScanner.Scan(root, cancellation).Entries)
        {
            var below = Join(name, entry.Path);
            if (Kind(entry.Status.Kind) is not { } kind)
            {
                _mistakes.Add($"{what}: '{below}' is no regular file; a bundle holds files, folders and symbolic links.");
                continue;
            }
            if (below.Length == 0) continue;
            if (kind != TarEntryKind.Directory) files++;
            Add(new() { Name = below, Kind = kind, Mode = entry.Status.Mode, Size = kind == TarEntryKind.File ? entry.Status.Size : 0, LinkTarget = entry.LinkTarget });
        }
        if (files == 0) _mistakes.Add($"{what}: the folder '{root}' is empty; a service brings at least one file.");
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
        _found.TryAdd(entry.Name, new(entry, entry.Kind != TarEntryKind.File ? null : () =>
            new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 1, Options = FileOptions.SequentialScan })));
    }

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
