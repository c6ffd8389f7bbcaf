using Strata.Artifacts.Json;
using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;

namespace Strata.Tests.Hub.Garbage;

public sealed class GarbageTests : IDisposable
{
    private readonly GarbageGround _ground = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nothing_names_goes_after_the_grace_and_what_is_named_stays()
    {
        var (kept, left) = (await _ground.PutAsync("kept"), await _ground.PutAsync("left"));
        await _ground.PublishAsync("board", [kept]);

        var first = await _ground.Collector.CollectAsync(isDryRun: false, Cancellation);
        Assert.Equal(BlobFate.Kept, first.Single(b => b.Digest == kept.Digest).Fate);
        Assert.Contains("target board of oem.localhost", first.Single(b => b.Digest == kept.Digest).Reason, StringComparison.Ordinal);
        Assert.Equal(BlobFate.Waiting, first.Single(b => b.Digest == left.Digest).Fate);
        Assert.Contains("after 06:00:00 it goes", first.Single(b => b.Digest == left.Digest).Reason, StringComparison.Ordinal);

        _ground.Clock.Advance(GarbageGround.Grace);
        Assert.Equal(BlobFate.Removed, (await _ground.Collector.CollectAsync(isDryRun: false, Cancellation)).Single(b => b.Digest == left.Digest).Fate);
        Assert.Equal([kept.Digest], await _ground.HeldAsync());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_go_and_removes_nothing()
    {
        var left = await _ground.PutAsync("left");
        await _ground.Collector.CollectAsync(isDryRun: true, Cancellation);
        _ground.Clock.Advance(GarbageGround.Grace);
        var judged = Assert.Single(await _ground.Collector.CollectAsync(isDryRun: true, Cancellation));
        Assert.Equal((BlobFate.Removed, "nothing has named it for 06:00:00"), (judged.Fate, judged.Reason));
        Assert.True(await _ground.HoldsAsync(left.Digest));
    }

    [Fact]
    public async Task What_is_stored_again_while_it_is_doomed_is_saved()
    {
        var left = await _ground.PutAsync("left");
        await _ground.Collector.CollectAsync(isDryRun: false, Cancellation);
        _ground.Clock.Advance(GarbageGround.Grace);
        await _ground.PutAsync("left");
        await _ground.Collector.CollectAsync(isDryRun: false, Cancellation);
        Assert.True(await _ground.HoldsAsync(left.Digest));
    }

    [Fact]
    public async Task What_is_stored_while_its_deletion_is_under_way_is_there_afterwards()
    {
        var left = await _ground.PutAsync("left");
        _ground.Doomed.Note(new HashSet<Digest> { left.Digest });
        _ground.Clock.Advance(GarbageGround.Grace);
        var taken = _ground.Doomed.Take(GarbageGround.Grace, 10);
        var put = _ground.PutAsync("left");
        await _ground.Blobs.DeleteAsync(left.Digest, Cancellation);
        Assert.False(put.IsCompleted);
        _ground.Doomed.Release(taken);
        await put;
        Assert.True(await _ground.HoldsAsync(left.Digest));
    }

    [Fact]
    public async Task A_jump_of_the_wall_clock_removes_nothing()
    {
        await _ground.PutAsync("left");
        await _ground.Collector.CollectAsync(isDryRun: false, Cancellation);
        _ground.Clock.Wall += TimeSpan.FromDays(1000);
        Assert.Equal(BlobFate.Waiting, Assert.Single(await _ground.Collector.CollectAsync(isDryRun: false, Cancellation)).Fate);
    }

    [Fact]
    public async Task A_blob_that_is_given_up_leaves_the_log_too_and_comes_back_when_it_is_published_again()
    {
        var (one, two) = (await _ground.PutAsync("one"), await _ground.PutAsync("two"));
        await _ground.PublishAsync("board", [one, two]);
        await _ground.PublishAsync("board", [one]);
        await _ground.CollectOverGraceAsync();
        Assert.Equal([one.Digest], _ground.Writer.Blobs.All());
        Assert.Equal([one.Digest], _ground.BlobsOfTheLog());

        await _ground.PublishAsync("board", [one, await _ground.PutAsync("two")]);
        await _ground.CollectOverGraceAsync();
        Assert.True(await _ground.HoldsAsync(two.Digest));
        Assert.Contains(two.Digest, _ground.BlobsOfTheLog());
    }

    [Fact]
    public async Task When_the_deletion_fails_behind_the_log_the_next_collection_finishes_it()
    {
        var (one, two) = (await _ground.PutAsync("one"), await _ground.PutAsync("two"));
        await _ground.PublishAsync("board", [one, two]);
        await _ground.PublishAsync("board", [one]);
        var failing = new Hooked(_ground.Blobs) { Deleting = () => throw new IOException("The store is gone.") };
        using var collector = new GarbageCollector(_ground.Writer, failing, _ground.Doomed, GarbageGround.Grace);
        await collector.CollectAsync(isDryRun: false, Cancellation);
        _ground.Clock.Advance(GarbageGround.Grace);
        await Assert.ThrowsAsync<IOException>(() => collector.CollectAsync(isDryRun: false, Cancellation));
        Assert.DoesNotContain(two.Digest, _ground.BlobsOfTheLog());
        Assert.True(await _ground.HoldsAsync(two.Digest));

        await _ground.CollectOverGraceAsync();
        Assert.False(await _ground.HoldsAsync(two.Digest));
    }

    [Fact]
    public async Task The_documents_that_a_description_names_are_kept_and_without_the_description_nothing_is_collected()
    {
        var (archive, document, description) = await PublishLayerAsync();
        var left = await _ground.PutAsync("left");
        var judged = await _ground.CollectOverGraceAsync();
        Assert.Equal("a document of lib 1.0.0 of oem.localhost", judged.Single(b => b.Digest == document.Digest).Reason);
        Assert.True((await _ground.HeldAsync()).SetEquals([archive.Digest, document.Digest, description.Digest]));
        Assert.Equal(BlobFate.Removed, judged.Single(b => b.Digest == left.Digest).Fate);

        await _ground.Blobs.DeleteAsync(description.Digest, Cancellation);
        var again = await _ground.PutAsync("left");
        using var restarted = new GarbageCollector(_ground.Writer, _ground.Blobs, _ground.Doomed, TimeSpan.Zero);
        var refusal = await Assert.ThrowsAsync<IOException>(() => restarted.CollectAsync(isDryRun: false, Cancellation));
        Assert.Contains("nothing is collected", refusal.Message, StringComparison.Ordinal);
        Assert.True(await _ground.HoldsAsync(again.Digest));
    }

    [Fact]
    public async Task What_is_named_while_the_marks_are_made_is_not_swept_by_them()
    {
        await PublishLayerAsync();
        var left = await _ground.PutAsync("left");
        await _ground.Collector.CollectAsync(isDryRun: false, Cancellation);
        _ground.Clock.Advance(GarbageGround.Grace);
        var late = new Hooked(_ground.Blobs) { Opening = () => _ground.PublishAsync("board", [left]) };
        using var collector = new GarbageCollector(_ground.Writer, late, _ground.Doomed, GarbageGround.Grace);
        await collector.CollectAsync(isDryRun: false, Cancellation);
        Assert.True(await _ground.HoldsAsync(left.Digest));
        Assert.NotNull(_ground.Writer.Blobs.Find(left.Digest));
    }

    public void Dispose() => _ground.Dispose();

    /// <summary>A layer version with one side document.</summary>
    private async Task<(IngestedBlob Archive, IngestedBlob Document, IngestedBlob Description)> PublishLayerAsync()
    {
        var (archive, document) = (await _ground.PutAsync("archive"), await _ground.PutAsync("document"));
        var version = SemanticVersion.Parse("1.0.0");
        Assert.True(LayerDescriptionJson.TryWrite(
            new LayerDescription
            {
                Name = "lib",
                Codename = "lib",
                Version = version,
                Platform = Sample.Amd64,
                Archive = new(MediaTypes.LayerGzip, archive.Digest, Sample.Content("lib"), archive.Size, 20),
                Documents = [new("elf.json", document.Digest, document.Size)],
            },
            out var json));
        var description = await _ground.PutAsync(json);
        await _ground.Writer.CommitAsync(
            _ => new Decision<bool>(true, new LayerPublished(
                Sample.Layer, Sample.Oem, "lib", version, null, [], [new(Sample.Amd64, archive.Digest, Sample.Content("lib"), archive.Size, 20)], [description.Digest])),
            Cancellation);
        return (archive, document, description);
    }

    private sealed class Hooked(IBlobs blobs) : IBlobs
    {
        public Func<Task>? Opening { get; init; }

        public Func<Task>? Deleting { get; init; }

        public Task<IngestedBlob> IngestAsync(Stream content, long maxBytes, CancellationToken cancellation) => blobs.IngestAsync(content, maxBytes, cancellation);

        public async Task<Stream?> OpenAsync(Digest digest, CancellationToken cancellation)
        {
            if (Opening is not null) await Opening();
            return await blobs.OpenAsync(digest, cancellation);
        }

        public Task<long?> SizeAsync(Digest digest, CancellationToken cancellation) => blobs.SizeAsync(digest, cancellation);

        public async Task DeleteAsync(Digest digest, CancellationToken cancellation)
        {
            if (Deleting is not null) await Deleting();
            await blobs.DeleteAsync(digest, cancellation);
        }

        public IAsyncEnumerable<HeldBlob> ListAsync(CancellationToken cancellation) => blobs.ListAsync(cancellation);
    }
}
