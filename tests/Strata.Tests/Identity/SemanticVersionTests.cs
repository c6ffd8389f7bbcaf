using Strata.Model.Identity;

namespace Strata.Tests.Identity;

public sealed class SemanticVersionTests
{
    private static readonly string[] Ascending =
    [
        "0.0.0", "0.9.9", "1.0.0-0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "18446744073709551615.0.0",
    ];

    [Fact]
    public void Precedence_is_that_of_SemVer_item_11()
    {
        for (var i = 0; i < Ascending.Length; i++)
            for (var j = 0; j < Ascending.Length; j++)
                Assert.Equal(
                    Math.Sign(i.CompareTo(j)),
                    Math.Sign(SemanticVersion.Parse(Ascending[i]).CompareTo(SemanticVersion.Parse(Ascending[j]))));
    }

    [Fact]
    public void Build_metadata_never_makes_two_versions_different()
    {
        Assert.Equal(SemanticVersion.Parse("1.0.0+a"), SemanticVersion.Parse("1.0.0+b"));
        Assert.Equal(SemanticVersion.Parse("1.0.0+a").GetHashCode(), SemanticVersion.Parse("1.0.0").GetHashCode());
        Assert.Equal("1.0.0+a", SemanticVersion.Parse("1.0.0+a").ToString());
    }

    [Theory]
    [InlineData("v1.0.0", "write 1.0.0 without the leading 'v'")]
    [InlineData("1", "write 1.0.0")]
    [InlineData("1.2", "write 1.2.0")]
    [InlineData("01.2.3", "write 1.2.3")]
    [InlineData("1.2.3.4", "write three numbers")]
    [InlineData("", "write one such as 1.0.0")]
    [InlineData("latest", "write three numbers")]
    [InlineData("1.0.0-", "pre-release identifiers")]
    [InlineData("1.0.0-01", "without leading zeros")]
    [InlineData("1.0.0-a..b", "pre-release identifiers")]
    [InlineData("1.0.0+", "build metadata")]
    [InlineData("99999999999999999999.0.0", "too large")]
    public void What_is_not_SemVer_is_refused_with_its_cure(string text, string cure)
    {
        Assert.False(SemanticVersion.TryParse(text, out _, out var problem));
        Assert.Contains(cure, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_of_any_length_is_bounded()
    {
        Assert.False(SemanticVersion.TryParse("1.0.0-" + new string('a', 100), out _, out var problem));
        Assert.True(problem.Length < 200);
    }
}
