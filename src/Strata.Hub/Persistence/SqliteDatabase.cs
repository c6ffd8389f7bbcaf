using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Strata.Hub.Persistence;

/// <summary>One SQLite file, in write-ahead mode and, unless it is a projection, flushed on every commit.</summary>
internal sealed class SqliteDatabase : HubDatabase
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB
    private const int WaitSeconds = 30;
    private readonly string _path;
    private readonly bool _isProjection;

    private SqliteDatabase(string path, bool isProjection) => (_path, _isProjection) = (path, isProjection);

    /// <inheritdoc/>
    public override string Name => _path;

    /// <inheritdoc/>
    public override string BytesType => "BLOB";

    /// <inheritdoc/>
    public override string KeyedTable => " WITHOUT ROWID";

    /// <summary>Opens the file, making it when it is not there.</summary>
    /// <param name="isProjection">What is in it is made anew from the log when it is lost: a commit may be lost by a power cut, but never half.</param>
    /// <exception cref="InvalidDataException">It is there and no database, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public static SqliteDatabase Open(string path, bool isProjection = false)
    {
        var database = new SqliteDatabase(path, isProjection);
        using var connection = database.Connect();
        return database;
    }

    /// <inheritdoc/>
    public override DbConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = WaitSeconds }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, $"PRAGMA synchronous = {(_isProjection ? "NORMAL" : "FULL")}");
            return connection;
        }
        catch (SqliteException problem)
        {
            connection.Dispose();
            throw Explain(problem, $"The database {_path} cannot be opened");
        }
    }

    /// <inheritdoc/>
    /// <remarks>The lock on the data folder keeps others away.</remarks>
    public override DbConnection ConnectWriter() => Connect();

    /// <inheritdoc/>
    public override bool HasColumn(DbConnection connection, string table, string column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM pragma_table_info(@table) WHERE name = @column";
        Add(command, "@table", table);
        Add(command, "@column", column);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0;
    }

    /// <inheritdoc/>
    public override Exception Explain(DbException problem, string what) => problem is SqliteException { SqliteErrorCode: NotADatabase or Corrupt }
        ? new InvalidDataException(
            _isProjection ? $"{_path} cannot be read: {problem.Message} It is made anew." : $"The change log {_path} cannot be read: {problem.Message} Restore it from a backup, or name another folder.",
            problem)
        : new IOException($"{what}: {problem.Message}", problem);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
