using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Persistence;

/// <summary>The rows of the blobs as a table: a projection of the change log, written in the transaction of each batch, and made anew from the log when it is missing or behind.</summary>
internal sealed class BlobTable : IBlobRows, IDisposable
{
    private const string Projection = "blobs";
    private readonly HubDatabase _database;
    private readonly Lock _gate = new();
    private Statements? _reader;

    private BlobTable(HubDatabase database) => _database = database;

    /// <summary>Makes the table where it is missing, and takes in what the log holds beyond it.</summary>
    /// <param name="writer">The connection that the log is written over.</param>
    /// <exception cref="InvalidDataException">The log holds a change that this version cannot read.</exception>
    public static BlobTable Open(HubDatabase database, DbConnection writer)
    {
        HubDatabase.Execute(writer, $"CREATE TABLE IF NOT EXISTS blobs (digest {database.BytesType} PRIMARY KEY, size BIGINT NOT NULL, sha3 {database.BytesType} NOT NULL, signature TEXT){database.KeyedTable}");
        HubDatabase.Execute(writer, "CREATE TABLE IF NOT EXISTS projections (name TEXT PRIMARY KEY, sequence BIGINT NOT NULL)");
        HubDatabase.Execute(writer, $"INSERT INTO projections (name, sequence) VALUES ('{Projection}', 0) ON CONFLICT (name) DO NOTHING");
        var table = new BlobTable(database);
        table.CatchUp(writer);
        return table;
    }

    /// <summary>Reads the table that another hub keeps.</summary>
    public static BlobTable Follow(HubDatabase database) => new(database);

    /// <summary>Writes what a batch says of blobs.</summary>
    /// <param name="last">Number of the batch's last change.</param>
    public static void Write(DbTransaction transaction, IEnumerable<Change> batch, long last)
    {
        var connection = transaction.Connection!;
        using var insert = new Statement(connection, "INSERT INTO blobs (digest, size, sha3) VALUES (@digest, @size, @sha3) ON CONFLICT (digest) DO NOTHING", "@digest", "@size", "@sha3");
        using var sign = new Statement(connection, "UPDATE blobs SET signature = @signature WHERE digest = @digest", "@digest", "@signature");
        using var delete = new Statement(connection, "DELETE FROM blobs WHERE digest = @digest", "@digest");
        foreach (var change in batch)
        {
            if (change is BlobsAdded added)
                foreach (var blob in added.Blobs) insert.Execute(Bytes(blob.Digest), blob.Size, Convert.FromHexString(blob.Sha3));
            if (change is BlobAdded one) insert.Execute(Bytes(one.Digest), one.Size, Convert.FromHexString(one.Sha3));
            if (change is BlobSigned signed) sign.Execute(Bytes(signed.Digest), JsonSerializer.Serialize(signed.Signature, ChangeJson.Default.ReleaseSignature));
            if (change is BlobsRemoved removed)
                foreach (var digest in removed.Digests) delete.Execute(Bytes(digest));
        }
        using var mark = new Statement(connection, $"UPDATE projections SET sequence = @last WHERE name = '{Projection}'", "@last");
        mark.Execute(last);
    }

    /// <inheritdoc/>
    public BlobRow? Find(Digest digest)
    {
        lock (_gate)
        {
            try
            {
                return Select(digest);
            }
            catch (DbException)
            {
                Close(); // a server that was restarted closed the connection: once more over a new one
            }
            try
            {
                return Select(digest);
            }
            catch (DbException problem)
            {
                Close();
                throw _database.Explain(problem, "The row of a blob could not be read");
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Digest> All()
    {
        using var connection = _database.Connect();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT digest FROM blobs";
        using var rows = select.ExecuteReader();
        while (rows.Read()) yield return Digest.FromHash((byte[])rows[0]);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private BlobRow? Select(Digest digest)
    {
        _reader ??= new(_database.Connect());
        using var rows = _reader.Of("SELECT size, sha3, signature FROM blobs WHERE digest = @digest", "@digest").Read(Bytes(digest));
        if (!rows.Read()) return null;
        return new(digest, rows.GetInt64(0), Convert.ToHexStringLower((byte[])rows[1]))
        {
            Signature = rows.IsDBNull(2) ? null : JsonSerializer.Deserialize(rows.GetString(2), ChangeJson.Default.ReleaseSignature),
        };
    }

    private void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private void CatchUp(DbConnection writer)
    {
        var (at, last) = (Number(writer, $"SELECT sequence FROM projections WHERE name = '{Projection}'"), Number(writer, "SELECT COALESCE(MAX(sequence), 0) FROM changes"));
        if (at == last) return;
        using var transaction = writer.BeginTransaction();
        if (at > last) at = 0; // not of this log
        if (at == 0) HubDatabase.Execute(writer, "DELETE FROM blobs");
        Write(transaction, Missed(at), last);
        transaction.Commit();
    }

    // Over a connection of its own: the writer's is in its transaction.
    private IEnumerable<Change> Missed(long after)
    {
        using var connection = _database.Connect();
        using var select = connection.CreateCommand();
        select.CommandText = $"SELECT sequence, body FROM changes WHERE sequence > @after AND body LIKE '{ChangeLog.OfBlobs}%' ORDER BY sequence";
        HubDatabase.Add(select, "@after", after);
        using var rows = select.ExecuteReader();
        while (rows.Read()) yield return ChangeLog.Parse(rows.GetInt64(0), rows.GetString(1));
    }

    private static long Number(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(Digest digest) => Convert.FromHexString(digest.Hex);
}
