using System.Data.Common;
using Npgsql;
using Strata.Hub.Persistence;

namespace Strata.Hub.Catalogues;

/// <summary>The index in the log's own PostgreSQL database.</summary>
/// <remarks>
/// Parts of words are found by the server's own extension <c>pg_trgm</c>, which whoever may create in the database may switch on.
/// On a server without it the same queries give the same answers by reading all names.
/// </remarks>
internal sealed class PostgresIndexTables(HubDatabase database) : IndexTables(database)
{
    /// <inheritdoc/>
    protected override string BinaryText => "TEXT COLLATE \"C\"";

    /// <inheritdoc/>
    protected override string Clustered => "";

    /// <inheritdoc/>
    protected override string SearchColumn => ", search TEXT NOT NULL";

    /// <inheritdoc/>
    public override void Discard()
    {
        using var connection = Database.Connect();
        try
        {
            HubDatabase.Execute(connection, "DROP TABLE IF EXISTS catalogue_state, catalogue_things, catalogue_tracks, catalogue_versions, catalogue_spans");
        }
        catch (DbException problem)
        {
            throw Database.Explain(problem, "The catalogue index could not be removed");
        }
    }

    /// <inheritdoc/>
    public override string Insert(HitKind kind) => """
        INSERT INTO catalogue_things (id, hash, kind, key, name, version, license, type, sonames, search)
        VALUES (@id, @hash, @kind, @key, @name, @version, @license, @type, @sonames, @search)
        """;

    /// <inheritdoc/>
    public override string Containing(HitKind kind, int words) => $"""
        SELECT {Columns} FROM catalogue_things t WHERE t.kind = {(int)kind} AND {string.Join(" AND ", PatternNames(words).Select(name => $"t.search LIKE {name}"))}
        AND t.id <= @from ORDER BY t.id DESC LIMIT {Part}
        """;

    /// <inheritdoc/>
    public override IEnumerable<string> PatternNames(int words) => Enumerable.Range(0, words).Select(i => $"@word{i}");

    /// <inheritdoc/>
    public override IEnumerable<object> Patterns(HitKind kind, IReadOnlyList<string> words, Statements statements) =>
        words.Select(w => $"%{w.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%");

    /// <inheritdoc/>
    protected override void CreateGrams(DbConnection connection)
    {
        try
        {
            HubDatabase.Execute(connection, "CREATE EXTENSION IF NOT EXISTS pg_trgm");
            foreach (var kind in new[] { HitKind.Library, HitKind.File })
                HubDatabase.Execute(connection, $"CREATE INDEX IF NOT EXISTS catalogue_grams_{(int)kind} ON catalogue_things USING gin (search gin_trgm_ops) WHERE kind = {(int)kind}");
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedObject)
        {
            // The queries need no more than the column; they only take longer.
        }
    }
}
