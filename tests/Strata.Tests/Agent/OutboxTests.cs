using Strata.Agent.Connecting;
using Strata.Artifacts.Protocol;

namespace Strata.Tests.Agent;

public sealed class OutboxTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public void A_message_is_sent_again_after_ten_seconds_three_times_and_then_given_up()
    {
        var outbox = new Outbox("unit-1", _clock);
        outbox.Add(new UnitStatus(IsDeltaInfo: true));

        for (var sent = 0; sent < 4; sent++)
        {
            Assert.Single(outbox.TakeDue());
            Assert.Empty(outbox.TakeDue());
            _clock.Now += TimeSpan.FromSeconds(10);
        }
        Assert.Empty(outbox.TakeDue());
        Assert.Null(outbox.UntilDue());
    }

    [Fact]
    public void An_acknowledged_message_is_not_sent_again()
    {
        var outbox = new Outbox("unit-1", _clock);
        outbox.Add(new UnitStatus(IsDeltaInfo: true));
        var txn = Assert.Single(Read(outbox)).Header.Txn;

        outbox.Acknowledged(txn);
        _clock.Now += TimeSpan.FromSeconds(10);

        Assert.Empty(outbox.TakeDue());
    }

    [Fact]
    public void A_nack_brings_the_message_back_after_the_time_it_names()
    {
        var outbox = new Outbox("unit-1", _clock);
        outbox.Add(new UnitStatus(IsDeltaInfo: true));
        outbox.Refused(Read(outbox)[0].Header.Txn, TimeSpan.FromMilliseconds(500));

        Assert.Empty(outbox.TakeDue());
        _clock.Now += TimeSpan.FromMilliseconds(500);
        Assert.Single(outbox.TakeDue());
    }

    [Fact]
    public void Acks_go_before_messages_and_carry_the_txn_they_answer()
    {
        var outbox = new Outbox("unit-1", _clock);
        outbox.Add(new UnitStatus(IsDeltaInfo: true));
        outbox.Acknowledge("txn-of-the-hub");

        var sent = Read(outbox);

        Assert.Equal((typeof(Ack), "txn-of-the-hub", "unit-1"), (sent[0].Data.GetType(), sent[0].Header.Txn, sent[0].Header.SystemId));
        Assert.IsType<UnitStatus>(sent[1].Data);
    }

    [Fact]
    public void Waits_double_from_a_second_to_ten_minutes_and_keep_at_least_half()
    {
        var backoff = new Backoff(new Random(1));
        var expected = TimeSpan.FromSeconds(1);
        for (var i = 0; i < 20; i++)
        {
            Assert.InRange(backoff.Next(), expected / 2, expected);
            expected = expected * 2 < Backoff.Longest ? expected * 2 : Backoff.Longest;
        }
        backoff.Reset(TimeSpan.FromSeconds(30));
        Assert.InRange(backoff.Next(), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
    }

    private static List<Envelope> Read(Outbox outbox) => [.. outbox.TakeDue().Select(frame => EnvelopeCodec.Read(frame))];

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
