using System.IO.Compression;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Tar;
using Xunit;

namespace Strata.Tests.Artifacts.Compression;

public sealed class FixedBlockGzipTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_do_not_depend_on_the_sizes_of_writes_or_the_number_of_workers()
    {
        var input = Sample(9_000_000);
        var first = await CompressAsync(input, 9_000_000, workers: 1);

        foreach (var (chunk, workers) in new[] { (4096, 1), (50_000, 2), (81_920, 3), (1 << 20, 8) })
            Assert.Equal(first, await CompressAsync(input, chunk, workers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FixedBlockGzipStream.BlockSize)]
    [InlineData(FixedBlockGzipStream.BlockSize + 1)]
    public async Task Any_reader_gives_back_the_input(int length)
    {
        var input = Sample(length);
        var gzip = await CompressAsync(input, 70_000, 2);

        var output = new MemoryStream();
        await using (var reader = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress)) await reader.CopyToAsync(output, Cancellation);

        Assert.Equal(input, output.ToArray());
    }

    [Fact]
    public async Task The_header_holds_neither_time_nor_name()
    {
        var gzip = await CompressAsync(Sample(10), 10, 1);

        Assert.Equal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], gzip[..8]);
    }

    [Fact]
    public async Task A_bomb_is_stopped()
    {
        var bomb = await CompressAsync(new byte[80_000_000], 1 << 20, 2);
        await using var tar = await LayerDecompressor.OpenAsync(new MemoryStream(bomb), null, Cancellation);

        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => tar.CopyToAsync(Stream.Null, Cancellation));

        Assert.Equal(ArchiveFault.TooLarge, refused.Fault);
    }

    [Fact]
    public async Task Damaged_gzip_is_a_refusal()
    {
        var gzip = await CompressAsync(Sample(100_000), 4096, 1);
        gzip[5000] ^= 0x55;
        await using var tar = await LayerDecompressor.OpenAsync(new MemoryStream(gzip), null, Cancellation);

        Assert.Equal(ArchiveFault.Damaged, (await Assert.ThrowsAsync<ArchiveRefusedException>(() => tar.CopyToAsync(Stream.Null, Cancellation))).Fault);
    }

    [Fact]
    public async Task Zstd_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(
            () => LayerDecompressor.OpenAsync(new MemoryStream([0x28, 0xB5, 0x2F, 0xFD, 0]), null, Cancellation).AsTask());

        Assert.Contains("zstd", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Sample(int length)
    {
        var bytes = new byte[length];
        var random = new Random(7);
        for (var i = 0; i < length; i++) bytes[i] = (byte)(random.Next(16) * 3);
        return bytes;
    }

    private static async Task<byte[]> CompressAsync(byte[] input, int chunk, int workers)
    {
        var output = new MemoryStream();
        await using var gzip = new FixedBlockGzipStream(output, workers: workers);
        for (var at = 0; at < input.Length; at += chunk) await gzip.WriteAsync(input.AsMemory(at, Math.Min(chunk, input.Length - at)), Cancellation);
        await gzip.FinishAsync(Cancellation);
        return output.ToArray();
    }
}
