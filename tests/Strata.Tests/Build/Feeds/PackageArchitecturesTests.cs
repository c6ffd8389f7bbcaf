using Strata.Build.Feeds;
using Xunit;

namespace Strata.Tests.Build.Feeds;

public sealed class PackageArchitecturesTests
{
    [Theory]
    [InlineData("amd64", "all")]
    [InlineData("amd64", "noarch")]
    [InlineData("amd64", "core2-64")]
    [InlineData("amd64", "core2_64")]
    [InlineData("amd64", "x86_64")]
    [InlineData("amd64", "x86-64-v3")]
    [InlineData("amd64", "qemux86_64")]
    [InlineData("arm64", "cortexa53-crypto")]
    [InlineData("arm64", "armv8a")]
    [InlineData("arm", "cortexa7t2hf-neon-vfpv4")]
    [InlineData("386", "core2-32")]
    public void Names_of_common_tunes_are_known(string target, string package) =>
        Assert.True(PackageArchitectures.Takes(new() { Kind = FeedKind.Ipk, Folder = "/x" }, target, package));

    [Theory]
    [InlineData("amd64", "cortexa53")]
    [InlineData("amd64", "core2-32")]
    [InlineData("386", "x86_64")]
    [InlineData("386", "qemux86-64")]
    [InlineData("arm64", "cortexa7t2hf-neon")]
    [InlineData("arm64", "raspberrypi4_64")]
    public void Packages_for_another_machine_are_left_out(string target, string package) =>
        Assert.False(PackageArchitectures.Takes(new() { Kind = FeedKind.Ipk, Folder = "/x" }, target, package));

    [Fact]
    public void What_the_feed_lists_is_taken_and_nothing_else()
    {
        var feed = new PackageFeed { Kind = FeedKind.Ipk, Folder = "/x", Architectures = ["all", "raspberrypi4-64"] };
        Assert.True(PackageArchitectures.Takes(feed, "arm64", "raspberrypi4_64"));
        Assert.False(PackageArchitectures.Takes(feed, "arm64", "cortexa72"));
        Assert.True(PackageArchitectures.Rank(feed, "raspberrypi4_64") > PackageArchitectures.Rank(feed, "all"));
    }

    [Fact]
    public void A_Debian_package_is_for_the_target_or_for_all()
    {
        var feed = new PackageFeed { Kind = FeedKind.Deb, Folder = "/x" };
        Assert.True(PackageArchitectures.Takes(feed, "arm", "armhf"));
        Assert.False(PackageArchitectures.Takes(feed, "amd64", "x86_64"));
    }
}
