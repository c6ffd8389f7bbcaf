namespace Strata.Tests.Hub.Garbage;

/// <summary>A clock that goes on only when it is told to; its wall clock may be set apart from it.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _ticks;

    public DateTimeOffset Wall { get; set; } = Sample.At;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => Wall;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
