using System.Text;
using Strata.Artifacts.Tar;
using Strata.Model.Layers;
using Xunit;

namespace Strata.Tests.Artifacts.Layers;

/// <summary>A layer file in memory, out of names and texts: <c>a/b</c> is a file, <c>a/</c> a directory, <c>a -> b</c> a link.</summary>
internal sealed record LayerOf(byte[] Bytes, LayerArchive Archive)
{
    public static Task<LayerOf> FilesAsync(params (string Name, string Content)[] files) => BytesAsync([.. files.Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Content)))]);

    public static async Task<LayerOf> BytesAsync(params (string Name, byte[] Content)[] files)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var (name, bytes) in files)
        {
            var link = name.Split(" -> ");
            var entry = link.Length > 1 ? new TarEntry { Name = link[0], Kind = TarEntryKind.SymbolicLink, LinkTarget = link[1] }
                : name.EndsWith('/') ? new TarEntry { Name = name.TrimEnd('/'), Kind = TarEntryKind.Directory, Mode = 0x1ED }
                : new TarEntry { Name = name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = bytes.Length };
            await writer.WriteAsync(entry, entry.Size > 0 ? new MemoryStream(bytes) : null, TestContext.Current.CancellationToken);
        }
        var archive = await writer.FinishAsync(TestContext.Current.CancellationToken);
        return new(file.ToArray(), archive);
    }

    public MemoryStream Open() => new(Bytes);
}
