using System.Security.Cryptography;
using Strata.Artifacts.Hashing;
using Strata.Model.Identity;
using Xunit;

namespace Strata.Tests.Artifacts.Hashing;

public sealed class HashingTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly Digest Right = Digest.FromHash(SHA256.HashData(Content));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_to_the_end_verifies()
    {
        var copy = new MemoryStream();
        await using var stream = new VerifyingStream(new MemoryStream(Content), Right, Content.Length);

        await stream.CopyToAsync(copy, Cancellation);

        Assert.True(stream.IsVerified);
        Assert.Equal(Content, copy.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Content_longer_or_shorter_than_promised_fails(int difference)
    {
        await using var stream = new VerifyingStream(new MemoryStream(Content), Right, Content.Length + difference);

        await Assert.ThrowsAsync<ContentMismatchException>(() => stream.CopyToAsync(Stream.Null, Cancellation));
        Assert.False(stream.IsVerified);
    }

    [Fact]
    public async Task One_other_byte_fails_at_the_end()
    {
        var other = Content.ToArray();
        other[123_456] ^= 1;
        await using var stream = new VerifyingStream(new MemoryStream(other), DiffId.Parse(Right.ToString()));

        await Assert.ThrowsAsync<ContentMismatchException>(() => stream.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task Three_hashes_come_from_one_pass()
    {
        await using var stream = new HashingStream(new MemoryStream(Content), ExtraHashes.Sha3With256 | ExtraHashes.Sha3With512);

        await stream.CopyToAsync(Stream.Null, Cancellation);
        var hashes = stream.Current();

        Assert.Equal((Right, (long)Content.Length), (hashes.Sha256, hashes.Size));
        Assert.Equal(SHA3_256.HashData(Content), hashes.Sha3With256);
        Assert.Equal(SHA3_512.HashData(Content), hashes.Sha3With512);
    }

    [Fact]
    public async Task A_bound_passes_exactly_its_bytes()
    {
        await new BoundedStream(new MemoryStream(Content), Content.Length, "the file").CopyToAsync(Stream.Null, Cancellation);

        var refused = await Assert.ThrowsAsync<ContentTooLargeException>(
            () => new BoundedStream(new MemoryStream(Content), Content.Length - 1, "the file").CopyToAsync(Stream.Null, Cancellation));
        Assert.Contains("the file", refused.Message, StringComparison.Ordinal);
    }
}
