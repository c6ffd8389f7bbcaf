using System.Security.Cryptography;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Store;

/// <summary>A store on a disk of five megabytes, and content of twelve.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(12_000_000);
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["disk"]);
        await Tool.OutputAsync("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", _folder["disk"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.OutputAsync("umount", _folder["disk"]);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_blob_that_does_not_fit_leaves_nothing()
    {
        var store = new BlobStore(_folder["disk"]);

        var full = await Assert.ThrowsAsync<SpaceExhaustedException>(
            () => store.PutAsync(Digest.FromHash(SHA256.HashData(Content)), Content.Length, new MemoryStream(Content), Cancellation));

        Assert.Equal(Content.Length, full.NeededBytes);
        Assert.True(full.FreeBytes > 4_000_000);
        AssertEmpty();
    }

    [Fact]
    public async Task A_layer_that_does_not_fit_leaves_nothing_and_a_smaller_one_still_fits()
    {
        var store = new LayerStore(_folder["disk"]);
        var (large, archive) = await LayerAsync(Content.Length);

        await Assert.ThrowsAsync<SpaceExhaustedException>(
            () => store.UnpackAsync(archive.DiffId, archive.Digest, archive.Size, new MemoryStream(large), Cancellation));
        AssertEmpty();

        var (small, smaller) = await LayerAsync(3_000_000);
        var held = await store.UnpackAsync(smaller.DiffId, smaller.Digest, smaller.Size, new MemoryStream(small), Cancellation);
        Assert.Equal(3_000_000, new FileInfo(Path.Combine(held.Directory, "f")).Length);
    }

    private void AssertEmpty() =>
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder["disk"], "*", SearchOption.AllDirectories), path => Path.GetFileName(path) is not ("ingest" or "blobs" or "sha256" or "l" or "layers"));

    private static async Task<(byte[] File, LayerArchive Archive)> LayerAsync(int size)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        await writer.WriteAsync(new() { Name = "f", Kind = TarEntryKind.File, Mode = 0x1A4, Size = size }, new MemoryStream(Content, 0, size), Cancellation);
        var archive = await writer.FinishAsync(Cancellation);
        return (file.ToArray(), archive);
    }
}
