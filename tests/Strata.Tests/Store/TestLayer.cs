using System.Text;
using Strata.Artifacts.Tar;
using Strata.Model.Layers;
using Xunit;

namespace Strata.Tests.Store;

/// <summary>A layer file in memory, small enough for that.</summary>
internal sealed record TestLayer(byte[] Bytes, LayerArchive Archive)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestLayer> OfAsync(params IEnumerable<TarEntry> entries)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var entry in entries) await writer.WriteAsync(entry, new MemoryStream(Encoding.ASCII.GetBytes(new string('x', (int)entry.Size))), Cancellation);
        var archive = await writer.FinishAsync(Cancellation);
        return new(file.ToArray(), archive);
    }

    public Task<Strata.Store.HeldLayer> UnpackAsync(Strata.Store.LayerStore store) =>
        store.UnpackAsync(Archive.DiffId, Archive.Digest, Archive.Size, new MemoryStream(Bytes), Cancellation);
}
