using System.Text;
using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;

namespace Strata.Tests.Artifacts.Describing;

/// <summary>The list of a layer's entries, from a real tar.</summary>
public sealed class FileIndexTests
{
    private static readonly (TarEntry Entry, string Content)[] Entries =
    [
        (Directory("usr"), ""),
        (Directory("usr/lib"), ""),
        (new() { Name = "usr/lib/.wh.old.so", Kind = TarEntryKind.File }, ""),
        (new() { Name = "usr/lib/cache/.wh..wh..opq", Kind = TarEntryKind.File }, ""),
        (File("usr/lib/six.py", 6) with { Mode = 0x9ED, Uid = 7, Gid = 8 }, "import"),
        (new() { Name = "usr/lib/again.py", Kind = TarEntryKind.HardLink, LinkTarget = "usr/lib/six.py", Mode = 0x1A4 }, ""),
        (new() { Name = "usr/lib/link.py", Kind = TarEntryKind.SymbolicLink, LinkTarget = "../six", Mode = 0x1FF }, ""),
        (new() { Name = "usr/lib/pipe", Kind = TarEntryKind.Fifo, Mode = 0x180 }, ""),
        (File("usr/lib-x", 1) with { Attributes = [ExtendedAttribute.Of("user.note", "hi"u8)] }, "x"),
        (File("usr/na\uDCEFme", 0), ""),
        (File("var/lib/dpkg/info/six.list", 19), "/.\n/usr/lib/six.py\n"),
        (File("var/lib/dpkg/status.d/six", 48), "Package: six\nVersion: 1.16.0\nArchitecture: all\n\n"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_entry_stands_on_a_line_of_its_own_in_the_order_of_paths()
    {
        var text = Encoding.UTF8.GetString(await WrittenAsync(Entries));
        Assert.Equal(
            """
            {"format":1,"entries":[
            {"path":"usr","kind":"directory","mode":"0755","uid":0,"gid":0},
            {"path":"usr/lib","kind":"directory","mode":"0755","uid":0,"gid":0},
            {"path":"usr/lib/again.py","kind":"hardLink","mode":"0644","uid":0,"gid":0,"linkTarget":"usr/lib/six.py"},
            {"path":"usr/lib/cache","kind":"emptied"},
            {"path":"usr/lib/link.py","kind":"symbolicLink","mode":"0777","uid":0,"gid":0,"linkTarget":"../six"},
            {"path":"usr/lib/old.so","kind":"deleted"},
            {"path":"usr/lib/pipe","kind":"fifo","mode":"0600","uid":0,"gid":0},
            {"path":"usr/lib/six.py","kind":"file","mode":"4755","uid":7,"gid":8,"size":6,"sha256":"d942f64886578d8747312e368ed92d9f6b2a8d45556f0f924e2444fe911d15af","package":"six"},
            {"path":"usr/lib-x","kind":"file","mode":"0644","uid":0,"gid":0,"size":1,"sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","attributes":{"user.note":"6869"}},
            """, string.Join('\n', text.Split('\n').Take(10)));
    }

    [Fact]
    public async Task The_same_entries_in_another_order_and_at_another_time_give_the_same_bytes()
    {
        var order = new[] { 0, 1, 8, 9, 4, 5, 7, 6, 3, 2, 11, 10 };
        var other = order.Select(i => (Entries[i].Entry with { ModifiedAt = 1_700_000_000 + i }, Entries[i].Content)).ToArray();
        Assert.Equal(await WrittenAsync(Entries), await WrittenAsync(other));
    }

    [Fact]
    public async Task A_reader_may_begin_where_another_ended()
    {
        var index = await WrittenAsync(Entries);
        var whole = await ReadAsync(index, 0);
        Assert.Equal(Entries.Length, whole.Count);
        Assert.Equal("hi"u8.ToArray(), Convert.FromHexString(whole.Single(e => e.Path == "usr/lib-x").Attributes!["user.note"]));
        Assert.Equal(@"usr/na\xEFme", whole[9].Path);
        Assert.Equal(whole[5..].Select(e => e.Path), (await ReadAsync(index, 5)).Select(e => e.Path));
        Assert.Empty(await ReadAsync(index, Entries.Length));
    }

    [Theory]
    [InlineData("", "does not begin")]
    [InlineData("{\"format\":1,\"binaries\":[\n]}\n", "does not begin")]
    [InlineData("{\"format\":1,\"entries\":[\n", "breaks off")]
    [InlineData("{\"format\":1,\"entries\":[\n]}\n{}\n", "follows the end")]
    [InlineData("{\"format\":1,\"entries\":[\n{\"path\":\"a\",\"kind\":\"stone\"}\n]}\n", "kind")]
    [InlineData("{\"format\":1,\"entries\":[\nnull\n]}\n", "null")]
    public async Task What_is_no_index_is_refused(string text, string why)
    {
        var refusal = await Assert.ThrowsAsync<JsonException>(() => ReadAsync(Encoding.UTF8.GetBytes(text), 0));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    private static TarEntry Directory(string name) => new() { Name = name, Kind = TarEntryKind.Directory, Mode = 0x1ED };

    private static TarEntry File(string name, long size) => new() { Name = name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = size };

    private static async Task<byte[]> WrittenAsync((TarEntry Entry, string Content)[] entries)
    {
        using var tar = new MemoryStream();
        await using var writer = new TarLayerWriter(tar);
        foreach (var (entry, content) in entries) await writer.WriteAsync(entry, new MemoryStream(Encoding.UTF8.GetBytes(content)), Cancellation);
        await writer.FinishAsync(Cancellation);
        tar.Position = 0;
        var inspected = (await LayerInspector.InspectFileAsync(tar, LayerDocuments.Inspection(null), Cancellation)).Content;
        using var index = new MemoryStream();
        FileIndex.Write(index, inspected.Listing);
        return index.ToArray();
    }

    private static async Task<List<IndexedEntry>> ReadAsync(byte[] index, long skip)
    {
        var found = new List<IndexedEntry>();
        await foreach (var entry in FileIndex.ReadEachAsync(new MemoryStream(index), skip, Cancellation)) found.Add(entry);
        return found;
    }
}
