using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Strata.Hub.State;

namespace Strata.Hub.Persistence;

/// <summary>The change log as one table of a <see cref="HubDatabase"/>.</summary>
internal sealed class ChangeLog : IChangeLog
{
    /// <summary>How the body of every change begins that says something of blobs and of nothing else.</summary>
    internal const string OfBlobs = "{\"kind\":\"blob";

    private static readonly BlobsAdded Unread = new([]);
    private readonly HubDatabase _database;
    private readonly BlobTable _blobs;
    private DbConnection? _writer;

    private ChangeLog(HubDatabase database, DbConnection? writer, BlobTable blobs) => (_database, _writer, _blobs) = (database, writer, blobs);

    /// <inheritdoc/>
    public IBlobRows Blobs => _blobs;

    /// <inheritdoc/>
    public bool IsReadOnly => _writer is null;

    /// <summary>Opens the log, making or extending its table.</summary>
    /// <param name="database">Outlives the log.</param>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    /// <exception cref="IOException">It is not reached, or another hub writes to it.</exception>
    public static ChangeLog Open(HubDatabase database)
    {
        var writer = database.ConnectWriter();
        try
        {
            HubDatabase.Execute(writer, "CREATE TABLE IF NOT EXISTS changes (sequence BIGINT PRIMARY KEY, body TEXT NOT NULL, at TEXT, actor TEXT)");
            foreach (var column in new[] { "at", "actor" }) // the first release had neither
                if (!database.HasColumn(writer, "changes", column)) HubDatabase.Execute(writer, $"ALTER TABLE changes ADD COLUMN {column} TEXT");
            return new(database, writer, BlobTable.Open(database, writer));
        }
        catch (DbException problem)
        {
            writer.Dispose();
            throw database.Explain(problem, $"The database {database.Name} cannot be opened");
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a log that another hub writes, to read it. The database's user needs no more than to read its tables.</summary>
    /// <param name="database">Outlives the log.</param>
    /// <exception cref="IOException">It is not reached, or holds no log yet.</exception>
    public static ChangeLog Follow(HubDatabase database)
    {
        using var connection = database.Connect();
        return database.HasColumn(connection, "changes", "actor") && database.HasColumn(connection, "blobs", "sha3")
            ? new(database, null, BlobTable.Follow(database))
            : throw new IOException($"The database {database.Name} holds no log that could be followed. Start the hub that writes it first; it needs this version, too.");
    }

    /// <inheritdoc/>
    public Task ListenAsync(Func<Task> heard, CancellationToken cancellation) => _database.ListenAsync(heard, cancellation);

    /// <inheritdoc/>
    public void Append(long first, IReadOnlyList<Change> batch, LogStamp stamp)
    {
        if (_writer is null) throw new InvalidOperationException("This hub follows another one, which alone writes.");
        try
        {
            if (_writer.State != System.Data.ConnectionState.Open) _writer = Reconnected(_writer);
            using var transaction = _writer.BeginTransaction();
            using var insert = _writer.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO changes (sequence, body, at, actor) VALUES (@sequence, @body, @at, @actor)";
            var (sequence, body) = (HubDatabase.Add(insert, "@sequence"), HubDatabase.Add(insert, "@body"));
            HubDatabase.Add(insert, "@at", stamp.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            HubDatabase.Add(insert, "@actor", stamp.Actor);
            for (var i = 0; i < batch.Count; i++)
            {
                sequence.Value = first + i;
                body.Value = JsonSerializer.Serialize(batch[i], ChangeJson.Default.Change);
                insert.ExecuteNonQuery();
            }
            BlobTable.Write(transaction, batch, first + batch.Count - 1);
            _database.Tell(transaction);
            transaction.Commit();
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem, "The change log could not be written");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<LoggedChange> Read(long after, bool withBlobs = true)
    {
        foreach (var logged in InParts(withBlobs ? "body" : $"CASE WHEN body LIKE '{OfBlobs}%' THEN NULL ELSE body END", "sequence > @from ORDER BY sequence", after))
        {
            if (logged.Sequence != ++after) throw new InvalidDataException($"Change {after} is missing from the change log. Restore it from a backup.");
            yield return logged;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<LoggedChange> ReadBefore(long before) => InParts("body", "sequence < @from ORDER BY sequence DESC", before);

    /// <summary>Changes as <paramref name="which"/> orders them. A reader that stops early must not have the database sort out the whole log, nor send it.</summary>
    private IEnumerable<LoggedChange> InParts(string body, string which, long from)
    {
        const int Part = 1000;
        using var connection = _database.Connect();
        using var select = connection.CreateCommand();
        select.CommandText = $"SELECT sequence, {body}, at, actor FROM changes WHERE {which} LIMIT {Part}";
        var place = HubDatabase.Add(select, "@from");
        for (var found = Part; found == Part;)
        {
            place.Value = from;
            using var rows = Run(select);
            for (found = 0; Next(rows); found++)
            {
                var logged = Row(rows);
                from = logged.Sequence;
                yield return logged;
            }
        }
    }

    private static LoggedChange Row(DbDataReader rows)
    {
        LogStamp? stamp = rows.IsDBNull(2)
            ? null
            : new(DateTimeOffset.Parse(rows.GetString(2), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), rows.IsDBNull(3) ? null : rows.GetString(3));
        return new(rows.GetInt64(0), stamp, rows.IsDBNull(1) ? Unread : Parse(rows.GetInt64(0), rows.GetString(1)));
    }

    private DbDataReader Run(DbCommand select)
    {
        try
        {
            return select.ExecuteReader();
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem, "The change log could not be read");
        }
    }

    private bool Next(DbDataReader rows)
    {
        try
        {
            return rows.Read();
        }
        catch (DbException problem)
        {
            throw _database.Explain(problem, "The change log could not be read");
        }
    }

    internal static Change Parse(long sequence, string body)
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

    // A server that was restarted closes its connections. The next batch goes over a new one.
    private DbConnection Reconnected(DbConnection lost)
    {
        lost.Dispose();
        return _database.ConnectWriter();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blobs.Dispose();
        _writer?.Dispose();
    }
}
