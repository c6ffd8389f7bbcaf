using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Layers;

/// <summary>The diff id of a layer file, from its bytes.</summary>
public static class LayerContentId
{
    /// <summary>Decompresses and digests; nothing is kept.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is damaged, or beyond <paramref name="limits"/>.</exception>
    public static async Task<DiffId> OfAsync(Stream file, ArchiveLimits? limits, CancellationToken cancellation)
    {
        await using var tar = await LayerDecompressor.OpenAsync(file, limits, cancellation, leaveOpen: true);
        await using var hashed = new HashingStream(tar, leaveOpen: true);
        await hashed.CopyToAsync(Stream.Null, cancellation);
        return hashed.Current().AsDiffId();
    }
}
