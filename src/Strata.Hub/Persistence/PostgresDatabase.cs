using System.Data.Common;
using Npgsql;

namespace Strata.Hub.Persistence;

/// <summary>A PostgreSQL database, held by one hub at a time.</summary>
/// <remarks>The password is never part of the address: it comes from <c>PGPASSWORD</c>, <c>PGPASSFILE</c> or <c>~/.pgpass</c>, as for PostgreSQL's own programs.</remarks>
internal sealed class PostgresDatabase : HubDatabase
{
    private const long WriterLock = 0x5374_7261_7461; // "Strata"
    private const string Channel = "strata_changes";
    private static readonly TimeSpan ListenedAtMost = TimeSpan.FromSeconds(30); // a connection that is gone without a word is found by then
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _writers;

    private PostgresDatabase(NpgsqlConnectionStringBuilder address)
    {
        Name = $"{address.Host}:{address.Port}/{address.Database}";
        _source = NpgsqlDataSource.Create(address);
        address.Pooling = false; // a session that waits for its next use in a pool keeps its locks
        _writers = NpgsqlDataSource.Create(address);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string BytesType => "BYTEA";

    /// <inheritdoc/>
    public override string KeyedTable => "";

    /// <summary>Names the database; the first connection tells whether it is there.</summary>
    /// <param name="address"><c>postgres://USER@HOST:PORT/DATABASE</c>.</param>
    public static PostgresDatabase Open(Uri address) => new(new NpgsqlConnectionStringBuilder
    {
        Host = Uri.UnescapeDataString(address.Host),
        Port = address.Port > 0 ? address.Port : 5432,
        Username = Uri.UnescapeDataString(address.UserInfo),
        Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
        ApplicationName = "strata-hub",
    });

    /// <inheritdoc/>
    public override DbConnection Connect() => Connect(_source);

    private NpgsqlConnection Connect(NpgsqlDataSource source)
    {
        try
        {
            return source.OpenConnection();
        }
        catch (DbException problem)
        {
            throw Explain(problem, $"The database {Name} was not reached");
        }
    }

    /// <inheritdoc/>
    /// <remarks>The lock goes with the session: whoever lost its connection takes the lock again, or finds that another hub has it.</remarks>
    public override DbConnection ConnectWriter()
    {
        var connection = Connect(_writers);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_try_advisory_lock(@key)";
            Add(command, "@key", WriterLock);
            // The session of a hub that has just ended may be there for a moment longer.
            for (var tries = 0; tries < 20; tries++)
            {
                if (command.ExecuteScalar() is true) return connection;
                Thread.Sleep(100);
            }
            throw new IOException($"Another hub has the database {Name}. Stop it first, or name another database.");
        }
        catch (Exception problem)
        {
            connection.Dispose();
            throw problem is DbException refused ? Explain(refused, $"The database {Name} cannot be opened") : problem;
        }
    }

    /// <inheritdoc/>
    public override void Tell(DbTransaction transaction)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.CommandText = $"NOTIFY {Channel}";
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override async Task ListenAsync(Func<Task> heard, CancellationToken cancellation)
    {
        await using var connection = Connect(_writers); // not out of the pool: its session listens to its end
        try
        {
            Execute(connection, $"LISTEN {Channel}");
            while (true)
            {
                await heard();
                if (!await connection.WaitAsync(ListenedAtMost, cancellation)) Execute(connection, "SELECT 1"); // a server that is gone without a word does not answer
            }
        }
        catch (DbException problem)
        {
            throw Explain(problem, $"The connection to the database {Name} was lost");
        }
    }

    /// <inheritdoc/>
    public override bool HasColumn(DbConnection connection, string table, string column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table AND column_name = @column";
        Add(command, "@table", table);
        Add(command, "@column", column);
        return command.ExecuteScalar() is > 0L;
    }

    /// <inheritdoc/>
    public override Exception Explain(DbException problem, string what)
    {
        // After a restart of the server the pool holds nothing but connections that are gone. An error that the server tells of leaves them all there, unless it ends the session.
        if (problem is not PostgresException { InvariantSeverity: not ("FATAL" or "PANIC") }) _source.Clear();
        return new IOException($"{what}: {problem.Message}", problem);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _source.Dispose();
        _writers.Dispose();
    }
}
