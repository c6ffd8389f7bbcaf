using Strata.Hub;

namespace Strata.Tests.Hub;

public sealed class HubOptionsTests
{
    private const string Database = "postgres://strata@db/strata";

    [Fact]
    public void A_hub_that_follows_names_the_database_and_the_store_of_the_one_that_writes()
    {
        var (options, mistakes) = Parse("--follow", Database, "--blobs", "s3://store/strata");
        Assert.Empty(mistakes);
        Assert.True(options.IsFollower);
        Assert.Equal(new(Database), options.Database);
    }

    [Theory]
    [InlineData("--follow needs the store", "--follow", Database)]
    [InlineData("--follow is the second database", "--database", Database, "--follow", Database, "--blobs", "s3://store/strata")]
    [InlineData("--follow is no address", "--follow", "db", "--blobs", "s3://store/strata")]
    [InlineData("--follow holds a password", "--follow", "postgres://strata:secret@db/strata", "--blobs", "s3://store/strata")]
    [InlineData("--fleet is for the hub that writes", "--follow", Database, "--blobs", "s3://store/strata", "--fleet", "fleet.json")]
    public void What_a_follower_cannot_do_with_is_told(string beginning, params string[] args)
    {
        var mistake = Assert.Single(Parse(args).Mistakes);
        Assert.StartsWith(beginning, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistake, StringComparison.Ordinal);
    }

    private static (HubOptions Options, IReadOnlyList<string> Mistakes) Parse(params string[] args) => HubOptions.Parse(["--data", "data", "--pki", "pki", .. args]);
}
