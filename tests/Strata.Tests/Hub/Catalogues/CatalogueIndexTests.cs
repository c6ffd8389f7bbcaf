using Strata.Artifacts.Signing;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>The index over SQLite, on a disk.</summary>
public sealed class CatalogueIndexTests : IDisposable
{
    private static readonly LayerKey Lib = new(Sample.Oem, "lib");
    private readonly TestFolder _folder = new();

    [Fact]
    public void It_finds_in_random_catalogues_what_the_plainest_reckoning_finds()
    {
        for (var seed = 0; seed < 12; seed++) CatalogueIndexContract.Holds(SqliteIndexTables.Open(_folder["index.db"]), seed);
    }

    [Fact]
    public void Whatever_is_searched_for_is_text_to_be_found_and_no_cursor_brings_the_search_down() =>
        CatalogueIndexContract.Withstands(SqliteIndexTables.Open(_folder["index.db"]));

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.!")]
    [InlineData("-1.2.3.")]
    [InlineData("1.2.99999999999.")]
    [InlineData("3.1.1.YQBi")] // a zero between two letters
    public void What_is_no_cursor_is_not_taken_for_one(string text) => Assert.False(CatalogueCursor.TryParse(text, out _));

    [Fact]
    public void What_no_version_changes_costs_no_row()
    {
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([.. Enumerable.Range(0, 50).Select(i => Version($"1.{i}.0", [Library("zlib", "1.3"), Library("six", $"1.{i}")]))], 50, "");

        Assert.Equal(51, Count("SELECT COUNT(*) FROM catalogue_spans"));
        Assert.Equal(51, Count("SELECT COUNT(*) FROM catalogue_things"));
    }

    [Fact]
    public void Exact_names_come_before_longer_ones_and_newer_libraries_before_older_ones()
    {
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([Version("1.0.0", [Library("zlib", "1.2"), Library("zlib-ng", "2.0")]), Version("1.1.0", [Library("zlib", "1.3"), Library("zlib-ng", "2.1")])], 2, "");

        var page = index.Search(State("1.0.0", "1.1.0"), CatalogueIndexContract.Caller(ClientRole.Oem, Sample.Oem), new("zlib"));

        Assert.Equal(["zlib 1.3 in 1.1.0", "zlib 1.2 in 1.0.0", "zlib-ng 2.1 in 1.1.0", "zlib-ng 2.0 in 1.0.0"], page.Hits.Select(h => $"{h.Name} {h.Version} in {h.Release.Version}"));
    }

    [Fact]
    public void A_page_looks_at_a_bounded_number_of_rows_and_says_where_to_go_on()
    {
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([new(new("hidden.localhost", "lib"), "1.0.0", "linux/amd64", [.. Enumerable.Range(0, 5000).Select(i => Library($"secret{i}", "1.0"))]), Version("1.0.0", [])], 2, "");

        Assert.InRange(EmptyPages(index, State("1.0.0"), new("secret")), 3, 4);
    }

    [Theory]
    [InlineData(ReleaseState.Deprecated, 5, 6)] // one version is, that holds nothing: each library's versions are looked through
    [InlineData(ReleaseState.Retired, 1, 1)] // none is
    public void Versions_that_a_filter_leaves_out_count_among_the_rows_that_a_page_looks_at(ReleaseState state, int fewest, int most)
    {
        const int Versions = 100, Libraries = 100;
        string[] versions = [.. Enumerable.Range(0, Versions).Select(i => $"1.{i}.0")];
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([.. versions.Select((v, i) => Version(v, i == 0 ? [] : [.. Enumerable.Range(0, Libraries).Select(n => Library($"needle{n}", "1.0"))]))], Versions, "");
        var catalogue = Sample.Fold([
            .. versions.Select(Sample.LayerVersion),
            new LayerVersionMoved(Lib.Owner, Lib.Codename, SemanticVersion.Parse(versions[0]), new(ReleaseState.Deprecated) { Reason = "old" }),
        ]);

        Assert.InRange(EmptyPages(index, catalogue, new("needle") { Kind = HitKind.Library, State = state }), fewest, most);
    }

    [Fact]
    public void A_version_that_is_no_longer_in_the_catalogue_is_not_found()
    {
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([Version("1.0.0", [Library("zlib", "1.2")]), Version("1.1.0", [Library("zlib", "1.2")]), Version("1.2.0", [Library("zlib", "1.2")])], 3, "");
        var caller = CatalogueIndexContract.Caller(ClientRole.Oem, Sample.Oem);

        Assert.Equal("1.0.0 to 1.1.0", index.Search(State("1.0.0", "1.1.0"), caller, new("zlib")).Hits[0].Spans[0].ToString());
        Assert.Empty(index.Search(State("2.0.0"), caller, new("zlib")).Hits);
    }

    [Fact]
    public void A_damaged_file_begins_anew()
    {
        File.WriteAllText(_folder["index.db"], "This is no database, and it is long enough to be looked at as one.");

        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));

        Assert.Equal(0, index.Sequence);
    }

    [Fact]
    public void An_index_of_another_schema_begins_anew()
    {
        var tables = SqliteIndexTables.Open(_folder["index.db"]);
        using (var index = CatalogueIndex.Open(tables)) index.Apply([Version("1.0.0", [Library("zlib", "1.2")])], 7, "mark");
        Count("UPDATE catalogue_state SET schema = 0 RETURNING 1");

        using var anew = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));

        Assert.Equal((0, 0), (anew.Sequence, Count("SELECT COUNT(*) FROM catalogue_things")));
    }

    [Fact]
    public void Names_that_no_database_takes_are_found_by_the_rest()
    {
        using var index = CatalogueIndex.Open(SqliteIndexTables.Open(_folder["index.db"]));
        index.Apply([Version("1.0.0", [IndexedThing.OfFile("usr/odd\0name", null), IndexedThing.OfFile("usr/half\ud800name", null), Library("new\nline", "1.0")])], 1, "");

        Assert.Equal(2, index.Search(State("1.0.0"), CatalogueIndexContract.Caller(ClientRole.Oem, Sample.Oem), new("name")).Hits.Count);
    }

    public void Dispose() => _folder.Dispose();

    private int Count(string sql)
    {
        using var connection = SqliteIndexTables.Open(_folder["index.db"]).Database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int EmptyPages(CatalogueIndex index, HubState state, CatalogueQuery query)
    {
        var (pages, next) = (0, (CatalogueCursor?)null);
        do
        {
            var page = index.Search(state, CatalogueIndexContract.Caller(ClientRole.Oem, Sample.Oem), query with { After = next });
            Assert.Empty(page.Hits);
            (next, pages) = (page.Next, pages + 1);
        }
        while (next is not null);
        return pages;
    }

    private static HubState State(params string[] versions) => Sample.Fold(versions.Select(Sample.LayerVersion));

    private static IndexedVersion Version(string version, IndexedThing[] things) => new(Lib, version, Sample.Amd64.ToString(), things);

    private static IndexedThing Library(string name, string version) => IndexedThing.Of(new Library(name, version, "deb"));
}
