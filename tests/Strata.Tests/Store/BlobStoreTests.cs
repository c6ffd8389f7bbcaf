using System.Security.Cryptography;
using Strata.Artifacts.Hashing;
using Strata.Model.Identity;
using Strata.Store;
using Xunit;

namespace Strata.Tests.Store;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(400_000);
    private static readonly Digest Right = Digest.FromHash(SHA256.HashData(Content));
    private readonly TestFolder _folder = new();
    private readonly BlobStore _store;

    public BlobStoreTests() => _store = new(_folder["store"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Putting_twice_is_no_error_and_deleting_twice_neither()
    {
        Assert.Equal(PutResult.Stored, await _store.PutAsync(Right, Content.Length, new MemoryStream(Content), Cancellation));
        Assert.Equal(PutResult.AlreadyHeld, await _store.PutAsync(Right, Content.Length, new MemoryStream(Content), Cancellation));
        Assert.Equal([(Right, (long)Content.Length)], _store.List());
        Assert.Equal(Content, await File.ReadAllBytesAsync(_store.PathOf(Right), Cancellation));
        Assert.True(_store.Delete(Right));
        Assert.False(_store.Delete(Right));
        Assert.Null(_store.Open(Right));
    }

    [Fact]
    public async Task Content_that_is_not_what_was_promised_leaves_nothing()
    {
        await Assert.ThrowsAsync<ContentMismatchException>(() => _store.PutAsync(Right, Content.Length, new MemoryStream(Content[..^1]), Cancellation));

        AssertEmpty();
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        await using var endless = new StoppingStream(stop, afterReads: 3);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.IngestAsync(endless, long.MaxValue, stop.Token));

        AssertEmpty();
    }

    [Fact]
    public async Task Unknown_content_is_hashed_while_it_is_stored()
    {
        var blob = await _store.IngestAsync(new MemoryStream(Content), Content.Length, Cancellation);

        Assert.Equal((Right, (long)Content.Length, PutResult.Stored), (blob.Digest, blob.Size, blob.Result));
        Assert.Equal(SHA3_256.HashData(Content), blob.Sha3With256);
        Assert.Equal(Content.Length, _store.SizeOf(Right));
    }

    [Fact]
    public async Task More_than_allowed_leaves_nothing()
    {
        await Assert.ThrowsAsync<ContentTooLargeException>(() => _store.IngestAsync(new MemoryStream(Content), Content.Length - 1, Cancellation));

        AssertEmpty();
    }

    [Fact]
    public void Only_one_holds_a_store_and_the_other_learns_who()
    {
        using (StoreLock.Acquire(_folder["store"]))
        {
            var refused = Assert.Throws<StoreInUseException>(() => StoreLock.Acquire(_folder["store"]));
            Assert.Equal(Environment.ProcessId, refused.ProcessId);
        }
        StoreLock.Acquire(_folder["store"]).Dispose();
    }

    private void AssertEmpty()
    {
        Assert.Empty(_store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["store/ingest"]));
    }

    private sealed class StoppingStream(CancellationTokenSource stop, int afterReads) : ReadOnlyStream
    {
        private int _left = afterReads;

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left-- == 0) stop.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
