using System.Buffers.Binary;
using System.Text;

namespace Strata.Artifacts.Inspection;

/// <summary>What the dynamic section of an ELF file says.</summary>
/// <param name="Architecture">OCI's name for the machine; null for one that OCI has no name for.</param>
/// <param name="Soname">Null when it has none.</param>
/// <param name="Needed">Sonames it needs, in its own order.</param>
/// <remarks>Source: System V ABI, chapters 4 and 5; the machine numbers of its registry.</remarks>
public sealed record ElfFile(string? Architecture, string? Soname, IReadOnlyList<string> Needed)
{
    private const int MostEntries = 4096;
    private const int MostHeaders = 256; // linkers write about ten
    private const uint LoadSegment = 1, DynamicSegment = 2;
    private const long NeededTag = 1, StringsTag = 5, SonameTag = 14;

    /// <summary>Whether these are the first bytes of an ELF file.</summary>
    public static bool IsElf(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <summary>Reads a file; null when it is no ELF file or a broken one.</summary>
    public static ElfFile? Read(ReadOnlySpan<byte> file)
    {
        if (!IsElf(file) || file.Length < 64 || file[4] is not (1 or 2) || file[5] is not (1 or 2)) return null;
        try
        {
            return new Reader(file, Is64: file[4] == 2, IsLittle: file[5] == 1).Read();
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // an offset that leads out of the file
        }
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> file, bool Is64, bool IsLittle)
    {
        private readonly ReadOnlySpan<byte> _file = file;

        public ElfFile Read()
        {
            var architecture = ArchitectureOf(Half(18));
            var (table, size, count) = Is64 ? (Word(32), Half(54), Half(56)) : (Word(28), Half(42), Half(44));
            if (count > MostHeaders) throw new ArgumentOutOfRangeException(nameof(count));
            var strings = -1L;
            long soname = -1;
            var needed = new List<long>();
            for (var i = 0; i < count; i++)
            {
                var header = table + ((long)i * size);
                if (UInt(header) != DynamicSegment) continue;
                var (offset, length) = Segment(header);
                var step = Is64 ? 16 : 8;
                for (var at = offset; at + step <= offset + length && at < offset + (long)MostEntries * step; at += step)
                {
                    var (tag, value) = (Word(at), Word(at + (step / 2)));
                    if (tag == 0) break;
                    if (tag == StringsTag) strings = OffsetOf(value, table, size, count);
                    else if (tag == SonameTag) soname = value;
                    else if (tag == NeededTag) needed.Add(value);
                }
                break; // a file has one dynamic segment
            }
            if (strings < 0) return new(architecture, null, []);
            var names = new List<string>();
            foreach (var name in needed) names.Add(Text(strings + name));
            return new(architecture, soname >= 0 ? Text(strings + soname) : null, names);
        }

        private (long Offset, long Length) Segment(long header) => Is64 ? (Word(header + 8), Word(header + 32)) : (Word(header + 4), Word(header + 16));

        private long OffsetOf(long address, long table, int size, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var header = table + ((long)i * size);
                if (UInt(header) != LoadSegment) continue;
                var (offset, length) = Segment(header);
                var start = Word(header + (Is64 ? 16 : 8));
                if (address >= start && address < start + length) return address - start + offset;
            }
            return -1;
        }

        private int Half(long at) => IsLittle ? BinaryPrimitives.ReadUInt16LittleEndian(At(at, 2)) : BinaryPrimitives.ReadUInt16BigEndian(At(at, 2));

        private uint UInt(long at) => IsLittle ? BinaryPrimitives.ReadUInt32LittleEndian(At(at, 4)) : BinaryPrimitives.ReadUInt32BigEndian(At(at, 4));

        private long Word(long at) => !Is64 ? UInt(at)
            : IsLittle ? BinaryPrimitives.ReadInt64LittleEndian(At(at, 8)) : BinaryPrimitives.ReadInt64BigEndian(At(at, 8));

        private ReadOnlySpan<byte> At(long at, int length) => at is >= 0 and <= int.MaxValue ? _file.Slice((int)at, length) : throw new ArgumentOutOfRangeException(nameof(at));

        private string Text(long at)
        {
            var rest = at is >= 0 and <= int.MaxValue ? _file[(int)at..] : throw new ArgumentOutOfRangeException(nameof(at));
            var end = rest.IndexOf((byte)0);
            return end is >= 0 and <= 4096 ? Encoding.UTF8.GetString(rest[..end]) : throw new ArgumentOutOfRangeException(nameof(at));
        }

        private static string? ArchitectureOf(int machine) => machine switch
        {
            3 => "386",
            40 => "arm",
            62 => "amd64",
            183 => "arm64",
            243 => "riscv64",
            _ => null,
        };
    }
}
