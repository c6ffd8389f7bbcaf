using System.Data.Common;

namespace Strata.Hub.Persistence;

/// <summary>A connection with the statements that were run over it, each kept for its next run.</summary>
/// <param name="connection">Open; it is closed with this.</param>
internal sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _known = new(StringComparer.Ordinal);

    /// <summary>The connection, for what is run but once.</summary>
    public DbConnection Connection => connection;

    /// <summary>The statement with this text.</summary>
    /// <param name="parameters">Their names, in the order of the values that it is run with.</param>
    public Statement Of(string sql, params string[] parameters)
    {
        if (!_known.TryGetValue(sql, out var statement)) _known[sql] = statement = new(connection, sql, parameters);
        return statement;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _known.Values) statement.Dispose();
        connection.Dispose();
    }
}
