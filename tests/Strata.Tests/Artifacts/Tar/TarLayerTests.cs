using System.Formats.Tar;
using System.Text;
using CsCheck;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Xunit;
using TarEntry = Strata.Artifacts.Tar.TarEntry;

namespace Strata.Tests.Artifacts.Tar;

public sealed class TarLayerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_attribute_survives_writing_and_reading()
    {
        TarEntry[] entries =
        [
            new() { Name = "", Kind = TarEntryKind.Directory, Mode = 0x1ED },
            new() { Name = "etc", Kind = TarEntryKind.Directory, Mode = 0x3FF, Uid = 3_000_000, Gid = 4_000_000_000 },
            new() { Name = "etc/a", Kind = TarEntryKind.File, Mode = 0x9ED, Size = 513, ModifiedAt = 1_700_000_000 },
            new() { Name = "etc/b", Kind = TarEntryKind.HardLink, Mode = 0x9ED, LinkTarget = "etc/a" },
            new() { Name = "etc/c", Kind = TarEntryKind.SymbolicLink, Mode = 0x1FF, LinkTarget = "/absolute/../and/dangling" },
            new() { Name = "etc/d", Kind = TarEntryKind.Fifo, ModifiedAt = -5 },
            new() { Name = "etc/e", Kind = TarEntryKind.CharacterDevice, DeviceMajor = 1, DeviceMinor = 3 },
            new() { Name = "etc/f", Kind = TarEntryKind.BlockDevice, DeviceMajor = 259, DeviceMinor = 1_048_575 },
            new() { Name = string.Join('/', Enumerable.Repeat(new string('p', 90), 5)), Kind = TarEntryKind.File },
            new() { Name = new string('q', 80) + "/" + new string('r', 90), Kind = TarEntryKind.Directory },
            new() { Name = "new\nline", Kind = TarEntryKind.SymbolicLink, LinkTarget = new string('t', 300) },
            new() { Name = "g", Kind = TarEntryKind.File, Attributes = [ExtendedAttribute.Of("security.capability", [1, 0, 0, 2, 0, 10]), ExtendedAttribute.Of("user.x", [])] },
        ];

        var read = await ReadAsync(await WriteAsync(entries), new() { Devices = true });

        Assert.Equal(entries, read);
    }

    [Fact]
    public async Task Global_headers_do_not_pile_up()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (var i = 0; i < 30; i++) writer.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(Enumerable.Range(0, 100).ToDictionary(k => $"k{i}.{k}", _ => "v")));
        }
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => ReadAsync(tar.ToArray(), null));
        Assert.Equal(ArchiveFault.TooLarge, refused.Fault);
    }

    [Fact]
    public void Names_of_any_bytes_survive()
    {
        Gen.Byte[1, 255].Array[0, 40].Sample(bytes =>
        {
            var text = ByteText.FromBytes(bytes);
            Assert.Equal(bytes, ByteText.ToBytes(text));
        }, iter: 5000);
        Gen.String.Sample(text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Encoding.UTF8.GetString(utf8), ByteText.FromBytes(utf8));
        });
    }

    [Fact]
    public async Task The_framework_reads_what_is_written()
    {
        var long1 = string.Join('/', Enumerable.Repeat(new string('p', 90), 5));
        var bytes = await WriteAsync(
            new() { Name = "a/b", Kind = TarEntryKind.File, Size = 700, Mode = 0x1A4, Uid = 5 },
            new() { Name = long1, Kind = TarEntryKind.File, Size = 1, Mode = 0x1A4 });

        using var reader = new TarReader(new MemoryStream(bytes));
        var first = (await reader.GetNextEntryAsync(cancellationToken: Cancellation))!;
        var second = (await reader.GetNextEntryAsync(cancellationToken: Cancellation))!;

        Assert.Equal(("a/b", 700L, 5), (first.Name, first.Length, first.Uid));
        Assert.Equal((long1, 1L), (second.Name, second.Length));
        Assert.Null(await reader.GetNextEntryAsync(cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.V7)]
    public async Task Tars_of_every_format_are_read(TarEntryFormat format)
    {
        var stream = new MemoryStream();
        var longName = format is TarEntryFormat.Gnu or TarEntryFormat.Pax ? string.Join('/', Enumerable.Repeat(new string('p', 90), 4)) : "short";
        await using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            System.Formats.Tar.TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(System.Formats.Tar.TarEntryType.V7RegularFile, longName),
                TarEntryFormat.Ustar => new UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, longName),
                TarEntryFormat.Gnu => new GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, longName),
                _ => new PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, longName),
            };
            entry.DataStream = new MemoryStream(new byte[100]);
            await writer.WriteEntryAsync(entry, Cancellation);
        }

        var read = Assert.Single(await ReadAsync(stream.ToArray()));

        Assert.Equal((longName, 100L, TarEntryKind.File), (read.Name, read.Size, read.Kind));
    }

    [Fact]
    public async Task Absolute_names_lose_their_slash_and_dots_go()
    {
        var read = await ReadAsync(await WriteAsync(
            new() { Name = "/abs/./x//y", Kind = TarEntryKind.File }, new() { Name = "./z/", Kind = TarEntryKind.Directory }));

        Assert.Equal(["abs/x/y", "z"], read.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("../x", TarEntryKind.File, "", ArchiveFault.Escapes)]
    [InlineData("a/../../x", TarEntryKind.File, "", ArchiveFault.Escapes)]
    [InlineData("a", TarEntryKind.HardLink, "../../etc/shadow", ArchiveFault.Escapes)]
    [InlineData("dev/sda", TarEntryKind.BlockDevice, "", ArchiveFault.Device)]
    [InlineData("dev/mem", TarEntryKind.CharacterDevice, "", ArchiveFault.Device)]
    public async Task What_would_do_harm_is_refused_by_name(string name, TarEntryKind kind, string target, ArchiveFault fault)
    {
        var tar = await WriteAsync(new TarEntry { Name = name, Kind = kind, LinkTarget = target });

        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => ReadAsync(tar));

        Assert.Equal((fault, name), (refused.Fault, refused.Entry));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_hold()
    {
        var many = await WriteAsync([.. Enumerable.Range(0, 11).Select(i => new TarEntry { Name = $"f{i}", Kind = TarEntryKind.File, Size = 600 })]);
        var longName = await WriteAsync(new TarEntry { Name = new string('n', 5000), Kind = TarEntryKind.File });
        var bigPax = await WriteAsync(new TarEntry { Name = "n", Kind = TarEntryKind.File, Attributes = [ExtendedAttribute.Of("user.x", new byte[2000])] });

        await AssertTooLarge(many, new() { MaxEntries = 10 });
        await AssertTooLarge(many, new() { MaxTarBytes = 5000 });
        await AssertTooLarge(longName, ArchiveLimits.Default);
        await AssertTooLarge(bigPax, new() { MaxExtendedHeaderBytes = 1000 });

        async Task AssertTooLarge(byte[] tar, ArchiveLimits limits) =>
            Assert.Equal(ArchiveFault.TooLarge, (await Assert.ThrowsAsync<ArchiveRefusedException>(() => ReadAsync(tar, limits))).Fault);
    }

    [Fact]
    public async Task Broken_tars_end_in_a_refusal_and_never_in_anything_else()
    {
        var tar = await WriteAsync(
            new() { Name = "a", Kind = TarEntryKind.File, Size = 1000, Attributes = [ExtendedAttribute.Of("user.x", [1, 2, 3])] },
            new() { Name = new string('b', 200), Kind = TarEntryKind.Directory });
        await Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte, Gen.Int[0, tar.Length]).SampleAsync(async (at, value, cut) =>
        {
            var broken = tar[..cut];
            if (at < cut) broken[at] = value;
            try
            {
                await ReadAsync(broken);
            }
            catch (ArchiveRefusedException)
            {
            }
        }, iter: 2000);
    }

    [Fact]
    public async Task A_file_that_grows_or_shrinks_while_it_is_packed_is_noticed()
    {
        await using var writer = new TarLayerWriter(Stream.Null);
        var entry = new TarEntry { Name = "log", Kind = TarEntryKind.File, Size = 10 };

        await Assert.ThrowsAsync<Strata.Artifacts.Hashing.ContentMismatchException>(() => writer.WriteAsync(entry, new MemoryStream(new byte[9]), Cancellation).AsTask());
        await Assert.ThrowsAsync<Strata.Artifacts.Hashing.ContentMismatchException>(() => writer.WriteAsync(entry, new MemoryStream(new byte[11]), Cancellation).AsTask());
    }

    [Fact]
    public async Task Eight_gibibytes_and_more_fit()
    {
        const long Size = (8L << 30) + 5;
        var sink = new MemoryStream();
        await using var writer = new TarLayerWriter(sink);
        await Assert.ThrowsAsync<Strata.Artifacts.Hashing.ContentMismatchException>(
            () => writer.WriteAsync(new() { Name = "big", Kind = TarEntryKind.File, Size = Size }, new MemoryStream([1]), Cancellation).AsTask());
        sink.Position = 0;
        using var reader = new TarLayerReader(sink);

        Assert.Equal(Size, (await reader.NextAsync(Cancellation))!.Size);
    }

    private static async Task<byte[]> WriteAsync(params TarEntry[] entries)
    {
        var tar = new MemoryStream();
        await using var writer = new TarLayerWriter(tar);
        foreach (var entry in entries) await writer.WriteAsync(entry, new MemoryStream(new byte[entry.Size]), Cancellation);
        await writer.FinishAsync(Cancellation);
        return tar.ToArray();
    }

    private static async Task<IReadOnlyList<TarEntry>> ReadAsync(byte[] tar, ArchiveLimits? limits = null)
    {
        using var reader = new TarLayerReader(new MemoryStream(tar), limits);
        var entries = new List<TarEntry>();
        while (await reader.NextAsync(Cancellation) is { } entry)
        {
            entries.Add(entry);
            if (entries.Count % 2 == 0) await reader.Content.CopyToAsync(Stream.Null, Cancellation);
        }
        return entries;
    }
}
