using System.Text;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Layers;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Finds the libraries of a layer in one pass over its tar, whatever made it.</summary>
/// <remarks>
/// Reads the databases of dpkg, opkg and rpm, the metadata of Python and Node, copyright files and every ELF file.
/// Holds names, small text files, and one file of at most <see cref="InspectionOptions.LargestInMemory"/> at a time.
/// </remarks>
public sealed class LayerInspector
{
    private readonly InspectionOptions _options;
    private readonly LayerContent _found;
    private readonly LayerLayout _layout;

    private LayerInspector(InspectionOptions options)
    {
        _options = options;
        _found = new();
        _layout = new(_found.Keep);
    }

    /// <summary>Inspects a layer file, compressed or not, and digests it on the way.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArchiveRefusedException">It is not a layer, or is beyond the limits.</exception>
    public static async Task<InspectedLayer> InspectFileAsync(Stream file, InspectionOptions? options, CancellationToken cancellation)
    {
        await using var hashed = new HashingStream(file, leaveOpen: true);
        return await InspectAsync(hashed, () => (hashed.Current().Sha256, hashed.Passed), options ?? new(), cancellation);
    }

    /// <summary>Inspects a layer file that a store keeps under its digest: it is not digested once more.</summary>
    /// <param name="blob">At its start; read to its end, not closed.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArchiveRefusedException">It is not a layer, or is beyond the limits.</exception>
    public static Task<InspectedLayer> InspectBlobAsync(Stream blob, Digest digest, long size, InspectionOptions? options, CancellationToken cancellation) =>
        InspectAsync(blob, () => (digest, size), options ?? new(), cancellation);

    private static async Task<InspectedLayer> InspectAsync(Stream file, Func<(Digest Digest, long Size)> whole, InspectionOptions options, CancellationToken cancellation)
    {
        await using var watch = new CanonicalFormWatch();
        await using var begun = new HeadStream(file);
        await using var tar = await LayerDecompressor.OpenAsync(begun, options.Limits, cancellation, leaveOpen: true);
        await using var content = new HashingStream(tar, leaveOpen: true);
        using var reader = new TarLayerReader(content, options.Limits) { Framing = watch.Framing };
        var inspection = await InspectAsync(reader, options, watch, cancellation);
        var form = await watch.ConcludeAsync(begun.Head, cancellation);
        var (digest, size) = whole();
        return new(digest, content.Current().AsDiffId(), size, begun.Head.Span.StartsWith(HeadStream.GzipMagic), form, inspection);
    }

    private static async Task<LayerInspection> InspectAsync(TarLayerReader reader, InspectionOptions options, CanonicalFormWatch watch, CancellationToken cancellation)
    {
        using var content = new ContentReader(options);
        var inspector = new LayerInspector(options);
        while (await reader.NextAsync(cancellation) is { } entry)
        {
            await inspector.LookAsync(entry, content, reader.Content, cancellation);
            await watch.AddAsync(entry, cancellation);
        }
        return inspector._found.Conclude(reader.Entries);
    }

    private async Task LookAsync(TarEntry entry, ContentReader reader, Stream source, CancellationToken cancellation)
    {
        _layout.Add(entry);
        _found.Name(entry);
        if (entry.Kind != TarEntryKind.File)
        {
            if (_options.Files) _found.List(entry, null);
            return;
        }
        var want = LayerContent.IsText(entry) ? Want.Text : PackageDatabases.IsRpm(entry.Name) ? Want.Rpm : Want.Elf;
        using var taken = await reader.ReadAsync(source, entry.Size, start => want != Want.Elf || ElfFile.IsElf(start), canSpool: want != Want.Text, cancellation);
        if (taken.Hashes is { } hashes) _found.List(entry, new(entry.Name, entry.Size, hashes.Sha1, hashes.Sha256));
        if (taken.IsTooLarge) _found.NotRead(entry, $"has {entry.Size} bytes, more than are looked into");
        if (taken.Content is not { } content) return;
        switch (want)
        {
            case Want.Text:
                _found.Text(entry.Name, Encoding.UTF8.GetString(((MemoryStream)content).GetBuffer(), 0, (int)content.Length));
                break;
            case Want.Rpm when RpmDatabase.TryRead(content, out var packages):
                _found.Rpm(packages);
                break;
            case Want.Elf when ElfFile.Read(content, _options.Symbols) is { } elf:
                _found.Elf(entry, elf);
                break;
            default:
                _found.NotRead(entry, want == Want.Rpm ? "is no sound rpm database" : "begins as an ELF file, and its tables contradict themselves");
                break;
        }
    }

    private enum Want
    {
        Elf,
        Text,
        Rpm,
    }
}
