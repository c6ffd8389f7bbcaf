using System.Data.Common;
using System.Globalization;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Tests.Hub.Persistence;

namespace Strata.SystemTests.Hub;

[Collection(Servers.Shared)]
public sealed class PostgresChangeLogTests(Servers servers) : ChangeLogContract
{
    private static readonly LogStamp Stamp = new(DateTimeOffset.UnixEpoch, null);

    internal override async Task<HubDatabase> FreshAsync() => PostgresDatabase.Open(await servers.FreshDatabaseAsync());

    [Fact]
    public void A_second_hub_is_refused_until_the_first_has_let_go()
    {
        using (var first = ChangeLog.Open(Database))
            Assert.Contains("Another hub has the database", Assert.Throws<IOException>(() => ChangeLog.Open(Database)).Message, StringComparison.Ordinal);
        using var second = ChangeLog.Open(Database);
        second.Append(1, [Added(0)], Stamp);
    }

    [Fact]
    public async Task After_a_power_cut_of_the_server_each_batch_is_there_whole_or_not_at_all_and_the_hub_goes_on()
    {
        const int Batch = 40;
        using var log = ChangeLog.Open(Database);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (done, first) = (0L, 1L);
        var writing = Task.Run(
            () =>
            {
                try
                {
                    for (; !stop.IsCancellationRequested; first += Batch)
                    {
                        log.Append(first, [.. Enumerable.Range(0, Batch).Select(n => Added((int)first + n))], Stamp);
                        Volatile.Write(ref done, first + Batch - 1);
                    }
                }
                catch (IOException)
                {
                    // the server is gone
                }
            },
            stop.Token);
        while (Volatile.Read(ref done) < 10 * Batch) await Task.Delay(1, stop.Token);
        await servers.CutPostgresAsync();
        await writing.WaitAsync(stop.Token);

        var held = log.Read(after: 0).Select(c => c.Sequence).LastOrDefault();
        Assert.Equal(0, held % Batch);
        Assert.InRange(held, done, done + Batch); // what was told to be durable, and at most the batch of which nobody could tell
        Assert.Equal(held, log.Blobs.All().LongCount());
        Assert.Null(log.Blobs.Find(Name((int)held + 1)));
        log.Append(held + 1, [Added(1_000_000)], Stamp);
        Assert.NotNull(log.Blobs.Find(Name(1_000_000)));
    }

    [Fact]
    public async Task A_hub_that_lost_its_connection_writes_nothing_while_another_is_there_and_then_goes_on_behind_what_that_one_wrote()
    {
        using var log = ChangeLog.Open(Database);
        using var writer = new HubWriter(log, TimeProvider.System);
        writer.Load();
        await WriteAsync(writer, 0);
        await servers.CutPostgresAsync();
        using (var second = ChangeLog.Open(Database))
        {
            second.Append(2, [Added(1)], Stamp);
            await Assert.ThrowsAsync<IOException>(() => WriteAsync(writer, 2)); // over the connection that is gone
            Assert.Contains("Another hub has the database", (await Assert.ThrowsAsync<IOException>(() => WriteAsync(writer, 2))).Message, StringComparison.Ordinal);
        }
        await WriteAsync(writer, 2);
        Assert.Equal([Added(0), Added(1), Added(2)], log.Read(after: 0).Select(c => c.Change));
        Assert.Equal(3, writer.State.Sequence);
        Assert.NotNull(writer.Blobs.Find(Name(2)));
    }

    [Fact]
    public void A_statement_that_the_server_refuses_costs_no_connection()
    {
        using var log = ChangeLog.Open(Database);
        log.Append(1, [Added(0)], Stamp);
        var before = Session();
        Assert.Throws<IOException>(() => log.Append(1, [Added(1)], Stamp)); // 1 is taken
        Assert.Equal(before, Session());
    }

    [Fact]
    public async Task A_reader_that_stops_early_does_not_have_the_server_send_the_whole_log()
    {
        using var log = ChangeLog.Open(Database);
        using var other = Database.Connect();
        HubDatabase.Execute(other, $"INSERT INTO changes (sequence, body) SELECT n, '{{\"kind\":\"subject-removed/1\",\"id\":\"{Guid.Empty}\"}}' || repeat(' ', 100) FROM generate_series(1, 100000) n");
        using var reading = log.Read(after: 0).GetEnumerator();
        Assert.True(reading.MoveNext());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (Number(other, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state = 'active'") > 0)
            await Task.Delay(10, patience.Token); // it would be waiting for the reader to take the rest
    }

    [Fact]
    public async Task Whoever_meets_a_session_that_the_server_ended_is_the_last_to_meet_one()
    {
        const string others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        using var kept = Database.Connect();
        using (Database.Connect())
        using (Database.Connect()) Assert.Equal(2, Number(kept, $"SELECT COUNT(*) {others}"));
        Number(kept, $"SELECT COUNT(pg_terminate_backend(pid)) {others}");
        while (Number(kept, $"SELECT COUNT(*) {others}") > 0) await Task.Delay(10, TestContext.Current.CancellationToken);

        using (var ended = Database.Connect())
        {
            var problem = Assert.ThrowsAny<DbException>(() => Number(ended, "SELECT 1"));
            Assert.IsType<IOException>(Database.Explain(problem, "It was not reached"));
        }
        for (var i = 0; i < 3; i++) Session();
    }

    /// <summary>The session of a connection of the pool.</summary>
    private long Session()
    {
        using var connection = Database.Connect();
        return Number(connection, "SELECT pg_backend_pid()");
    }

    private static long Number(DbConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static Task<bool> WriteAsync(HubWriter writer, int number) =>
        writer.CommitAsync(_ => new Decision<bool>(true, Added(number)), TestContext.Current.CancellationToken);
}
