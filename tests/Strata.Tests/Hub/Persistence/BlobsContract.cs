using System.Security.Cryptography;
using Strata.Artifacts.Hashing;
using Strata.Hub.Persistence;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Tests.Hub.Persistence;

/// <summary>What a store of blobs promises, wherever it keeps them.</summary>
public abstract class BlobsContract
{
    private const int ManyParts = (40 << 20) + 17; // more than two parts of an S3 upload

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    internal abstract Task<IBlobs> FreshAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(ManyParts)]
    public async Task A_blob_comes_back_under_its_digest_and_is_read_from_anywhere(int size)
    {
        var (blobs, content) = (await FreshAsync(), Random(size));
        var put = await PutAsync(blobs, content);
        Assert.Equal((Name(content), size, PutResult.Stored), (put.Digest, put.Size, put.Result));
        Assert.Equal(Convert.ToHexStringLower(SHA3_256.HashData(content)), Convert.ToHexStringLower(put.Sha3With256));
        Assert.Equal(size, await blobs.SizeAsync(put.Digest, Cancellation));
        await using var opened = (await blobs.OpenAsync(put.Digest, Cancellation))!;
        Assert.True(opened.CanSeek);
        Assert.Equal(size, opened.Length);
        foreach (var start in new[] { 0, size / 2, size / 3, Math.Max(0, size - 5), size })
        {
            opened.Position = start;
            var rest = new byte[size - start];
            await opened.ReadExactlyAsync(rest, Cancellation);
            Assert.True(rest.AsSpan().SequenceEqual(content.AsSpan(start)));
            Assert.Equal(0, await opened.ReadAsync(new byte[1], Cancellation));
        }
    }

    [Fact]
    public async Task What_was_never_put_is_not_there()
    {
        var (blobs, name) = (await FreshAsync(), Name([1, 2, 3]));
        Assert.Null(await blobs.OpenAsync(name, Cancellation));
        Assert.Null(await blobs.SizeAsync(name, Cancellation));
        await blobs.DeleteAsync(name, Cancellation);
        Assert.Empty(await ListAsync(blobs));
    }

    [Fact]
    public async Task Put_twice_is_there_once_and_deleted_twice_is_gone()
    {
        var blobs = await FreshAsync();
        var (one, two) = (await PutAsync(blobs, Random(1000)), await PutAsync(blobs, Random(2000)));
        var again = await PutAsync(blobs, Random(1000));
        Assert.Equal((one.Digest, PutResult.AlreadyHeld), (again.Digest, again.Result));
        Assert.True((await ListAsync(blobs)).Select(b => (b.Digest, b.Size)).ToHashSet().SetEquals([(one.Digest, 1000), (two.Digest, 2000)]));
        Assert.All(await ListAsync(blobs), b => Assert.InRange(DateTimeOffset.UtcNow - b.StoredAt, TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5)));

        await blobs.DeleteAsync(one.Digest, Cancellation);
        await blobs.DeleteAsync(one.Digest, Cancellation);
        Assert.Null(await blobs.SizeAsync(one.Digest, Cancellation));
        Assert.Equal([two.Digest], (await ListAsync(blobs)).Select(b => b.Digest));
        Assert.Equal(PutResult.Stored, (await PutAsync(blobs, Random(1000))).Result);
    }

    [Fact]
    public async Task More_than_was_allowed_is_refused_and_nothing_of_it_is_kept()
    {
        var blobs = await FreshAsync();
        await using var content = new MemoryStream(Random(101));
        await Assert.ThrowsAsync<ContentTooLargeException>(() => blobs.IngestAsync(content, 100, Cancellation));
        Assert.Empty(await ListAsync(blobs));
    }

    [Fact]
    public async Task Content_that_breaks_off_leaves_nothing()
    {
        var blobs = await FreshAsync();
        await using var content = new BreakingStream(Random(200_000));
        await Assert.ThrowsAsync<IOException>(() => blobs.IngestAsync(content, 1 << 20, Cancellation));
        Assert.Empty(await ListAsync(blobs));
    }

    [Fact]
    public async Task Many_that_put_the_same_at_once_all_find_it()
    {
        var (blobs, content) = (await FreshAsync(), Random(300_000));
        var puts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync(blobs, content)));
        Assert.All(puts, p => Assert.Equal(Name(content), p.Digest));
        Assert.Equal(content.Length, Assert.Single(await ListAsync(blobs)).Size);
    }

    private static async Task<IngestedBlob> PutAsync(IBlobs blobs, byte[] content)
    {
        await using var stream = new MemoryStream(content);
        return await blobs.IngestAsync(stream, content.Length, Cancellation);
    }

    private static async Task<List<HeldBlob>> ListAsync(IBlobs blobs)
    {
        var listed = new List<HeldBlob>();
        await foreach (var blob in blobs.ListAsync(Cancellation)) listed.Add(blob);
        return listed;
    }

    private static Digest Name(byte[] content) => Digest.FromHash(SHA256.HashData(content));

    private static byte[] Random(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2) throw new IOException("The connection is gone.");
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 10_000)], cancellationToken);
        }
    }
}
