using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Strata.Artifacts.Inspection;

namespace Strata.Tests.Artifacts.Inspection;

public sealed class ElfFileTests
{
    private static readonly byte[] Real = File.ReadAllBytes(Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First(f => !f.EndsWith("libz.so.1", StringComparison.Ordinal)));

    [Theory]
    [InlineData(8, false, "mips")]
    [InlineData(40, true, "arm")]
    [InlineData(3, true, "386")]
    public void Files_of_32_bits_and_both_byte_orders_are_read(int machine, bool isLittle, string architecture)
    {
        var elf = ElfFile.Read(new MemoryStream(Small(machine, isLittle)), symbols: true)!;

        Assert.Equal((architecture, 32, isLittle, ElfKind.Shared), (elf.Architecture, elf.Bits, elf.IsLittleEndian, elf.Kind));
        Assert.Equal("libx.so", elf.Soname);
        Assert.Equal(["liby.so"], elf.Needed);
        Assert.Equal(["$ORIGIN", "/opt"], elf.RunPath);
        Assert.Equal([new("give", null, ElfBinding.Global, true), new("take", null, ElfBinding.Weak, false)], elf.Symbols);
    }

    [Fact]
    public void A_real_file_gives_its_symbols_with_versions()
    {
        var elf = ElfFile.Read(new MemoryStream(Real), symbols: true)!;

        Assert.Contains(elf.Symbols, s => s is { Name: "deflate", IsDefined: true, Binding: ElfBinding.Global });
        Assert.Contains(elf.Symbols, s => s is { Name: "gzbuffer", Version: "ZLIB_1.2.3.5", IsDefined: true, IsOld: false });
        Assert.Contains(elf.Symbols, s => s is { Name: "malloc", Version: "GLIBC_2.2.5", From: "libc.so.6", IsDefined: false });
        Assert.DoesNotContain(elf.Symbols, s => s.Name.StartsWith("ZLIB_", StringComparison.Ordinal));
        Assert.Empty(ElfFile.Read(new MemoryStream(Real))!.Symbols);
    }

    [Fact]
    public void Without_section_headers_the_same_symbols_are_found()
    {
        var stripped = (byte[])Real.Clone();
        stripped.AsSpan(40, 8).Clear();
        stripped.AsSpan(60, 2).Clear();

        Assert.Equal(ElfFile.Read(new MemoryStream(Real), symbols: true)!.Symbols, ElfFile.Read(new MemoryStream(stripped), symbols: true)!.Symbols);
    }

    [Fact]
    public void Whatever_bytes_are_changed_it_ends_without_harm() =>
        Gen.Select(Gen.Int[0, 4096], Gen.Byte, Gen.Int[64, Real.Length]).List[1, 8].Sample(
            changes =>
            {
                var file = (byte[])Real.Clone();
                foreach (var (at, value, _) in changes) file[at < 1024 ? at : Real.Length - 4097 + at] = value;
                var before = GC.GetAllocatedBytesForCurrentThread();
                ElfFile.Read(new MemoryStream(file, 0, changes[0].Item3), symbols: true);
                return GC.GetAllocatedBytesForCurrentThread() - before < 32 << 20;
            },
            iter: 400);

    [Fact]
    public void Many_symbols_that_share_one_long_name_are_refused_before_they_fill_the_memory()
    {
        const int Count = 40_000, Name = 60_000;
        var file = new byte[512 + (Count * 16) + Name];
        Small(8, isLittle: true).CopyTo(file.AsSpan());
        var (symbols, strings) = (512, 512 + (Count * 16));
        file.AsSpan(strings, Name - 1).Fill((byte)'a');
        for (var i = 1; i < Count; i++) file[symbols + (i * 16) + 12] = 0x10;
        // dynamic: names, symbols, and how many by the old hash table, for which the last words of the header area serve
        var at = 200;
        foreach (var (tag, value) in new[] { (5, strings), (10, Name), (6, symbols), (4, 400), (0, 0) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), tag);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 4), value);
            at += 8;
        }
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(404), Count);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(52 + 16), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(84 + 4), 200);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(84 + 16), 80);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(ElfFile.Read(new MemoryStream(file), symbols: true));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    /// <summary>A shared object of 32 bits by hand: header, one segment for all, one for the dynamic section, names, symbols, hash table.</summary>
    private static byte[] Small(int machine, bool isLittle)
    {
        var file = new byte[512];
        "\u007fELF\u0001"u8.CopyTo(file);
        file[5] = (byte)(isLittle ? 1 : 2);
        void Half(int at, int value) { if (isLittle) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), (short)value); else BinaryPrimitives.WriteInt16BigEndian(file.AsSpan(at), (short)value); }
        void Word(int at, int value) { if (isLittle) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value); else BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), value); }
        Half(16, 3);
        Half(18, machine);
        Word(28, 52);
        Half(42, 32);
        Half(44, 2);
        void Segment(int at, int type, int offset, int length)
        {
            Word(at, type);
            Word(at + 4, offset);
            Word(at + 8, offset);
            Word(at + 16, length);
        }
        Segment(52, 1, 0, 512);
        Segment(84, 2, 120, 72);
        var names = "\0libx.so\0liby.so\0give\0take\0$ORIGIN:/opt\0";
        Encoding.ASCII.GetBytes(names, file.AsSpan(256));
        int At(string name) => names.IndexOf(name, StringComparison.Ordinal);
        var tag = 120;
        foreach (var (key, value) in new[] { (1, At("liby")), (14, At("libx")), (29, At("$OR")), (5, 256), (10, names.Length), (6, 320), (4, 400), (0, 0) })
        {
            Word(tag, key);
            Word(tag + 4, value);
            tag += 8;
        }
        Word(336, At("give"));
        file[336 + 12] = 0x12;
        Half(336 + 14, 1);
        Word(352, At("take"));
        file[352 + 12] = 0x20;
        Word(400, 1);
        Word(404, 3);
        return file;
    }
}
