using Strata.Hub.Garbage;
using Strata.Store;

namespace Strata.Tests.Hub.Garbage;

/// <summary>Uploads, publications, replacements and collection at once, on the real classes.</summary>
public sealed class GarbageRaceTests
{
    private const int Uploaders = 4, UploadsEach = 40, MostUploadsEach = 4000, Contents = 10, Names = 5;
    private static readonly TimeSpan Step = GarbageGround.Grace / 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_that_is_named_is_ever_lost_and_all_else_goes_in_the_end(int seed)
    {
        using var ground = new GarbageGround();
        var removed = 0;
        // An upload may see the clock go on by one step while it runs, so none is longer than the grace.
        var steps = new Steps(() => ground.Clock.Advance(Step));
        var uploads = Enumerable.Range(0, Uploaders).Select(number => Task.Run(() => UploadAsync(ground, steps, () => Volatile.Read(ref removed) > 0, new Random(seed * 100 + number)), Cancellation)).ToList();
        var all = Task.WhenAll(uploads);
        while (!all.IsCompleted)
        {
            var gone = (await ground.Collector.CollectAsync(isDryRun: false, Cancellation)).Count(b => b.Fate == BlobFate.Removed);
            Volatile.Write(ref removed, removed + gone);
            await AssertNothingIsLostAsync(ground);
            steps.TryAdvance();
        }
        await all;
        Assert.True(removed > 0, "The schedule never removed anything while uploads ran, so it shows nothing.");

        await ground.CollectOverGraceAsync();
        await AssertNothingIsLostAsync(ground);
        var names = await ground.NamesAsync(ground.Writer.State);
        Assert.True((await ground.HeldAsync()).SetEquals(names.Digests));
        Assert.True(ground.Writer.Blobs.All().ToHashSet().SetEquals(names.Digests));
        Assert.True(ground.BlobsOfTheLog().SetEquals(names.Digests));
    }

    /// <param name="isShown">Whether something was removed meanwhile: on a busy machine the collector comes late, and the uploads go on until it came.</param>
    private static async Task UploadAsync(GarbageGround ground, Steps steps, Func<bool> isShown, Random random)
    {
        for (var i = 0; i < UploadsEach || (!isShown() && i < MostUploadsEach); i++)
        {
            var upload = steps.Begin();
            var blobs = new List<IngestedBlob>();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                blobs.Add(await ground.PutAsync($"content {random.Next(Contents)}"));
                await Task.Delay(random.Next(3), Cancellation);
            }
            if (random.Next(3) > 0) await ground.PublishAsync($"board-{random.Next(Names)}", blobs); // else it was refused
            steps.End(upload);
        }
    }

    private static async Task AssertNothingIsLostAsync(GarbageGround ground)
    {
        var state = ground.Writer.State;
        foreach (var digest in (await ground.NamesAsync(state)).Digests)
        {
            // Replaced meanwhile is no loss; then the newest state no longer names it.
            if (await ground.HoldsAsync(digest) && ground.Writer.Blobs.Find(digest) is not null) continue;
            Assert.Null((await ground.NamesAsync(ground.Writer.State)).ReasonFor(digest));
        }
    }

    /// <summary>Lets the clock go on, unless an upload that runs has seen it go on already.</summary>
    private sealed class Steps(Action advance)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<object, int> _running = [];
        private int _step;

        public object Begin()
        {
            lock (_gate)
            {
                var upload = new object();
                _running.Add(upload, _step);
                return upload;
            }
        }

        public void End(object upload)
        {
            lock (_gate) _running.Remove(upload);
        }

        public void TryAdvance()
        {
            lock (_gate)
            {
                if (_running.Values.Any(begun => begun < _step)) return;
                _step++;
                advance();
            }
        }
    }
}
