using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Tests.Resolving;

/// <summary>Each row names the sentence it comes from: S the seed's "Version compatibility", D1 and D2 architecture decisions 1 and 2.</summary>
public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("1.0.0", "2.0.0", "1.0.0", true, "S: min version is included")]
    [InlineData("1.0.0", "2.0.0", "2.0.0", false, "S: max version is excluded")]
    [InlineData("1.0.0", "2.0.0", "1.99.99", true, "S: defines a compatible version range")]
    [InlineData("1.0.0", "2.0.0", "0.9.9", false, "S: defines a compatible version range")]
    [InlineData("1.2.3", "1.2.3", "1.2.3", true, "S: identical: that specific version is required")]
    [InlineData("1.2.3", "1.2.3", "1.2.4", false, "S: identical: that specific version is required")]
    [InlineData(null, "2.0.0", "0.0.1", true, "D1: a missing end is open")]
    [InlineData("1.0.0", null, "9.0.0", true, "D1: a missing end is open")]
    [InlineData(null, null, "9.0.0", true, "D1: a missing end is open")]
    [InlineData("1.0.0", "2.0.0", "1.5.0-rc.1", false, "D2: a pre-release is no candidate by itself")]
    [InlineData("1.0.0", "2.0.0", "2.0.0-rc.1", false, "D2: an excluded upper release excludes its pre-releases")]
    [InlineData("1.0.0-beta.1", "2.0.0", "1.5.0-rc.1", true, "D2: one of the range's own ends is a pre-release")]
    [InlineData("1.0.0-beta.1", "2.0.0", "2.0.0-rc.1", false, "D2: an excluded upper release excludes its pre-releases")]
    [InlineData("2.0.0-rc.1", "2.0.0", "2.0.0-rc.2", true, "D2: unless the lower end is one of them")]
    [InlineData("2.0.0-rc.1", "2.0.0", "2.0.0", false, "S: max version is excluded")]
    [InlineData("2.0.0-rc.1", "2.0.0-rc.1", "2.0.0-rc.1", true, "S: identical: that specific version is required")]
    [InlineData("1.0.0", "1.0.0", "1.0.0+anything", true, "D2: build metadata never orders")]
    public void Minimum_and_maximum(string? minimum, string? maximum, string version, bool fits, string source)
    {
        var (range, problem) = VersionRange.FromMinMax(Version(minimum), Version(maximum));
        Assert.Null(problem);
        Assert.True(range!.Contains(SemanticVersion.Parse(version)) == fits, source);
    }

    [Theory]
    [InlineData("2.0.0", "2.0.0", true, "D1: a bare version for exactly it")]
    [InlineData("2.0.0", "2.0.1", false, "D1: a bare version for exactly it")]
    [InlineData("=2.0.0", "2.0.0", true, "D1: =")]
    [InlineData(">=1.0.0,<2.0.0", "1.0.0", true, "D1: separated by commas")]
    [InlineData(">=1.0.0 <2.0.0", "2.0.0", false, "D1: separated by blanks")]
    [InlineData(">= 1.0.0, < 2.0.0", "1.5.0", true, "D1: a blank behind the comparator")]
    [InlineData(">1.0.0", "1.0.0", false, "D1: >")]
    [InlineData("<=2.0.0", "2.0.0", true, "D1: <=")]
    [InlineData(">=1.0.0,>1.4.0,<=3.0.0,<2.0.0", "1.4.0", false, "D1: all must hold")]
    [InlineData(">=1.0.0,>1.4.0,<=3.0.0,<2.0.0", "1.4.1", true, "D1: all must hold")]
    [InlineData(">=6.1.0-bosch.2", "6.1.0-bosch.3", true, "D2: one of the range's own ends is a pre-release")]
    [InlineData(">=6.1.0", "6.2.0-bosch.1", false, "D2: a pre-release is no candidate by itself")]
    public void Comparators(string text, string version, bool fits, string source)
    {
        var (range, problem) = VersionRange.FromComparators(text);
        Assert.Null(problem);
        Assert.True(range!.Contains(SemanticVersion.Parse(version)) == fits, source);
    }

    [Fact]
    public void Pre_releases_are_in_when_the_need_says_so()
    {
        var (range, _) = VersionRange.FromComparators(">=1.0.0,<2.0.0", includePreRelease: true);
        Assert.True(range!.Contains(SemanticVersion.Parse("1.5.0-rc.1")));
        Assert.False(range.Contains(SemanticVersion.Parse("2.0.0-rc.1")));
    }

    [Theory]
    [InlineData(">=2.0.0,<1.0.0", "contradict each other")]
    [InlineData(">1.0.0,<1.0.0", "contradict each other")]
    [InlineData("1.0.0 2.0.0", "contradict each other")]
    [InlineData("", "empty")]
    [InlineData("^1.0.0", "not a comparator")]
    [InlineData("~1.0.0", "not a comparator")]
    [InlineData(">=v1.0.0", "without the leading 'v'")]
    [InlineData(">=1.0", "write 1.0.0")]
    [InlineData(">=1.0.0,<", "missing")]
    public void A_list_that_says_nothing_sensible_is_refused_where_it_stands(string text, string why)
    {
        var (range, problem) = VersionRange.FromComparators(text);
        Assert.Null(range);
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minimum_above_the_maximum_is_refused()
    {
        var (range, problem) = VersionRange.FromMinMax(SemanticVersion.Parse("2.0.0"), SemanticVersion.Parse("1.0.0"));
        Assert.Null(range);
        Assert.Contains("2.0.0 is above maxVersion 1.0.0", problem, StringComparison.Ordinal);
    }

    private static SemanticVersion? Version(string? text) => text is null ? null : SemanticVersion.Parse(text);
}
