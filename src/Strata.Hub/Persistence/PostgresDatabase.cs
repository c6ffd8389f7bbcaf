using System.Data.Common;
using Npgsql;

namespace Strata.Hub.Persistence;

/// <summary>A PostgreSQL database, held by one hub at a time.</summary>
/// <remarks>The password is never part of the address: it comes from <c>PGPASSWORD</c>, <c>PGPASSFILE</c> or <c>~/.pgpass</c>, as for PostgreSQL's own programs.</remarks>
internal sealed class PostgresDatabase : HubDatabase
{
    private const long WriterLock = 0x5374_7261_7461; // "Strata"
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _held;

    private PostgresDatabase(NpgsqlDataSource source, NpgsqlConnection held, string name) => (_source, _held, Name) = (source, held, name);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string BytesType => "BYTEA";

    /// <summary>Connects, and takes the lock that says which hub writes.</summary>
    /// <param name="address"><c>postgres://USER@HOST:PORT/DATABASE</c>.</param>
    /// <exception cref="IOException">It is not reached, refuses the user, or another hub has it.</exception>
    public static PostgresDatabase Open(Uri address)
    {
        var name = $"{address.Host}:{Port(address)}{address.AbsolutePath}";
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(address.Host),
            Port = Port(address),
            Username = Uri.UnescapeDataString(address.UserInfo),
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
            ApplicationName = "strata-hub",
        });
        NpgsqlConnection? held = null;
        try
        {
            held = source.OpenConnection();
            using var command = held.CreateCommand();
            command.CommandText = "SELECT pg_try_advisory_lock(@key)";
            Add(command, "@key", WriterLock);
            if (command.ExecuteScalar() is true) return new(source, held, name);
            throw new IOException($"Another hub has the database {name}. Stop it first, or name another database.");
        }
        catch (DbException problem)
        {
            held?.Dispose();
            source.Dispose();
            throw new IOException($"The database {name} cannot be opened: {problem.Message}", problem);
        }
        catch
        {
            held?.Dispose();
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override DbConnection Connect()
    {
        try
        {
            return _source.OpenConnection();
        }
        catch (DbException problem)
        {
            throw Explain(problem, $"The database {Name} was not reached");
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
    public override Exception Explain(DbException problem, string what) => new IOException($"{what}: {problem.Message}", problem);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _held.Dispose(); // the lock goes with its session
        _source.Dispose();
    }

    private static int Port(Uri address) => address.Port > 0 ? address.Port : 5432;
}
