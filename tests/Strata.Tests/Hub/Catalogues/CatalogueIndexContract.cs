using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Persistence;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>What every database's index has to do.</summary>
public static class CatalogueIndexContract
{
    /// <summary>Holds the index in a PostgreSQL database to random catalogues.</summary>
    /// <param name="database"><c>postgres://</c> address of an empty database.</param>
    public static void HoldsOnPostgres(Uri database, int seeds)
    {
        using var postgres = PostgresDatabase.Open(database);
        for (var seed = 0; seed < seeds; seed++) Holds(new PostgresIndexTables(postgres), seed);
    }

    /// <summary>The same as a user who may not switch the server's trigrams on.</summary>
    public static void HoldsOnPostgresWithoutTrigrams(Uri database, int seeds)
    {
        using (var postgres = PostgresDatabase.Open(database))
        using (var connection = postgres.Connect())
            HubDatabase.Execute(connection, "CREATE ROLE plain LOGIN; GRANT ALL ON SCHEMA public TO plain");
        HoldsOnPostgres(new UriBuilder(database) { UserName = "plain" }.Uri, seeds);
        using (var postgres = PostgresDatabase.Open(database))
        using (var connection = postgres.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT COUNT(*) FROM pg_extension WHERE extname = 'pg_trgm'";
            Assert.Equal(0L, command.ExecuteScalar());
        }
    }

    /// <summary>Holds the index in a PostgreSQL database to texts and cursors that mean it no good.</summary>
    /// <param name="database"><c>postgres://</c> address of an empty database.</param>
    public static void WithstandsOnPostgres(Uri database)
    {
        using var postgres = PostgresDatabase.Open(database);
        Withstands(new PostgresIndexTables(postgres));
    }

    /// <summary>Whatever is searched for is text to be found, never a word to the database, and no cursor brings the search down.</summary>
    internal static void Withstands(IndexTables tables)
    {
        string[] names =
        [
            "odd\0name", "half\ud800name", "quo\"te's", "star\"*end", "near(x,y)", "100%sure", "under_score", "underXscore", @"back\slash", "semi;--drop", "\u0001control\u001f",
            "smile\U0001f600", new('l', 300),
        ];
        using var index = CatalogueIndex.Open(tables);
        index.Apply([new(new(Sample.Oem, "lib"), "1.0.0", Sample.Amd64.ToString(), [.. names.Select(n => IndexedThing.OfFile($"usr/{n}", null))])], 1, "");
        string Name(int number) => IndexedThing.OfFile($"usr/{names[number]}", null).Name;
        foreach (var (text, found) in new (string, int[])[]
        {
            ("odd\0name", [0]), ("\0", []), ("\0\0\0", []), ("half\ud800", [1]), ("\"te'", [2]), ("\"*", []), ("r\"*e", [3]), ("NEAR(", [4]), ("NEAR(X,Y) near(", [4]), ("0%s", [5]), ("%%%", []), ("%", []),
            ("r_s", [6]), ("___", []), ("_", []), (@"k\s", [8]), (@"\\\", []), (@"\", []), ("';--", []), (";--", [9]), ("\u0001con", [10]), ("odd OR under_score", []), ("odd AND name", []), ("odd NOT half", []),
            ("^usr", []), ("usr*", []), ("search:odd", []), ("{search}: odd", []), ("-odd", []), ("\"", []), ("'", []), ("(", []), ("\U0001f600", []), ("ile\U0001f600", [11]),
            (new('l', 256), [12]), (new('x', 10_000), []), (new string('l', 255) + "\U0001f600", [12]), (string.Join(' ', Enumerable.Range(0, 128).Select(i => $"{i % 10}")), []),
        })
        {
            var query = new CatalogueQuery(text) { Kind = HitKind.File };
            Assert.Equal(found.Select(Name).Order(StringComparer.Ordinal), Search(query).Select(h => h.Name).Order(StringComparer.Ordinal));
            foreach (var cursor in Cursors()) Search(query with { After = cursor });
        }

        IReadOnlyList<CatalogueHit> Search(CatalogueQuery query) => index.Search(Sample.State, Caller(ClientRole.Oem, Sample.Oem), query).Hits;
    }

    /// <summary>Cursors that no search gave.</summary>
    private static IEnumerable<CatalogueCursor> Cursors()
    {
        foreach (var key in new[] { "", "usr", "odd", "'; DROP TABLE catalogue_things; --", "\"*", "%", @"\", "\u0001", "\uffff", "\U0010ffff", new('z', 500) })
            foreach (var (pass, number) in new[] { 0, 1, 2, 3, 4, 5, 6, 7, int.MaxValue }.SelectMany(p => new[] { (p, 0), (p, 1), (p, int.MaxValue) }))
                yield return CatalogueCursor.TryParse(new CatalogueCursor(pass, key, number, number).ToString(), out var cursor) ? cursor : throw new FormatException(key);
    }

    /// <summary>An index that took a random catalogue in, in parts and over restarts, finds what the plainest reckoning finds, each once.</summary>
    internal static void Holds(IndexTables tables, int seed)
    {
        var catalogue = new RandomCatalogue(seed);
        var random = new Random(seed);
        var index = CatalogueIndex.Open(tables);
        try
        {
            index.Discard();
            for (var from = 0; from < catalogue.Published.Count;)
            {
                var part = catalogue.Published.Skip(from).Take(random.Next(1, 8)).ToList();
                index.Apply([.. part.SelectMany(p => p.Versions)], part[^1].Sequence, $"mark {part[^1].Sequence}");
                from += part.Count;
                if (random.Next(3) > 0) continue;
                index.Dispose();
                index = CatalogueIndex.Open(tables);
                Assert.Equal((part[^1].Sequence, $"mark {part[^1].Sequence}"), (index.Sequence, index.Mark));
            }
            foreach (var caller in new[] { Caller(ClientRole.Oem, Sample.Oem), Caller(ClientRole.ServiceProvider, "sp.localhost"), Caller(ClientRole.Admin, "localhost") })
                for (var i = 0; i < 12; i++) Finds(catalogue, index, caller, catalogue.Query(), seed);
        }
        finally
        {
            index.Dispose();
        }
    }

    private static void Finds(RandomCatalogue catalogue, CatalogueIndex index, Caller caller, CatalogueQuery query, int seed)
    {
        var (hits, after) = (new List<CatalogueHit>(), (CatalogueCursor?)null);
        do
        {
            var page = index.Search(catalogue.State, caller, query with { After = after });
            Assert.True(page.Hits.Count <= query.Limit);
            Assert.True(page.Next is null || page.Hits.Count == query.Limit, $"seed {seed}: a short page of {query} has a next one");
            hits.AddRange(page.Hits);
            after = page.Next is null ? null : CatalogueCursor.TryParse(page.Next.ToString(), out var read) ? read : throw new FormatException(page.Next.ToString());
        }
        while (after is not null);
        var lines = hits.ConvertAll(RandomCatalogue.Line);
        Assert.Equal(lines.Distinct().Count(), lines.Count);
        var expected = catalogue.Expected(caller, query);
        Assert.True(expected.SetEquals(lines), $"""
            seed {seed}, {caller.RoleName} of {caller.Owner}: {query}
            missing: {string.Join("\n    ", expected.Except(lines))}
            too much: {string.Join("\n    ", lines.Except(expected))}
            """);
        Assert.Equal(hits.Select(h => h.Kind).Order(), hits.Select(h => h.Kind));
    }

    internal static Caller Caller(ClientRole role, string owner) => new("user", role, owner, Guid.Empty, null);
}
