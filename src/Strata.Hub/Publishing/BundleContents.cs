using Strata.Artifacts.Bundles;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Hub.Publishing;

/// <summary>A verified bundle taken apart: archives in the blob store, the content of every other file one behind the other in a file without a name.</summary>
/// <remarks>Names from the bundle never become names on this machine.</remarks>
internal sealed class BundleContents
{
    private const long MostBytes = 8L << 30;

    // Each entry is remembered until the verdict.
    private static readonly ArchiveLimits Limits = ArchiveLimits.Default with { MaxEntries = 100_000, MaxTarBytes = 2 * MostBytes };
    private readonly string _scratch;
    private readonly IBlobs _store;
    private readonly List<(TarEntry Entry, long At)> _entries = [];
    private readonly Dictionary<string, IngestedBlob> _archives = new(StringComparer.Ordinal);
    private long _bytes;

    private readonly Stream _files;

    private BundleContents(string scratch, IBlobs store) => (_scratch, _store, _files) = (scratch, store, SpoolFile.Create(scratch));

    /// <summary>Everything that is no archive, with the place of its content: see <see cref="Open"/>.</summary>
    public IReadOnlyList<(TarEntry Entry, long At)> Entries => _entries;

    /// <summary>Takes a bundle apart.</summary>
    /// <param name="scratch">An empty folder; it goes with <see cref="Discard"/>.</param>
    /// <exception cref="IOException">The bundle is hostile, damaged, another than was verified, or does not fit.</exception>
    public static async Task<BundleContents> ReadAsync(
        VerifiedBundle bundle, string path, BundleConfig config, string scratch, IBlobs store, CancellationToken cancellation)
    {
        var contents = new BundleContents(scratch, store);
        try
        {
            await using var file = File.OpenRead(path);
            await using var reader = await BundleReader.OpenAsync(bundle, file, Limits, cancellation);
            var archives = config.Items.SelectMany(i => i.Images.SelectMany(image => ArchivePaths(i, image))).ToHashSet(StringComparer.Ordinal);
            while (await reader.NextAsync(cancellation) is { } entry)
            {
                contents.Count(entry);
                if (entry.Kind == TarEntryKind.File && archives.Contains(entry.Name))
                    contents._archives[entry.Name] = await store.IngestAsync(reader.Content, entry.Size, cancellation);
                else await contents.SpoolAsync(entry, reader.Content, cancellation);
            }
            return contents;
        }
        catch
        {
            contents.Discard();
            throw;
        }
    }

    /// <summary>The archive that an image names: relative to its item's folder, or to the bundle.</summary>
    public (string Path, IngestedBlob Blob)? Archive(BundleItem item, BundleImage image)
    {
        foreach (var path in ArchivePaths(item, image))
            if (_archives.TryGetValue(path, out var blob)) return (path, blob);
        return null;
    }

    /// <summary>Every name that the bundle holds below <paramref name="folder"/>, for messages.</summary>
    public IEnumerable<string> FilesBelow(string folder) => _entries.Where(e => e.Entry.Kind == TarEntryKind.File).Select(e => e.Entry.Name).Concat(_archives.Keys)
        .Where(name => folder.Length == 0 || name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>A small file; null when the bundle does not hold it.</summary>
    /// <exception cref="ContentTooLargeException">It is longer than <paramref name="most"/> bytes.</exception>
    public async Task<byte[]?> SmallFileAsync(string name, int most, CancellationToken cancellation)
    {
        var (entry, at) = _entries.FirstOrDefault(e => e.Entry.Name == name && e.Entry.Kind == TarEntryKind.File);
        if (entry is null) return null;
        if (entry.Size > most) throw new ContentTooLargeException($"'{Quote.Short(name)}' has {entry.Size} bytes; at most {most} are read.", most);
        var content = new byte[entry.Size];
        await using var part = Open(entry, at);
        await part.ReadExactlyAsync(content, cancellation);
        return content;
    }

    /// <summary>Content of a file; one is read at a time.</summary>
    public Stream Open(TarEntry entry, long at) => new PartStream(_files, at, entry.Size);

    /// <summary>An empty file for work in progress; it goes when it is closed.</summary>
    public FileStream NewScratchFile() =>
        new(Path.Combine(_scratch, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    /// <summary>An empty file without a name for what is too large for memory, on the disk of the hub's own data.</summary>
    public Stream NewSpool() => SpoolFile.Create(_scratch);

    /// <summary>Where an image's source folder is in the bundle.</summary>
    public static string Folder(BundleItem item, BundleImage image) => Join(item.SourceFolder, image.SourceFolder ?? "");

    /// <summary>Removes the scratch folder. Blobs that nothing names in the end are the garbage collection's.</summary>
    public void Discard()
    {
        _files.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    private void Count(TarEntry entry)
    {
        if ((_bytes += entry.Size) > MostBytes) throw new ContentTooLargeException($"The bundle's files add up to more than {MostBytes} bytes. Split it.", MostBytes);
    }

    private async Task SpoolAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        _entries.Add((entry, _files.Position));
        if (entry.Kind != TarEntryKind.File) return;
        try
        {
            await content.CopyToAsync(_files, cancellation);
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            throw new SpaceExhaustedException(_scratch, entry.Size, full);
        }
    }

    private static IEnumerable<string> ArchivePaths(BundleItem item, BundleImage image) =>
        image.Path is null ? [] : [Join(item.SourceFolder, image.Path), Join("", image.Path)];

    private static string Join(string folder, string path) =>
        string.Join('/', $"{folder}/{path}".Split('/').Where(part => part is not "" and not "."));
}
