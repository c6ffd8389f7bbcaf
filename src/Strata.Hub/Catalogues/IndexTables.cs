using System.Data.Common;
using Strata.Hub.Persistence;

namespace Strata.Hub.Catalogues;

/// <summary>The tables of the index, and what differs between databases.</summary>
/// <remarks>
/// <c>things</c> holds each library and file once; <c>tracks</c> a layer on one platform; <c>versions</c> what was published of it, in that order;
/// <c>spans</c> from which version on, and up to which, a track holds a thing. What the next version holds, too, costs no row.
/// </remarks>
internal abstract class IndexTables(HubDatabase database)
{
    /// <summary>Raised with every change of the tables or of what is put into them; an index of another schema is made anew.</summary>
    public const int Schema = 1;

    /// <summary>Rows that are read at a time.</summary>
    public const int Part = 64;

    /// <summary>Columns of a found thing.</summary>
    public const string Columns = "t.id, t.key, t.name, t.version, t.license, t.type, t.sonames";

    /// <summary>Where the tables stand.</summary>
    public HubDatabase Database { get; protected set; } = database;

    /// <summary>Opens the tables of a hub: in <c>index.db</c> beside the log when that is a file or another hub's, else in the log's own database.</summary>
    /// <exception cref="IOException">The database is not reached.</exception>
    public static IndexTables Open(HubOptions options, HubDatabase log) =>
        options.Database is null || options.IsFollower ? SqliteIndexTables.Open(Path.Combine(options.Data, "index.db")) : new PostgresIndexTables(log);

    /// <summary>How far the index is, and of which schema. It stands alone, so that it can be read before tables of another schema are touched.</summary>
    public static (int Schema, long Sequence, string Mark) Begin(DbConnection connection)
    {
        HubDatabase.Execute(connection, "CREATE TABLE IF NOT EXISTS catalogue_state (schema INTEGER NOT NULL, sequence BIGINT NOT NULL, mark TEXT NOT NULL)");
        HubDatabase.Execute(connection, $"INSERT INTO catalogue_state (schema, sequence, mark) SELECT {Schema}, 0, '' WHERE NOT EXISTS (SELECT 1 FROM catalogue_state)");
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT schema, sequence, mark FROM catalogue_state";
        using var row = select.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt64(1), row.GetString(2));
    }

    /// <summary>Makes those tables that are not there.</summary>
    public void Create(DbConnection connection)
    {
        HubDatabase.Execute(connection, $"""
            CREATE TABLE IF NOT EXISTS catalogue_things (id INTEGER PRIMARY KEY, hash BIGINT NOT NULL, kind INTEGER NOT NULL, key {BinaryText} NOT NULL,
            name TEXT NOT NULL, version TEXT, license TEXT, type TEXT, sonames TEXT{SearchColumn})
            """);
        HubDatabase.Execute(connection, "CREATE UNIQUE INDEX IF NOT EXISTS catalogue_things_hash ON catalogue_things (hash)");
        HubDatabase.Execute(connection, "CREATE INDEX IF NOT EXISTS catalogue_things_key ON catalogue_things (kind, key, id)");
        HubDatabase.Execute(connection, """
            CREATE TABLE IF NOT EXISTS catalogue_tracks (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, codename TEXT NOT NULL, platform TEXT NOT NULL, length INTEGER NOT NULL,
            UNIQUE (owner, codename, platform))
            """);
        HubDatabase.Execute(connection, $"CREATE TABLE IF NOT EXISTS catalogue_versions (track INTEGER, place INTEGER, version TEXT NOT NULL, PRIMARY KEY (track, place)){Clustered}");
        HubDatabase.Execute(connection, $"CREATE TABLE IF NOT EXISTS catalogue_spans (thing INTEGER, track INTEGER, first INTEGER, until INTEGER, PRIMARY KEY (thing, track, first)){Clustered}");
        HubDatabase.Execute(connection, "CREATE INDEX IF NOT EXISTS catalogue_spans_open ON catalogue_spans (track) WHERE until IS NULL");
        CreateGrams(connection);
    }

    /// <summary>Throws all tables away, whatever is in them.</summary>
    /// <exception cref="IOException">They cannot be removed.</exception>
    public abstract void Discard();

    /// <summary>Statement that adds a thing under all its columns as parameters.</summary>
    public abstract string Insert(HitKind kind);

    /// <summary>Query for things that perhaps hold all of some words, highest number first.</summary>
    /// <param name="words">Number of words; those of fewer than three characters find nothing by themselves.</param>
    public abstract string Containing(HitKind kind, int words);

    /// <summary>Values of the words' parameters in <see cref="Containing"/>.</summary>
    /// <param name="statements">Of a connection to the index.</param>
    public abstract IEnumerable<object> Patterns(HitKind kind, IReadOnlyList<string> words, Statements statements);

    /// <summary>Names of the words' parameters in <see cref="Containing"/>.</summary>
    public abstract IEnumerable<string> PatternNames(int words);

    /// <summary>Text that is ordered by its bytes.</summary>
    protected abstract string BinaryText { get; }

    /// <summary>Says that a table is kept in the order of its key.</summary>
    protected abstract string Clustered { get; }

    /// <summary>A further column with what is searched, where the database needs it.</summary>
    protected abstract string SearchColumn { get; }

    /// <summary>Makes what finds things by parts of words.</summary>
    protected abstract void CreateGrams(DbConnection connection);
}
