using Strata.Tests.Hub.Catalogues;

namespace Strata.SystemTests.Hub;

[Collection(Servers.Shared)]
public sealed class PostgresIndexTests(Servers servers)
{
    [Fact]
    public async Task It_finds_in_random_catalogues_what_the_plainest_reckoning_finds() =>
        CatalogueIndexContract.HoldsOnPostgres(await servers.FreshDatabaseAsync(), seeds: 3);

    [Fact]
    public async Task Whatever_is_searched_for_is_text_to_be_found_and_no_cursor_brings_the_search_down() =>
        CatalogueIndexContract.WithstandsOnPostgres(await servers.FreshDatabaseAsync());

    [Fact]
    public async Task It_finds_the_same_on_a_server_without_trigrams() =>
        CatalogueIndexContract.HoldsOnPostgresWithoutTrigrams(await servers.FreshDatabaseAsync(), seeds: 1);
}
