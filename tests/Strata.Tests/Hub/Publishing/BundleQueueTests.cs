using Strata.Hub.Publishing;

namespace Strata.Tests.Hub.Publishing;

public sealed class BundleQueueTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly BundleQueue _queue;

    public BundleQueueTests() => _queue = new(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Bundles_of_one_owner_are_judged_one_at_a_time_in_the_order_they_came()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        foreach (var id in ids) _queue.Put(id, "oem", 1);
        foreach (var id in ids)
        {
            Assert.Equal((id, "oem"), await _queue.NextAsync(Cancellation));
            Assert.True(_queue.IsInHand(id, "oem"));
            Assert.True(await IsNobodysTurnAsync());
            _queue.Done("oem");
            Assert.False(_queue.IsInHand(id, "oem"));
        }
        Assert.True(await IsNobodysTurnAsync());
    }

    [Fact]
    public async Task A_slow_bundle_of_one_owner_does_not_hold_up_that_of_another()
    {
        var (slow, behind, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        _queue.Put(slow, "a", 1);
        _queue.Put(behind, "a", 1);
        _queue.Put(other, "b", 1);
        Assert.Equal(slow, (await _queue.NextAsync(Cancellation)).Bundle);
        Assert.Equal(other, (await _queue.NextAsync(Cancellation)).Bundle);
        var third = _queue.NextAsync(Cancellation);
        Assert.False(third.IsCompleted);
        _queue.Done("a");
        Assert.Equal(behind, (await third).Bundle);
    }

    [Fact]
    public async Task What_could_not_be_judged_comes_again_after_ever_longer_times_and_holds_up_its_own_owner_only()
    {
        var (ailing, behind, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        _queue.Put(ailing, "a", 1);
        _queue.Put(behind, "a", 1);
        var delays = new List<double>();
        for (var tries = 0; tries < 8; tries++)
        {
            Assert.Equal(ailing, (await _queue.NextAsync(Cancellation)).Bundle);
            var delay = _queue.Again("a");
            Assert.False(_queue.IsInHand(ailing, "a"));
            delays.Add(delay.TotalSeconds);
            if (tries == 0)
            {
                _queue.Put(other, "b", 1);
                Assert.Equal(other, (await _queue.NextAsync(Cancellation)).Bundle);
                _queue.Done("b");
            }
            _clock.Advance(delay - TimeSpan.FromTicks(1));
            Assert.True(await IsNobodysTurnAsync());
            _clock.Advance(TimeSpan.FromTicks(1));
        }
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], delays);
        await _queue.NextAsync(Cancellation);
        _queue.Done("a");
        Assert.Equal(behind, (await _queue.NextAsync(Cancellation)).Bundle);
        Assert.Equal(1, _queue.Again("a").TotalSeconds);
    }

    [Fact]
    public async Task Of_large_bundles_there_is_one_in_hand_and_smaller_ones_pass_it()
    {
        var (large, second, small) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        _queue.Put(large, "a", BundleQueue.LargeBytes);
        _queue.Put(second, "b", BundleQueue.LargeBytes);
        _queue.Put(small, "c", BundleQueue.LargeBytes - 1);
        Assert.Equal(large, (await _queue.NextAsync(Cancellation)).Bundle);
        Assert.Equal(small, (await _queue.NextAsync(Cancellation)).Bundle);
        var waiting = _queue.NextAsync(Cancellation);
        Assert.False(waiting.IsCompleted);
        _queue.Done("a");
        Assert.Equal(second, (await waiting).Bundle);
    }

    [Fact]
    public async Task Owners_take_turns_however_many_bundles_one_has()
    {
        foreach (var _ in Enumerable.Range(0, 10)) _queue.Put(Guid.NewGuid(), "busy", 1);
        _queue.Put(Guid.NewGuid(), "quiet", 1);
        var owners = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var (_, owner) = await _queue.NextAsync(Cancellation);
            owners.Add(owner);
            _queue.Done(owner);
        }
        Assert.Equal(["busy", "quiet", "busy"], owners);
    }

    private async Task<bool> IsNobodysTurnAsync()
    {
        try
        {
            await _queue.NextAsync(new(canceled: true));
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
