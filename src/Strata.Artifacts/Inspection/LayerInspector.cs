using System.Buffers;
using System.Text;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Inspection;

/// <summary>Finds the libraries of a layer in one pass over its tar, whatever made it.</summary>
/// <remarks>
/// Reads dpkg's database, Python's metadata, copyright files and the dynamic sections of shared objects.
/// Holds names, small text files, and one shared object at a time; a file above the limits below is counted and not looked into.
/// </remarks>
public sealed class LayerInspector
{
    private const int LargestText = 16 << 20;
    private const int LargestSharedObject = 128 << 20;
    private readonly LayerFindings _findings = new();
    private readonly LayerLayout _layout;

    private LayerInspector() => _layout = new(_findings.Keep);

    /// <summary>Inspects a layer file, compressed or not, and digests it on the way.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is not a layer, or is beyond <paramref name="limits"/>.</exception>
    public static async Task<InspectedLayer> InspectFileAsync(Stream file, ArchiveLimits? limits, CancellationToken cancellation)
    {
        await using var hashed = new HashingStream(file, leaveOpen: true);
        await using var tar = await LayerDecompressor.OpenAsync(hashed, limits, cancellation, leaveOpen: true);
        await using var content = new HashingStream(tar, leaveOpen: true);
        var inspection = await InspectAsync(content, limits, cancellation);
        var whole = hashed.Current();
        return new(whole.Sha256, content.Current().AsDiffId(), whole.Size, inspection);
    }

    /// <summary>Inspects a tar.</summary>
    /// <param name="tar">Read to its end, not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is not a tar that a layer may be.</exception>
    public static async Task<LayerInspection> InspectAsync(Stream tar, ArchiveLimits? limits, CancellationToken cancellation)
    {
        using var reader = new TarLayerReader(tar, limits);
        var inspector = new LayerInspector();
        var unpacked = 0L;
        while (await reader.NextAsync(cancellation) is { } entry)
        {
            unpacked += entry.Size;
            await inspector.LookAsync(entry, reader.Content, cancellation);
        }
        return inspector._findings.Conclude(reader.Entries, unpacked);
    }

    private async Task LookAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        _layout.Add(entry);
        _findings.Name(entry);
        if (entry.Kind != TarEntryKind.File || entry.Size == 0) return;
        if (LayerFindings.IsText(entry.Name))
        {
            if (entry.Size <= LargestText) _findings.Text(entry.Name, await TextAsync(content, (int)entry.Size, cancellation));
        }
        else if (IsSharedObject(entry.BaseName) && entry.Size <= LargestSharedObject)
        {
            await ElfAsync(entry, content, cancellation);
        }
    }

    private async Task ElfAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        var size = (int)entry.Size;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, size), Math.Min(size, 4), throwOnEndOfStream: false, cancellation);
            if (!ElfFile.IsElf(buffer.AsSpan(0, read))) return;
            read += await content.ReadAtLeastAsync(buffer.AsMemory(read, size - read), size - read, throwOnEndOfStream: false, cancellation);
            if (ElfFile.Read(buffer.AsSpan(0, read)) is { } elf) _findings.SharedObject(entry.Name, elf);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<string> TextAsync(Stream content, int size, CancellationToken cancellation)
    {
        var bytes = new byte[size];
        var read = await content.ReadAtLeastAsync(bytes, size, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }

    // libfoo.so, libfoo.so.1.2, module.cpython-311-x86_64-linux-gnu.so
    private static bool IsSharedObject(string name) => name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);
}
