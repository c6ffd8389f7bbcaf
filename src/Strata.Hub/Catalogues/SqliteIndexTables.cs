using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Strata.Hub.Persistence;

namespace Strata.Hub.Catalogues;

/// <summary>The index in an SQLite file of its own: it may be deleted while no hub runs on it, and writing it never waits for the log.</summary>
internal sealed class SqliteIndexTables : IndexTables
{
    // Of each word that many grams are looked up, the rarest: each costs a list to be walked, one of a gram that half of all names hold costs most and leaves most.
    // The words themselves are looked for in what these leave.
    private const int GramsOfWord = 3, MostGrams = 24;

    // Characters of a word that are looked at for its grams.
    private const int LongestWord = 40;

    // A gram is the commoner, the newer the thing is that is so many behind the newest with it. How many of these marks are kept, and how often they are used before they are made anew.
    private const int Behind = 1000, MostMarks = 50_000, MostUses = 10_000;

    // Bytes of postings that are gathered before they are merged: larger is faster while much comes in.
    private const int GatheredBytes = 16 << 20;

    private readonly ConcurrentDictionary<(HitKind, string), int> _marks = [];
    private readonly string _path;
    private int _uses;

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
    public override IEnumerable<object> Patterns(HitKind kind, IReadOnlyList<string> words, Statements statements)
    {
        if (Interlocked.Increment(ref _uses) % MostUses == 0 || _marks.Count > MostMarks) _marks.Clear(); // the index has grown meanwhile
        var grams = words.SelectMany(word => GramsOf(word).Distinct().OrderBy(gram => Mark(kind, gram, statements)).Take(GramsOfWord)).Distinct().Take(MostGrams);
        return [string.Join(" AND ", grams.Select(Quoted))];
    }

    private int Mark(HitKind kind, string gram, Statements statements)
    {
        if (_marks.TryGetValue((kind, gram), out var known)) return known;
        var found = statements.Of($"SELECT rowid FROM {Grams(kind)} WHERE {Grams(kind)} MATCH @gram ORDER BY rowid DESC LIMIT 1 OFFSET {Behind}", "@gram").Value(Quoted(gram));
        var mark = found is null ? 0 : Convert.ToInt32(found, CultureInfo.InvariantCulture);
        _marks.TryAdd((kind, gram), mark);
        return mark;
    }

    private static string Quoted(string gram) => $"\"{gram.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

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
        for (var i = 0; i + 3 <= Math.Min(runes.Length, LongestWord); i++) yield return new StringBuilder().Append(runes[i].ToString()).Append(runes[i + 1].ToString()).Append(runes[i + 2].ToString()).ToString();
    }

    private static void Delete(string path)
    {
        foreach (var part in new[] { "", "-wal", "-shm" }) File.Delete(path + part);
    }
}
