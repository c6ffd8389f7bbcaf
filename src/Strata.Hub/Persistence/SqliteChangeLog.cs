using System.Text.Json;
using Microsoft.Data.Sqlite;
using Strata.Hub.State;

namespace Strata.Hub.Persistence;

/// <summary>The change log in one SQLite file, in write-ahead mode and flushed on every batch.</summary>
internal sealed class SqliteChangeLog : IChangeLog
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB
    private readonly SqliteConnection _connection;

    private SqliteChangeLog(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, making it when it is not there.</summary>
    /// <exception cref="InvalidDataException">It is there and no change log, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static SqliteChangeLog Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, "CREATE TABLE IF NOT EXISTS changes (sequence BIGINT PRIMARY KEY, body TEXT NOT NULL)");
            return new(connection);
        }
        catch (SqliteException problem)
        {
            connection.Dispose();
            throw problem.SqliteErrorCode is NotADatabase or Corrupt
                ? new InvalidDataException($"The change log {path} cannot be read: {problem.Message} Restore it from a backup, or name another folder.", problem)
                : new IOException($"The change log {path} cannot be opened: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public void Append(long first, IReadOnlyList<Change> batch)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            using var insert = _connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO changes (sequence, body) VALUES ($sequence, $body)";
            var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
            var body = insert.Parameters.Add("$body", SqliteType.Text);
            for (var i = 0; i < batch.Count; i++)
            {
                sequence.Value = first + i;
                body.Value = JsonSerializer.Serialize(batch[i], ChangeJson.Default.Change);
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        catch (SqliteException problem)
        {
            throw new IOException($"The change log could not be written: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(long Sequence, Change Change)> Read(long after)
    {
        using var select = _connection.CreateCommand();
        select.CommandText = "SELECT sequence, body FROM changes WHERE sequence > $after ORDER BY sequence";
        select.Parameters.AddWithValue("$after", after);
        using var rows = select.ExecuteReader();
        for (var expected = after + 1; rows.Read(); expected++)
        {
            var sequence = rows.GetInt64(0);
            if (sequence != expected) throw new InvalidDataException($"Change {expected} is missing from the change log. Restore it from a backup.");
            yield return (sequence, Parse(sequence, rows.GetString(1)));
        }
    }

    private static Change Parse(long sequence, string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ChangeJson.Default.Change)!;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException(
                $"Change {sequence} cannot be read; a newer version of the hub may have written it. Start that version. ({problem.Message})", problem);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
