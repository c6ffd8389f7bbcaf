using CsCheck;
using Strata.Model.Identity;

namespace Strata.Tests.Identity;

public sealed class DigestTests
{
    [Fact]
    public void Any_hash_comes_back_as_it_was_written() => Gen.Byte.Array[32].Sample(hash =>
    {
        var hex = Convert.ToHexStringLower(hash);
        foreach (var digest in new[] { Digest.FromHash(hash), Digest.Parse($"sha256:{hex}") })
            Assert.Equal((hex, $"sha256:{hex}"), (digest.Hex, digest.ToString()));
        Assert.Equal(DiffId.FromHash(hash), DiffId.Parse($"sha256:{hex}"));
    });

    [Fact]
    public void A_hash_of_zeros_is_a_digest_and_an_unset_one_is_none()
    {
        Assert.Equal(new string('0', 64), Digest.Parse("sha256:" + new string('0', 64)).Hex);
        Assert.NotEqual(default, Digest.FromHash(new byte[32]));
        Assert.Throws<InvalidOperationException>(() => default(Digest).Hex);
        Assert.Throws<InvalidOperationException>(() => default(DiffId).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha512:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:000000000000000000000000000000000000000000000000000000000000000A")]
    [InlineData("sha256:000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("sha256:00000000000000000000000000000000000000000000000000000000000000000")]
    public void Anything_else_is_refused(string text)
    {
        Assert.Contains("is not a digest", Assert.Throws<FormatException>(() => Digest.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(DiffId.TryParse(text, null, out _));
    }
}
