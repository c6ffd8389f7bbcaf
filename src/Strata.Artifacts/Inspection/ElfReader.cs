using System.Buffers.Binary;
using System.Text;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Follows an ELF file's own tables: program headers, dynamic section, notes.</summary>
/// <remarks>Every count and length is bounded before it is believed, so that a made-up file costs no more than a real one.</remarks>
internal sealed class ElfReader(Stream file)
{
    private const int MostHeaders = 256; // linkers write about ten
    private const int MostEntries = 4096; // of the dynamic section
    private const int MostPathTags = 16; // linkers write one
    private const int LongestNote = 4096, LongestPath = 4096;
    private const uint LoadSegment = 1, DynamicSegment = 2, InterpreterSegment = 3, NoteSegment = 4;
    private const long NeededTag = 1, StringsTag = 5, StringsSizeTag = 10, SonameTag = 14, RpathTag = 15, RunpathTag = 29;
    // A file that is in memory is looked into where it stands.
    private readonly ReadOnlyMemory<byte>? _whole = file is MemoryStream held && held.TryGetBuffer(out var buffer) ? buffer : default(ReadOnlyMemory<byte>?);
    private readonly List<Segment> _segments = [];
    private bool _is64, _isLittle;

    /// <summary>The file's tables contradict themselves or lead out of it.</summary>
    public sealed class BrokenException : Exception;

    private readonly record struct Segment(uint Type, long Offset, long Address, long Length);

    /// <summary>Bytes of a pointer in this file.</summary>
    public int PointerSize => _is64 ? 8 : 4;

    public ElfFile? Read(bool symbols)
    {
        var ident = Bytes(0, 20).Span;
        if (!ElfFile.IsElf(ident) || ident[4] is not (1 or 2) || ident[5] is not (1 or 2)) return null;
        (_is64, _isLittle) = (ident[4] == 2, ident[5] == 1);
        var (type, machine) = (Half(ident, 16), Half(ident, 18));
        ReadSegments();
        var elf = new ElfFile(machine, _is64 ? 64 : 32, _isLittle)
        {
            Interpreter = First(InterpreterSegment) is { Length: > 0 and <= LongestPath } named ? Text(Bytes(named.Offset, (int)named.Length).Span, 0) : null,
            BuildId = BuildId(),
        };
        elf = elf with { Kind = type == 1 ? ElfKind.Object : type == 2 || elf.Interpreter is not null ? ElfKind.Program : ElfKind.Shared };
        return First(DynamicSegment) is { } dynamic ? ReadDynamic(elf, dynamic, symbols) : elf;
    }

    /// <summary>A part of the file.</summary>
    /// <exception cref="BrokenException">It leads out of it.</exception>
    public ReadOnlyMemory<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > file.Length - length) throw new BrokenException();
        if (_whole is { } whole) return whole.Slice((int)offset, length);
        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Where in the file the loader would put <paramref name="address"/>.</summary>
    public long OffsetOf(long address)
    {
        foreach (var segment in _segments)
            if (segment.Type == LoadSegment && address >= segment.Address && address - segment.Address < segment.Length) return address - segment.Address + segment.Offset;
        throw new BrokenException();
    }

    public int Half(ReadOnlySpan<byte> bytes, int at) => _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(Part(bytes, at, 2)) : BinaryPrimitives.ReadUInt16BigEndian(Part(bytes, at, 2));

    public uint UInt(ReadOnlySpan<byte> bytes, int at) => _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(Part(bytes, at, 4)) : BinaryPrimitives.ReadUInt32BigEndian(Part(bytes, at, 4));

    /// <summary>A number of the size of a pointer.</summary>
    public long Word(ReadOnlySpan<byte> bytes, int at) => !_is64 ? UInt(bytes, at)
        : _isLittle ? BinaryPrimitives.ReadInt64LittleEndian(Part(bytes, at, 8)) : BinaryPrimitives.ReadInt64BigEndian(Part(bytes, at, 8));

    /// <summary>The text that begins at <paramref name="at"/> and ends before a zero.</summary>
    /// <param name="longest">In bytes.</param>
    public static string Text(ReadOnlySpan<byte> strings, long at, int longest = LongestPath)
    {
        if (at < 0 || at >= strings.Length) throw new BrokenException();
        var rest = strings[(int)at..];
        var end = rest.IndexOf((byte)0);
        return end >= 0 && end <= longest ? Encoding.UTF8.GetString(rest[..end]) : throw new BrokenException();
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, int at, int length) =>
        at >= 0 && at <= bytes.Length - length ? bytes.Slice(at, length) : throw new BrokenException();

    private void ReadSegments()
    {
        var header = Bytes(0, _is64 ? 64 : 52).Span;
        var (table, size, count) = _is64 ? (Word(header, 32), Half(header, 54), Half(header, 56)) : (Word(header, 28), Half(header, 42), Half(header, 44));
        if (count == 0) return;
        if (count > MostHeaders || size < (_is64 ? 56 : 32) || size > 1024) throw new BrokenException();
        var headers = Bytes(table, size * count).Span;
        for (var i = 0; i < count; i++)
        {
            var one = headers.Slice(i * size, size);
            var (offset, address, length) = _is64 ? (Word(one, 8), Word(one, 16), Word(one, 32)) : (Word(one, 4), Word(one, 8), Word(one, 16));
            _segments.Add(new(UInt(one, 0), offset, address, length));
        }
    }

    private Segment? First(uint type)
    {
        foreach (var segment in _segments)
            if (segment.Type == type) return segment;
        return null;
    }

    private ElfFile ReadDynamic(ElfFile elf, Segment dynamic, bool symbols)
    {
        var step = 2 * PointerSize;
        var tags = new Dictionary<long, long>();
        var (needed, paths) = (new List<long>(), new List<long>());
        var entries = Bytes(dynamic.Offset, (int)Math.Min(Math.Max(dynamic.Length, 0), (long)MostEntries * step)).Span;
        for (var at = 0; at + step <= entries.Length; at += step)
        {
            var (tag, value) = (Word(entries, at), Word(entries, at + PointerSize));
            if (tag == 0) break;
            if (tag == NeededTag) needed.Add(value);
            else if (tag is RpathTag or RunpathTag) paths.Add(paths.Count < MostPathTags ? value : throw new BrokenException());
            else tags.TryAdd(tag, value);
        }
        if (!tags.TryGetValue(StringsTag, out var stringsAt)) return elf;
        var start = OffsetOf(stringsAt);
        var strings = Bytes(start, (int)Math.Min(tags.GetValueOrDefault(StringsSizeTag, file.Length - start), Math.Min(file.Length - start, ElfSymbols.LargestStrings)));
        return elf with
        {
            Soname = tags.TryGetValue(SonameTag, out var soname) && Text(strings.Span, soname) is { Length: > 0 } name ? name : null,
            Needed = needed.Select(n => Text(strings.Span, n)).ToEquatableList(),
            RunPath = paths.SelectMany(p => Text(strings.Span, p).Split(':', StringSplitOptions.RemoveEmptyEntries)).ToEquatableList(),
            Symbols = symbols ? new ElfSymbols(this, tags, strings).Read() : [],
        };
    }

    // A note is three words, a name and a text, each filled up to four bytes. Kind 3 of "GNU" is the build id.
    private string? BuildId()
    {
        foreach (var segment in _segments)
        {
            if (segment.Type != NoteSegment || segment.Length is < 16 or > LongestNote) continue;
            var notes = Bytes(segment.Offset, (int)segment.Length).Span;
            for (long at = 0; at + 12 <= notes.Length;)
            {
                var (name, text, kind) = (UInt(notes, (int)at), UInt(notes, (int)at + 4), UInt(notes, (int)at + 8));
                var from = at + 12 + ((name + 3L) & ~3L);
                if (from + text > notes.Length) break;
                if (kind == 3 && name == 4 && notes.Slice((int)at + 12, 4).SequenceEqual("GNU\0"u8)) return Convert.ToHexStringLower(notes.Slice((int)from, (int)text));
                at = from + ((text + 3L) & ~3L);
            }
        }
        return null;
    }

    /// <summary>Number of dynamic symbols by the section headers; null when there are none that speak of the table at <paramref name="offset"/>.</summary>
    public long? SymbolsBySections(long offset, int entrySize)
    {
        const int MostSections = 65_536;
        const uint DynamicSymbols = 11;
        var header = Bytes(0, _is64 ? 64 : 52).Span;
        var (table, size, count) = _is64 ? (Word(header, 40), Half(header, 58), Half(header, 60)) : (Word(header, 32), Half(header, 46), Half(header, 48));
        if (table <= 0 || count is 0 or > MostSections || size < (_is64 ? 64 : 40) || table > file.Length - ((long)size * count)) return null;
        for (var i = 0; i < count; i++)
        {
            var section = Bytes(table + ((long)i * size), size).Span;
            if (UInt(section, 4) != DynamicSymbols) continue;
            var (at, length) = _is64 ? (Word(section, 24), Word(section, 32)) : (Word(section, 16), Word(section, 20));
            if (at == offset) return length / entrySize;
        }
        return null;
    }
}
