using Strata.Hub.Persistence;
using Strata.Artifacts.Tar;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Packs a service's source folder into its own layer: the same files give the same bytes.</summary>
internal static class ServicePacker
{
    private const int FolderMode = 0x1ED; // 0755
    private const int OwnerReadRun = 0x140; // 0500

    /// <summary>Packs what the bundle holds below <paramref name="folder"/>; null when that is nothing.</summary>
    /// <remarks>Owners become 0:0 and times 0, and what the owner may read or run everybody may: a service, which runs under a user of its own,
    /// runs by what its files are, not by who packed them when under which umask.</remarks>
    public static async Task<IngestedBlob?> PackAsync(BundleContents contents, string folder, IBlobs store, CancellationToken cancellation)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var entries = contents.Entries
            .Where(e => e.Entry.Name.Length > prefix.Length && e.Entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(e => (Entry: Normal(e.Entry, prefix), e.At))
            .ToDictionary(e => e.Entry.Name, StringComparer.Ordinal);
        if (entries.Count == 0) return null;
        foreach (var parent in entries.Keys.SelectMany(Parents).Distinct().ToList())
            entries.TryAdd(parent, (new TarEntry { Name = parent, Kind = TarEntryKind.Directory, Mode = FolderMode }, 0));

        // To a scratch file first: the store takes a stream, and a writer does not give one.
        await using var file = contents.NewScratchFile();
        await WriteAsync(contents, file, entries.Values.OrderBy(e => e.Entry.Name, StringComparer.Ordinal), cancellation);
        file.Position = 0;
        return await store.IngestAsync(file, file.Length, cancellation);
    }

    private static async Task WriteAsync(BundleContents contents, Stream output, IEnumerable<(TarEntry Entry, long At)> entries, CancellationToken cancellation)
    {
        await using var writer = new LayerArchiveWriter(output);
        foreach (var (entry, at) in entries)
        {
            await using var content = entry.Size > 0 ? contents.Open(entry, at) : null;
            await writer.WriteAsync(entry, content, cancellation);
        }
        await writer.FinishAsync(cancellation);
    }

    private static TarEntry Normal(TarEntry entry, string prefix) => entry with
    {
        Name = entry.Name[prefix.Length..],
        LinkTarget = entry.Kind == TarEntryKind.HardLink && entry.LinkTarget.StartsWith(prefix, StringComparison.Ordinal) ? entry.LinkTarget[prefix.Length..] : entry.LinkTarget,
        Uid = 0,
        Gid = 0,
        ModifiedAt = 0,
        Mode = entry.Mode | Shared(entry.Mode),
    };

    private static int Shared(int mode) => ((mode & OwnerReadRun) >> 3) | ((mode & OwnerReadRun) >> 6);

    private static IEnumerable<string> Parents(string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1)) yield return name[..slash];
    }
}
