using System.Data.Common;

namespace Strata.Hub.Persistence;

/// <summary>The database that the hub's log and its projections stand in: what differs between SQLite and PostgreSQL.</summary>
/// <remarks>
/// Statements are written once, in what both understand: <c>BIGINT</c>, <c>TEXT</c>, <c>INSERT … ON CONFLICT</c>, parameters called <c>@name</c>.
/// </remarks>
internal abstract class HubDatabase : IDisposable
{
    /// <summary>What the database is called in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Type of a column that holds bytes.</summary>
    public abstract string BytesType { get; }

    /// <summary>What stands behind a table whose rows are found by their key alone.</summary>
    public abstract string KeyedTable { get; }

    /// <summary>Opens the database that <paramref name="options"/> name: a file in the data folder, or PostgreSQL.</summary>
    /// <exception cref="InvalidDataException">It is there and no database of a hub, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static HubDatabase Open(HubOptions options) =>
        options.Database is { } address ? PostgresDatabase.Open(address) : SqliteDatabase.Open(Path.Combine(options.Data, "hub.db"));

    /// <summary>A new open connection; whoever asked closes it.</summary>
    /// <exception cref="IOException">The database is not reached.</exception>
    public abstract DbConnection Connect();

    /// <summary>A new open connection that is the only one to write the log, for as long as it is open.</summary>
    /// <exception cref="IOException">The database is not reached, or another hub writes to it.</exception>
    public abstract DbConnection ConnectWriter();

    /// <summary>Whether a table has a column.</summary>
    public abstract bool HasColumn(DbConnection connection, string table, string column);

    /// <summary>What an error of the database means: <see cref="InvalidDataException"/> for a damaged one, <see cref="IOException"/> for all else.</summary>
    /// <param name="what">What was tried: "The change log could not be written".</param>
    public abstract Exception Explain(DbException problem, string what);

    /// <summary>Tells those who listen, once <paramref name="transaction"/> is committed, that the log has grown.</summary>
    public virtual void Tell(DbTransaction transaction)
    {
    }

    /// <summary>As <see cref="IChangeLog.ListenAsync"/>.</summary>
    public virtual Task ListenAsync(Func<Task> heard, CancellationToken cancellation) => throw new IOException($"The database {Name} tells nobody of what is written to it; only PostgreSQL does.");

    /// <summary>Runs one statement without a result.</summary>
    public static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Adds a parameter without a value yet.</summary>
    public static DbParameter Add(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Adds a parameter.</summary>
    public static void Add(DbCommand command, string name, object? value) => Add(command, name).Value = value ?? DBNull.Value;

    /// <inheritdoc/>
    public abstract void Dispose();
}
