using Microsoft.Extensions.Logging.Abstractions;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>The index as it follows a real log and reads a real store.</summary>
public sealed class CatalogueIndexerTests : IDisposable
{
    private readonly HubGround _hub = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_in_what_was_published_while_it_was_away()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        await FollowAsync();
        await PublishAsync("1.1.0", "zlib", "usr/lib/libz.so.1.3.1");
        await FollowAsync();

        Assert.Equal(["library zlib in 1.0.0 to 1.1.0", "file usr/lib/libz.so.1.3.1 in 1.1.0", "file usr/lib/libz.so.1.3 in 1.0.0"], Found("lib"));
    }

    [Fact]
    public async Task An_index_that_was_thrown_away_is_made_anew()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        await FollowAsync();
        foreach (var file in Directory.GetFiles(_hub.Folder.Path, "index.db*")) File.Delete(file);

        await FollowAsync();

        Assert.Equal(2, Found("lib").Count());
    }

    [Fact]
    public async Task An_index_in_which_a_search_meets_damage_is_made_anew_while_it_is_open()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        await FollowAsync();
        using var index = Open();
        using var indexer = Indexer(index);
        var calls = 0;
        index.Damaged += () => calls++;
        Damage();

        Assert.Contains("index.db cannot be read", Assert.Throws<IOException>(() => Found(index, "lib")).Message, StringComparison.Ordinal);
        Assert.Equal((true, 1), (index.IsDamaged, calls));
        await indexer.FollowAsync(Cancellation);

        Assert.Equal((false, 2), (index.IsDamaged, Found(index, "lib").Count()));
    }

    [Fact]
    public async Task An_index_in_which_a_publication_meets_damage_is_made_anew_while_it_is_open()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        await FollowAsync();
        using var index = Open();
        using var indexer = Indexer(index);
        Damage();
        await PublishAsync("1.1.0", "zlib", "usr/lib/libz.so.1.3");

        await Assert.ThrowsAsync<IOException>(() => indexer.FollowAsync(Cancellation));
        await indexer.FollowAsync(Cancellation);

        Assert.Equal(["library zlib in 1.0.0 to 1.1.0"], Found(index, "zlib"));
    }

    [Fact]
    public async Task Damage_that_a_reader_of_an_earlier_index_meets_late_leaves_the_new_one_alone()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        using var index = Open();
        var (generation, reader) = index.Take();
        using (reader) index.Discard();

        Assert.IsType<IOException>(index.Explain(new InvalidDataException("It is damaged."), generation, "It could not be read"));

        Assert.False(index.IsDamaged);
    }

    [Fact]
    public async Task An_index_of_another_log_is_made_anew()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        using (var index = Open()) index.Apply([new(new(Sample.Oem, "lib"), "1.0.0", "linux/amd64", [IndexedThing.OfFile("usr/foreign", null)])], 1, "another");

        await FollowAsync();

        Assert.Empty(Found("foreign"));
        Assert.NotEmpty(Found("zlib"));
    }

    [Fact]
    public async Task An_index_that_ends_with_a_change_about_blobs_is_gone_on_with()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        await _hub.CommitAsync(new BlobAdded(Sample.Digest("blob"), 10, new('a', 64)));
        await FollowAsync();
        using (var index = Open()) index.Apply([new(new(Sample.Oem, "lib"), "1.0.0", "linux/amd64", [IndexedThing.OfFile("usr/kept", null)])], index.MarkedSequence, index.Mark);

        await FollowAsync();

        Assert.NotEmpty(Found("kept"));
    }

    [Fact]
    public async Task An_index_ahead_of_a_log_that_a_backup_brought_back_is_made_anew()
    {
        await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3");
        using (var index = Open()) index.Apply([], 1000, "later");

        await FollowAsync();

        Assert.NotEmpty(Found("zlib"));
    }

    [Fact]
    public async Task A_description_that_the_store_lost_keeps_nothing_else_from_being_found()
    {
        await _hub.Blobs.DeleteAsync(await PublishAsync("1.0.0", "zlib", "usr/lib/libz.so.1.3"), Cancellation);
        await PublishAsync("1.1.0", "zlib", "usr/lib/libz.so.1.3");

        await FollowAsync();

        Assert.Equal(["library zlib in 1.1.0"], Found("zlib"));
    }

    [Fact]
    public async Task What_concerns_no_layer_writes_nothing_and_is_passed_over()
    {
        using var index = Open();
        var indexer = Indexer(index);
        await _hub.CommitAsync(new SubjectAdded(Guid.NewGuid(), Sample.Oem, "all", IsGroup: true, 1));

        await indexer.FollowAsync(Cancellation);

        Assert.Equal((1, 0), (index.Sequence, index.MarkedSequence));
    }

    public void Dispose() => _hub.Dispose();

    private CatalogueIndex Open() => CatalogueIndex.Open(SqliteIndexTables.Open(_hub.Folder["index.db"]));

    private CatalogueIndexer Indexer(CatalogueIndex index) => new(_hub.Writer, index, new(_hub.Blobs), NullLogger<CatalogueIndexer>.Instance);

    private async Task FollowAsync()
    {
        using var index = Open();
        using var indexer = Indexer(index);
        await indexer.FollowAsync(Cancellation);
        Assert.Equal(_hub.Writer.State.Sequence, index.Sequence);
    }

    /// <summary>Overwrites the file's header, in the same file.</summary>
    private void Damage()
    {
        using var file = File.OpenWrite(_hub.Folder["index.db"]);
        file.Write("This is no database any longer."u8);
    }

    private IEnumerable<string> Found(string text)
    {
        using var index = Open();
        return Found(index, text);
    }

    private IEnumerable<string> Found(CatalogueIndex index, string text)
    {
        var page = index.Search(_hub.Writer.State, CatalogueIndexContract.Caller(ClientRole.Oem, Sample.Oem), new(text) { Platform = "linux/amd64" });
        return [.. page.Hits.Where(h => h.Kind != HitKind.Layer).Select(h => $"{h.Kind.ToString().ToLowerInvariant()} {h.Name} in {h.Spans[0]}")];
    }

    private async Task<Digest> PublishAsync(string version, string library, string path)
    {
        var published = Sample.LayerVersion(version);
        var description = new LayerDescription
        {
            Name = "recipe-lib", Codename = "lib", Version = SemanticVersion.Parse(version), Platform = Sample.Amd64,
            Libraries = [new(library, "1.3", "deb")], Binaries = [new(path, "amd64")],
            Archive = new(published.Images[0].MediaType, published.Images[0].Digest, published.Images[0].DiffId, 10, 20),
        };
        var document = LayerDescriptionJson.Write(description);
        using var content = new MemoryStream(document);
        var blob = await _hub.Blobs.IngestAsync(content, document.Length, Cancellation);
        await _hub.CommitAsync(published with { Descriptions = [blob.Digest] });
        return blob.Digest;
    }
}
