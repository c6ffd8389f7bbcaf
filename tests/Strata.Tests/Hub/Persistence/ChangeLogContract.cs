using CsCheck;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Tests.Hub.Persistence;

/// <summary>What the change log and its projection of blobs promise on every database.</summary>
public abstract class ChangeLogContract : IAsyncLifetime
{
    private static readonly LogStamp Stamp = new(new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "{\"name\":\"who\"}");
    private HubDatabase _database = null!;

    /// <summary>The database of this test.</summary>
    internal HubDatabase Database => _database;

    /// <summary>An empty database.</summary>
    internal abstract Task<HubDatabase> FreshAsync();

    public async ValueTask InitializeAsync() => _database = await FreshAsync();

    public virtual ValueTask DisposeAsync()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void It_gives_back_what_was_written_with_its_stamp_and_folds_to_the_same_snapshot()
    {
        var history = Sample.History;
        using (var log = ChangeLog.Open(_database))
        {
            log.Append(1, [.. history.Take(3)], Stamp);
            log.Append(4, [.. history.Skip(3)], Stamp);
        }
        using var again = ChangeLog.Open(_database);
        var read = again.Read(after: 0).ToList();
        Assert.Equal(Enumerable.Range(1, history.Length).Select(n => (long)n), read.Select(r => r.Sequence));
        Assert.All(read, r => Assert.Equal(Stamp, r.Stamp));
        foreach (var (before, after) in history.Zip(read.Select(r => r.Change))) Assert.Equal(before, after);
        Assert.Equal(read.Skip(5).Select(r => r.Change), again.Read(after: 5).Select(r => r.Change));
        Assert.Equal(
            read.Select(r => r.Change is BlobAdded or BlobsAdded or BlobSigned or BlobsRemoved ? new BlobsAdded([]) : r.Change),
            again.Read(after: 0, withBlobs: false).Select(r => r.Change));
    }

    [Fact]
    public void The_newest_are_read_first_however_many_there_are()
    {
        using var log = ChangeLog.Open(_database);
        log.Append(1, [.. Enumerable.Range(0, 1500).Select(n => Added(n))], Stamp);
        Assert.Equal(Enumerable.Range(1, 1500).Reverse().Select(n => (long)n), log.ReadBefore(long.MaxValue).Select(c => c.Sequence));
        Assert.Equal([2L, 1L], log.ReadBefore(3).Select(c => c.Sequence));
    }

    [Fact]
    public void The_oldest_are_read_first_however_many_there_are()
    {
        const int Changes = 3000; // a whole number of the parts that are read at a time
        using var log = ChangeLog.Open(_database);
        log.Append(1, [.. Enumerable.Range(0, Changes).Select(n => n % 3 == 0 ? Added(n) : new SubjectRemoved(Guid.Empty))], Stamp);
        foreach (var withBlobs in new[] { true, false })
            foreach (var after in new[] { 0, 1, 999, 1000, 1001, Changes - 1, Changes, Changes + 1 })
                Assert.Equal(Enumerable.Range(1, Changes).Skip(after).Select(n => (long)n), log.Read(after, withBlobs).Select(c => c.Sequence));
        Assert.Equal([1L, 2L], log.Read(after: 0).Take(2).Select(c => c.Sequence));
    }

    [Fact]
    public void A_batch_is_there_whole_or_not_at_all()
    {
        using var log = ChangeLog.Open(_database);
        log.Append(1, [Added(0), Added(1)], Stamp);
        Assert.Throws<IOException>(() => log.Append(2, [Added(2), Added(3)], Stamp)); // 2 is taken
        Assert.Equal([1L, 2L], log.Read(after: 0).Select(c => c.Sequence));
        Assert.True(log.Blobs.All().ToHashSet().SetEquals([Name(0), Name(1)]));
        log.Append(3, [Added(2)], Stamp);
        Assert.NotNull(log.Blobs.Find(Name(2)));
    }

    [Fact]
    public void A_gap_is_named()
    {
        using var log = ChangeLog.Open(_database);
        log.Append(1, [Added(0)], Stamp);
        log.Append(3, [Added(1)], Stamp);
        Assert.Contains("Change 2 is missing", Assert.Throws<InvalidDataException>(() => log.Read(after: 0).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_between_the_parts_that_are_read_at_a_time_is_named()
    {
        using var log = ChangeLog.Open(_database);
        log.Append(1, [.. Enumerable.Range(0, 1000).Select(Added)], Stamp);
        log.Append(1002, [Added(1002)], Stamp);
        Assert.Contains("Change 1001 is missing", Assert.Throws<InvalidDataException>(() => log.Read(after: 0).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_this_version_does_not_know_is_named()
    {
        using (var log = ChangeLog.Open(_database)) log.Append(1, [Added(0)], Stamp);
        Execute("INSERT INTO changes (sequence, body) VALUES (2, '{\"kind\":\"of-tomorrow/7\"}')");
        using var again = ChangeLog.Open(_database);
        Assert.Contains("Change 2 cannot be read; a newer version of the hub may have written it", Assert.Throws<InvalidDataException>(() => again.Read(after: 0).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_of_the_first_release_is_taken_over()
    {
        Execute("CREATE TABLE changes (sequence BIGINT PRIMARY KEY, body TEXT NOT NULL)"); // it had neither time nor actor
        Execute($"INSERT INTO changes (sequence, body) VALUES (1, '{{\"kind\":\"blob-added/1\",\"digest\":\"{Name(0)}\",\"size\":7,\"sha3\":\"{new string('b', 64)}\"}}')");
        using var log = ChangeLog.Open(_database);
        Assert.Equal((1L, null), (Assert.Single(log.Read(after: 0)).Sequence, log.Read(after: 0).Single().Stamp));
        Assert.Equal(new BlobRow(Name(0), 7, new('b', 64)), log.Blobs.Find(Name(0)));
        log.Append(2, [Added(1)], Stamp);
        Assert.Equal(Stamp, log.Read(after: 1).Single().Stamp);
    }

    [Fact]
    public void Blobs_are_what_the_changes_say_and_the_same_when_they_are_made_anew()
    {
        using var log = ChangeLog.Open(_database);
        var (model, sequence) = (new Dictionary<Digest, BlobRow>(), 0L);
        var seed = Gen.Int[0, 3].Select(Gen.Int[0, 15]).Array[1, 6];
        seed.Sample(steps =>
        {
            Change[] batch = [.. steps.Select(step => Step(step.Item1, step.Item2))];
            log.Append(sequence + 1, batch, Stamp);
            sequence += batch.Length;
            foreach (var change in batch) Apply(model, change);
            for (var n = 0; n <= 15; n++) Assert.Equal(model.GetValueOrDefault(Name(n)), log.Blobs.Find(Name(n)));
            Assert.True(model.Keys.ToHashSet().SetEquals(log.Blobs.All()));
        }, iter: 40, threads: 1);

        Execute("DELETE FROM blobs WHERE size > 3");
        Execute("UPDATE projections SET sequence = 0");
        log.Dispose();
        using var rebuilt = ChangeLog.Open(_database);
        for (var n = 0; n <= 15; n++) Assert.Equal(model.GetValueOrDefault(Name(n)), rebuilt.Blobs.Find(Name(n)));
    }

    [Fact]
    public void What_another_version_wrote_behind_the_projections_back_is_taken_in()
    {
        using (var log = ChangeLog.Open(_database)) log.Append(1, [Added(0)], Stamp);
        Execute($"INSERT INTO changes (sequence, body) VALUES (2, '{{\"kind\":\"blobs-removed/1\",\"digests\":[\"{Name(0)}\"]}}')");
        Execute($"INSERT INTO changes (sequence, body) VALUES (3, '{{\"kind\":\"blob-added/1\",\"digest\":\"{Name(1)}\",\"size\":7,\"sha3\":\"{new string('b', 64)}\"}}')");
        using var again = ChangeLog.Open(_database);
        Assert.Equal([Name(1)], again.Blobs.All());
    }

    internal static Change Added(int number) => new BlobAdded(Name(number), number, new string('a', 64));

    internal static Digest Name(int number) => Sample.Digest($"blob {number}");

    private static Change Step(int kind, int number) => kind switch
    {
        0 => new BlobSigned(Name(number), new("leaf", $"signature {number}", Stamp.At)),
        1 => new BlobsRemoved([Name(number), Name(number + 1)]),
        2 => new BlobsAdded([new(Name(number), number, new string('b', 64)), new(Name(15 - number), 15 - number, new string('c', 64))]),
        _ => Added(number),
    };

    private static void Apply(Dictionary<Digest, BlobRow> model, Change change)
    {
        if (change is BlobAdded added) model.TryAdd(added.Digest, new(added.Digest, added.Size, added.Sha3));
        if (change is BlobsAdded several)
            foreach (var blob in several.Blobs) model.TryAdd(blob.Digest, new(blob.Digest, blob.Size, blob.Sha3));
        if (change is BlobSigned signed && model.TryGetValue(signed.Digest, out var row)) model[signed.Digest] = row with { Signature = signed.Signature };
        if (change is BlobsRemoved removed)
            foreach (var digest in removed.Digests) model.Remove(digest);
    }

    private void Execute(string sql)
    {
        using var connection = _database.Connect();
        HubDatabase.Execute(connection, sql);
    }
}
