using System.Data.Common;
using System.Text;
using Strata.Hub.Persistence;

namespace Strata.Hub.Catalogues;

/// <summary>The index in an SQLite file of its own: it may be deleted while no hub runs on it, and writing it never waits for the log.</summary>
internal sealed class SqliteIndexTables : IndexTables
{
    // Each costs one list to be walked; the words themselves are looked for in what these leave.
    private const int MostGrams = 24;

    // Bytes of postings that are gathered before they are merged: larger is faster while much comes in.
    private const int GatheredBytes = 16 << 20;

    private readonly string _path;

    private SqliteIndexTables(string path, HubDatabase database) : base(database) => _path = path;

    /// <summary>Opens the file; one that is damaged or something else is made anew.</summary>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static SqliteIndexTables Open(string path)
    {
        try
        {
            return new(path, SqliteDatabase.Open(path, isProjection: true));
        }
        catch (InvalidDataException)
        {
            Delete(path);
            return new(path, SqliteDatabase.Open(path, isProjection: true));
        }
    }

    /// <inheritdoc/>
    protected override string BinaryText => "TEXT";

    /// <inheritdoc/>
    protected override string Clustered => " WITHOUT ROWID";

    /// <inheritdoc/>
    protected override string SearchColumn => "";

    /// <inheritdoc/>
    public override void Discard()
    {
        Delete(_path);
        Database = SqliteDatabase.Open(_path, isProjection: true);
    }

    /// <inheritdoc/>
    public override string Insert(HitKind kind) => $"""
        INSERT INTO catalogue_things (id, hash, kind, key, name, version, license, type, sonames) VALUES (@id, @hash, @kind, @key, @name, @version, @license, @type, @sonames);
        INSERT INTO {Grams(kind)} (rowid, search) VALUES (@id, @search)
        """;

    /// <inheritdoc/>
    public override string Containing(HitKind kind, int words) => $"""
        SELECT {Columns} FROM {Grams(kind)} CROSS JOIN catalogue_things t ON t.id = {Grams(kind)}.rowid
        WHERE {Grams(kind)} MATCH @grams AND {Grams(kind)}.rowid <= @from ORDER BY {Grams(kind)}.rowid DESC LIMIT {Part}
        """;

    /// <inheritdoc/>
    public override IEnumerable<string> PatternNames(int words) => ["@grams"];

    /// <inheritdoc/>
    public override IEnumerable<object> Patterns(IReadOnlyList<string> words) =>
        [string.Join(" AND ", words.SelectMany(GramsOf).Distinct().Take(MostGrams).Select(g => $"\"{g.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))];

    /// <inheritdoc/>
    protected override void CreateGrams(DbConnection connection)
    {
        foreach (var kind in new[] { HitKind.Library, HitKind.File })
        {
            // Texts are folded before they come here, and held in catalogue_things alone.
            HubDatabase.Execute(connection, $"""
                CREATE VIRTUAL TABLE IF NOT EXISTS {Grams(kind)} USING fts5(search, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')
                """);
            HubDatabase.Execute(connection, $"INSERT INTO {Grams(kind)} ({Grams(kind)}, rank) VALUES ('hashsize', {GatheredBytes})");
        }
    }

    private static string Grams(HitKind kind) => kind == HitKind.Library ? "catalogue_library_grams" : "catalogue_file_grams";

    /// <summary>Every three characters of a word that stand together.</summary>
    private static IEnumerable<string> GramsOf(string word)
    {
        var runes = word.EnumerateRunes().ToArray();
        for (var i = 0; i + 3 <= runes.Length; i++) yield return new StringBuilder().Append(runes[i].ToString()).Append(runes[i + 1].ToString()).Append(runes[i + 2].ToString()).ToString();
    }

    private static void Delete(string path)
    {
        foreach (var part in new[] { "", "-wal", "-shm" }) File.Delete(path + part);
    }
}
