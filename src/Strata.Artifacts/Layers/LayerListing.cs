using System.Buffers;
using System.Security.Cryptography;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Layers;

/// <summary>What a layer does to one path.</summary>
/// <param name="Kind">What stands there; <c>null</c> when the layer deletes what lower ones have.</param>
/// <param name="Content">Digest of a file's bytes, target of a link, numbers of a device; empty for the rest.</param>
/// <param name="Rights">Mode, owner and attributes in one text.</param>
/// <param name="Size">In bytes.</param>
internal sealed record ListedEntry(TarEntryKind? Kind, string Content, string Rights, long Size);

/// <summary>The paths of a layer with what each of them holds.</summary>
internal static class LayerListing
{
    private const int MostCharacters = 64 << 20; // as for inspection: the names of the largest layers come to about half of it
    private const int BufferSize = 128 * 1024;

    /// <summary>Reads a layer file.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is not a layer that a unit takes.</exception>
    public static async Task<SortedDictionary<string, ListedEntry>> OfAsync(Stream file, CancellationToken cancellation)
    {
        await using var tar = await LayerDecompressor.OpenAsync(file, null, cancellation, leaveOpen: true);
        using var reader = new TarLayerReader(tar);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entries = new SortedDictionary<string, ListedEntry>(PathOrder.Comparer);
        var characters = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await reader.NextAsync(cancellation) is { } entry)
            {
                if ((characters += entry.Name.Length) > MostCharacters)
                    throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", $"The layer's names come to more than {MostCharacters} characters.");
                while (await reader.Content.ReadAsync(buffer, cancellation) is > 0 and var read) hash.AppendData(buffer, 0, read);
                var digest = hash.GetHashAndReset();
                Add(entries, entry, entry.Kind == TarEntryKind.File ? Convert.ToHexStringLower(digest) : "");
            }
            return entries;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Add(SortedDictionary<string, ListedEntry> entries, TarEntry entry, string digest)
    {
        switch (Whiteout.Of(entry))
        {
            // What the layer itself has there stands above the deletion.
            case WhiteoutMeaning.Deletes(var path): entries.TryAdd(path, new(null, "", "", 0)); break;
            case WhiteoutMeaning.Empties(var path): entries.TryAdd(path.Length == 0 ? "*" : path + "/*", new(null, "", "", 0)); break;
            default: entries[entry.Name] = Of(entry, digest, entries); break;
        }
    }

    private static ListedEntry Of(TarEntry entry, string digest, SortedDictionary<string, ListedEntry> before)
    {
        // Another name of a file is that file: whether two names share it is no matter of content.
        if (entry.Kind == TarEntryKind.HardLink && before.TryGetValue(entry.LinkTarget, out var first)) return first;
        var rights = $"{(entry.Kind == TarEntryKind.SymbolicLink ? 0 : entry.Mode)} {entry.Uid} {entry.Gid}{string.Concat(entry.Attributes.Select(a => $" {a.Name}={a.Value}"))}";
        return new(entry.Kind, entry.Kind switch
        {
            TarEntryKind.File => digest,
            TarEntryKind.SymbolicLink or TarEntryKind.HardLink => entry.LinkTarget,
            TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice => $"{entry.DeviceMajor},{entry.DeviceMinor}",
            _ => "",
        }, rights, entry.Size);
    }
}
