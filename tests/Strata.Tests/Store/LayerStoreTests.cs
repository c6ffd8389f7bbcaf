using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store;
using Strata.Store.Files;
using Xunit;

namespace Strata.Tests.Store;

public sealed class LayerStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly LayerStore _store;

    public LayerStoreTests() => _store = new(_folder["s"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_attribute_arrives_on_disk()
    {
        var capability = Convert.FromHexString("0100000200040000000000000000000000000000");
        var layer = await TestLayer.OfAsync(
            Entry("", TarEntryKind.Directory) with { ModifiedAt = 11 },
            Entry("d", TarEntryKind.Directory) with { Mode = 0x3FF, Uid = 7, Gid = 8, ModifiedAt = 1000 },
            Entry("d/f", TarEntryKind.File) with { Mode = 0x9ED, Uid = 70_000, Gid = 3, ModifiedAt = 1234, Size = 5, Attributes = [ExtendedAttribute.Of("security.capability", capability), ExtendedAttribute.Of("user.note", "hi"u8)] },
            Entry("d/g", TarEntryKind.HardLink) with { LinkTarget = "d/f" },
            Entry("d/l", TarEntryKind.SymbolicLink) with { LinkTarget = "/nowhere", Uid = 5, ModifiedAt = 99 },
            Entry("d/p", TarEntryKind.Fifo) with { Mode = 0x1A4 },
            Entry(ByteText.FromBytes([(byte)'n', 0xFF, (byte)'\n']), TarEntryKind.File) with { Size = 1 },
            Entry("far/below/x", TarEntryKind.File));

        var held = await layer.UnpackAsync(_store);

        using var root = DirectoryHandle.Open(held.Directory);
        using var d = root.OpenDirectory("d");
        Assert.Equal((0x3FF, 7u, 8u, 1000L), Facts(root, "d"));
        Assert.Equal((0x9ED, 70_000u, 3u, 1234L), Facts(d, "f"));
        Assert.Equal(["security.capability", "user.note"], d.Attributes("f").Select(a => a.Name));
        Assert.Equal(d.Stat("f")!.Value.Inode, d.Stat("g")!.Value.Inode);
        Assert.Equal(("/nowhere", 5u, 99L), (d.ReadLink("l"), d.Stat("l")!.Value.Uid, d.Stat("l")!.Value.ModifiedAt));
        Assert.Equal(FileKind.Fifo, d.Stat("p")!.Value.Kind);
        Assert.Equal(1, root.Stat(ByteText.FromBytes([(byte)'n', 0xFF, (byte)'\n']))!.Value.Size);
        Assert.Equal((0x1ED, 0u, 0u, 0L), Facts(root, "far"));
        Assert.Equal(11, root.Stat("")!.Value.ModifiedAt);
    }

    [Fact]
    public async Task Whiteouts_take_overlay_form()
    {
        var layer = await TestLayer.OfAsync(
            Whiteout.Deleting("gone"), Entry("d", TarEntryKind.Directory), Whiteout.Emptying("d"), Whiteout.Deleting("e"), Entry("e", TarEntryKind.Directory), Whiteout.Deleting("f/x"));

        using var root = DirectoryHandle.Open((await layer.UnpackAsync(_store)).Directory);
        using var f = root.OpenDirectory("f");

        Assert.True(root.Stat("gone")!.Value.IsOverlayWhiteout);
        Assert.True(f.Stat("x")!.Value.IsOverlayWhiteout);
        Assert.Equal([ExtendedAttribute.Of("trusted.overlay.opaque", "y"u8)], root.Attributes("d"));
        Assert.Equal([ExtendedAttribute.Of("trusted.overlay.opaque", "y"u8)], root.Attributes("e"));
    }

    [Fact]
    public async Task A_layer_is_unpacked_once_and_removed_once()
    {
        var layer = await TestLayer.OfAsync(Entry("a", TarEntryKind.File));
        var other = await TestLayer.OfAsync(Entry("b", TarEntryKind.File));

        var first = await layer.UnpackAsync(_store);
        var again = await layer.UnpackAsync(_store);
        var second = await other.UnpackAsync(_store);

        Assert.Equal(first, again);
        Assert.Equal(new[] { first, second }.OrderBy(l => l.DiffId.Hex, StringComparer.Ordinal), _store.List());
        Assert.True(_store.Remove(first.DiffId));
        Assert.False(_store.Remove(first.DiffId));
        Assert.False(Directory.Exists(first.Directory));
        Assert.Equal([second], _store.List());
    }

    public static TheoryData<string, ArchiveFault> Hostile => new()
    {
        { "through a link", ArchiveFault.Misplaced },
        { "through a file", ArchiveFault.Misplaced },
        { "hard link through a link", ArchiveFault.Misplaced },
        { "hard link to nothing", ArchiveFault.Misplaced },
        { "twice", ArchiveFault.Duplicate },
        { "directory twice", ArchiveFault.Duplicate },
        { "overlay redirect", ArchiveFault.Unsupported },
        { "malformed whiteout", ArchiveFault.Misplaced },
        { "root as a link", ArchiveFault.Misplaced },
        { "device", ArchiveFault.Device },
        { "long part", ArchiveFault.TooLarge },
        { "deep", ArchiveFault.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_layer_is_refused_and_leaves_nothing(string kind, ArchiveFault fault)
    {
        Directory.CreateDirectory(_folder["outside"]);
        var toOutside = Entry("l", TarEntryKind.SymbolicLink) with { LinkTarget = _folder["outside"] };
        TarEntry[] entries = kind switch
        {
            "through a link" => [toOutside, Entry("l/x", TarEntryKind.File)],
            "through a file" => [Entry("l", TarEntryKind.File), Entry("l/x", TarEntryKind.File)],
            "hard link through a link" => [toOutside, Entry("h", TarEntryKind.HardLink) with { LinkTarget = "l/x" }],
            "hard link to nothing" => [Entry("h", TarEntryKind.HardLink) with { LinkTarget = "none" }],
            "twice" => [Entry("a", TarEntryKind.File), Entry("a", TarEntryKind.SymbolicLink) with { LinkTarget = "/" }],
            "directory twice" => [Entry("a", TarEntryKind.Directory), Entry("a", TarEntryKind.Directory)],
            "overlay redirect" => [Entry("a", TarEntryKind.Directory) with { Attributes = [ExtendedAttribute.Of("trusted.overlay.redirect", "/etc"u8)] }],
            "malformed whiteout" => [Entry("a/.wh...", TarEntryKind.File)],
            "root as a link" => [Entry("", TarEntryKind.SymbolicLink) with { Name = "./", LinkTarget = "/" }],
            "long part" => [Entry(new string('n', 256), TarEntryKind.File)],
            "deep" => [Entry(string.Join('/', Enumerable.Repeat("d", 1000)), TarEntryKind.Directory)],
            _ => [Entry("null", TarEntryKind.CharacterDevice)],
        };
        var layer = await TestLayer.OfAsync(entries);

        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => layer.UnpackAsync(_store));

        Assert.Equal(fault, refused.Fault);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["outside"]));
        AssertNothingKept();
    }

    [Fact]
    public async Task Whatever_bytes_a_layer_has_it_is_unpacked_or_refused()
    {
        var tar = new MemoryStream();
        await using (var writer = new TarLayerWriter(tar))
        {
            await writer.WriteAsync(Entry("d", TarEntryKind.Directory), null, Cancellation);
            await writer.WriteAsync(Entry("d/f", TarEntryKind.File) with { Size = 3, Attributes = [ExtendedAttribute.Of("user.a", [1])] }, new MemoryStream(new byte[3]), Cancellation);
            await writer.WriteAsync(Entry("d/l", TarEntryKind.SymbolicLink) with { LinkTarget = ".." }, null, Cancellation);
            await writer.WriteAsync(Whiteout.Deleting("d/gone"), null, Cancellation);
            await writer.WriteAsync(Entry("d/h", TarEntryKind.HardLink) with { LinkTarget = "d/f" }, null, Cancellation);
            await writer.FinishAsync(Cancellation);
        }
        await Gen.Select(Gen.Int[0, 3600], Gen.Byte).Array[1, 3].SampleAsync(async changes =>
        {
            var bytes = tar.ToArray();
            foreach (var (at, value) in changes) bytes[at] = value;
            // A hostile maker gets his checksums right.
            for (var block = 0; block + 512 <= bytes.Length; block += 512)
            {
                if (bytes.AsSpan(block + 257, 5).SequenceEqual("ustar"u8)) Seal(bytes.AsSpan(block, 512));
            }
            var digest = SHA256.HashData(bytes);
            try
            {
                var held = await _store.UnpackAsync(DiffId.FromHash(digest), Digest.FromHash(digest), bytes.Length, new MemoryStream(bytes), Cancellation);
                _store.Remove(held.DiffId);
            }
            catch (ArchiveRefusedException)
            {
            }
        }, iter: 300, threads: 1);
        AssertNothingKept();

        static void Seal(Span<byte> header)
        {
            header[148..156].Fill((byte)' ');
            var sum = 0;
            foreach (var value in header) sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_or_content_other_than_promised_leaves_nothing(bool file)
    {
        var layer = await TestLayer.OfAsync(Entry("a", TarEntryKind.File) with { Size = 10_000 });
        var other = await TestLayer.OfAsync(Entry("a", TarEntryKind.File) with { Size = 10_001 });
        var promised = file ? layer.Archive : layer.Archive with { Digest = other.Archive.Digest, Size = other.Archive.Size };

        await Assert.ThrowsAsync<ContentMismatchException>(
            () => _store.UnpackAsync(promised.DiffId, promised.Digest, promised.Size, new MemoryStream(other.Bytes), Cancellation));

        AssertNothingKept();
    }

    [Fact]
    public async Task What_a_crash_leaves_is_removed_at_the_next_start()
    {
        var layer = await TestLayer.OfAsync(Entry("a", TarEntryKind.File));
        var held = await layer.UnpackAsync(_store);
        Directory.CreateDirectory(_folder["s/ingest/layer-half/usr"]);
        await File.WriteAllTextAsync(_folder["s/ingest/blob-half"], "x", Cancellation);
        Directory.CreateDirectory(_folder["s/l/77/usr"]);
        File.CreateSymbolicLink(_folder[$"s/layers/{new string('0', 64)}"], "../l/78");

        using var taken = StoreLock.Acquire(_folder["s"]);
        var recovery = Recovery.Run(taken);

        Assert.Equal(["ingest/blob-half", "ingest/layer-half", $"layers/{new string('0', 64)}", "l/77"], recovery.Removed);
        Assert.Equal([held], _store.List());
        Assert.True(File.Exists(Path.Combine(held.Directory, "a")));
    }

    private void AssertNothingKept()
    {
        Assert.Empty(_store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["s/ingest"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["s/l"]));
    }

    private static TarEntry Entry(string name, TarEntryKind kind) => new() { Name = name, Kind = kind, Mode = kind == TarEntryKind.Directory ? 0x1ED : 0x1A4 };

    private static (int Mode, uint Uid, uint Gid, long ModifiedAt) Facts(DirectoryHandle directory, string name) =>
        directory.Stat(name) is { } s ? (s.Mode, s.Uid, s.Gid, s.ModifiedAt) : throw new FileNotFoundException(name);
}
