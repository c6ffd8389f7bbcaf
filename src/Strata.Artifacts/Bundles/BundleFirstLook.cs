using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Bundles;

/// <summary>Tells a bundle from other files by its first member, before hours are spent on sending it.</summary>
public static class BundleFirstLook
{
    /// <summary>Reads the beginning of <paramref name="file"/>.</summary>
    /// <returns>Null when it looks like a bundle, which says nothing of what follows; else a sentence.</returns>
    public static async Task<string?> ProblemAsync(Stream file, CancellationToken cancellation)
    {
        try
        {
            await using var tar = await LayerDecompressor.OpenAsync(file, null, cancellation, leaveOpen: true);
            using var reader = new TarLayerReader(tar);
            while (await reader.NextAsync(cancellation) is { } entry)
            {
                if (entry.Kind == TarEntryKind.Directory && entry.Name.Length == 0) continue;
                return entry.Name is BundleFormat.Archive or BundleFormat.Config or BundleFormat.Signature ? null : $"It holds {entry}, which no bundle does.";
            }
            return "It is an empty archive.";
        }
        catch (Exception broken) when (broken is ArchiveRefusedException or ContentTooLargeException)
        {
            return broken.Message;
        }
    }
}
