using Strata.Model.Identity;
using Xunit;

namespace Strata.Tests.Identity;

public sealed class VersionVerdictTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.4", VersionStep.Patch, true)]
    [InlineData("1.2.3", "1.2.4", VersionStep.Minor, false)]
    [InlineData("1.2.3", "1.3.0", VersionStep.Minor, true)]
    [InlineData("1.2.3", "1.3.0", VersionStep.Major, false)]
    [InlineData("1.2.3", "2.0.0", VersionStep.Major, true)]
    [InlineData("1.2.3", "3.0.0", VersionStep.Patch, true)]
    public void A_step_has_to_be_at_least_as_large_as_the_changes(string old, string next, VersionStep needed, bool isHonest) => Check(old, next, needed, isHonest);

    [Theory]
    [InlineData("0.2.3", "0.2.4", VersionStep.Minor, true)]
    [InlineData("0.2.3", "0.2.4", VersionStep.Major, false)]
    [InlineData("0.2.3", "0.3.0", VersionStep.Major, true)]
    [InlineData("0.9.0", "1.0.0", VersionStep.Major, true)]
    public void Below_one_the_minor_number_tells_of_what_breaks(string old, string next, VersionStep needed, bool isHonest) => Check(old, next, needed, isHonest);

    [Theory]
    [InlineData("2.0.0-rc.1", "2.0.0-rc.2", VersionStep.Major, true)]
    [InlineData("2.0.0-rc.1", "2.0.0", VersionStep.Major, true)]
    [InlineData("2.0.0-rc.2", "2.0.0-rc.1", VersionStep.Patch, false)]
    [InlineData("1.2.0", "2.0.0-rc.1", VersionStep.Major, true)]
    [InlineData("1.2.0", "1.3.0-rc.1", VersionStep.Major, false)]
    [InlineData("1.3.0-rc.1", "1.3.1", VersionStep.Major, false)]
    public void A_pre_release_promises_nothing_to_its_own_release_alone(string old, string next, VersionStep needed, bool isHonest) => Check(old, next, needed, isHonest);

    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("1.2.3", "1.2.3+build")]
    [InlineData("1.2.3", "1.2.2")]
    public void A_version_that_does_not_come_after_is_never_honest_unless_nothing_changed(string old, string next)
    {
        Check(old, next, VersionStep.Patch, false);
        Assert.Equal(SemanticVersion.Parse(old).Equals(SemanticVersion.Parse(next)), VersionVerdict.Of(SemanticVersion.Parse(old), SemanticVersion.Parse(next), VersionStep.Patch, isSame: true).IsHonest);
    }

    [Theory]
    [InlineData("1.2.3", "1.2.4", VersionStep.Major, "2.0.0")]
    [InlineData("0.2.3", "0.2.4", VersionStep.Major, "0.3.0")]
    [InlineData("1.2.3", "1.2.4", VersionStep.Minor, "1.3.0")]
    public void A_refusal_names_the_version_that_would_do(string old, string next, VersionStep needed, string least)
    {
        var reason = Check(old, next, needed, false).Reason;
        Assert.EndsWith($"call it {least} or higher.", reason, StringComparison.Ordinal);
        Assert.True(VersionVerdict.Of(SemanticVersion.Parse(old), SemanticVersion.Parse(least), needed).IsHonest);
    }

    private static VersionVerdict Check(string old, string next, VersionStep needed, bool isHonest)
    {
        var verdict = VersionVerdict.Of(SemanticVersion.Parse(old), SemanticVersion.Parse(next), needed);
        Assert.True(isHonest == verdict.IsHonest, verdict.Reason);
        return verdict;
    }
}
