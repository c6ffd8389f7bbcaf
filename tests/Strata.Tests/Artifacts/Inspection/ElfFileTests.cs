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
        var elf = ElfFile.Read(new MemoryStream(MadeElf.Small(machine, isLittle)), symbols: true)!;

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
        var file = MadeElf.WithSymbols(40_000, [new string('a', 60_000)]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(ElfFile.Read(new MemoryStream(file), symbols: true));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }
}
