using Strata.Tests.Hub.Catalogues;

namespace Strata.SystemTests.Hub;

[Collection(Servers.Shared)]
public sealed class PostgresIndexTests(Servers servers)
{
    [Fact]
    public async Task It_finds_in_random_catalogues_what_the_plainest_reckoning_finds() =>
        CatalogueIndexContract.HoldsOnPostgres(await servers.FreshDatabaseAsync(), seeds: 3);

    [Fact]
    public async Task It_finds_the_same_on_a_server_without_trigrams() =>
        CatalogueIndexContract.HoldsOnPostgresWithoutTrigrams(await servers.FreshDatabaseAsync(), seeds: 1);
}
