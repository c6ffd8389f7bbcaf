using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads the dynamic symbols of an ELF file with their versions.</summary>
/// <remarks>Source: System V ABI, chapter 5, "Symbol Table" and "Hash Table"; Linux Standard Base 5, "Symbol Versioning".</remarks>
internal sealed class ElfSymbols(ElfReader elf, IReadOnlyDictionary<long, long> tags, ReadOnlyMemory<byte> strings)
{
    /// <summary>Bytes of all names of one file; the largest real ones have about half of it.</summary>
    public const int LargestStrings = 64 << 20;

    /// <summary>Bytes of one name: templates make names of thousands.</summary>
    public const int LongestName = 1 << 16;

    private const int LongestVersion = 256;
    private const int MostVersions = 16_384;
    private const int MostSharing = 4; // names share their ends, and never so much that all together are longer than this many times the table
    private const long HashTag = 4, SymbolsTag = 6, StringsTag = 5, GnuHashTag = 0x6ffffef5;
    private const long VersionsTag = 0x6ffffff0, DefinedTag = 0x6ffffffc, NeededTag = 0x6ffffffe;
    private const int Undefined = 0, Absolute = 0xfff1;
    private const int HiddenVersion = 0x8000;
    private readonly int _size = elf.PointerSize == 8 ? 24 : 16;
    private readonly Dictionary<int, (string Version, string? From)> _versions = [];
    private readonly Dictionary<string, string> _once = new(StringComparer.Ordinal);
    private long _characters;

    public EquatableList<ElfSymbol> Read()
    {
        if (!tags.TryGetValue(SymbolsTag, out var address)) return [];
        var start = elf.OffsetOf(address);
        var count = Count(start, address);
        if (count > ElfSymbol.Most) throw new ElfReader.BrokenException();
        if (count <= 1) return [];
        ReadDefinedVersions();
        ReadNeededVersions();
        var table = elf.Bytes(start, (int)count * _size).Span;
        var versions = tags.TryGetValue(VersionsTag, out var at) ? elf.Bytes(elf.OffsetOf(at), (int)count * 2).Span : [];
        var symbols = new List<ElfSymbol>((int)count);
        for (var i = 1; i < count; i++)
            if (Symbol(table.Slice(i * _size, _size), versions.Length > 0 ? elf.Half(versions, i * 2) : 1) is { } symbol) symbols.Add(symbol);
        symbols.Sort(Compare);
        return symbols.ToEquatableList();
    }

    private ElfSymbol? Symbol(ReadOnlySpan<byte> entry, int version)
    {
        var (info, other, section) = _size == 24 ? (entry[4], entry[5], elf.Half(entry, 6)) : (entry[12], entry[13], elf.Half(entry, 14));
        ElfBinding? binding = (info >> 4) switch { 1 => ElfBinding.Global, 2 => ElfBinding.Weak, 10 => ElfBinding.Unique, _ => null };
        // Visibility 1 and 2 are "internal" and "hidden": no other file can bind to it.
        if (binding is null || (section != Undefined && (other & 3) is 1 or 2)) return null;
        var name = ElfReader.Text(strings.Span, elf.UInt(entry, 0), LongestName);
        if (name.Length == 0) return null;
        if ((_characters += name.Length) > Math.Min(LargestStrings, MostSharing * (long)strings.Length)) throw new ElfReader.BrokenException();
        var known = _versions.TryGetValue(version & ~HiddenVersion, out var bound);
        if (section == Absolute && known && name == bound.Version) return null; // the mark of the version itself
        return new ElfSymbol(name, known ? bound.Version : null, binding.Value, section != Undefined)
        {
            // A program's copy of a library's variable bears the library's version; nobody is linked to it there.
            IsOld = section != Undefined && known && ((version & HiddenVersion) != 0 || bound.From is not null),
            From = known ? bound.From : null,
        };
    }

    // Chains of the versions that the file gives; flag 1 marks the file's own name.
    private void ReadDefinedVersions()
    {
        if (!tags.TryGetValue(DefinedTag, out var address)) return;
        var at = elf.OffsetOf(address);
        for (var i = 0; i < MostVersions; i++)
        {
            var one = elf.Bytes(at, 20).Span;
            var (flags, index, names, next) = (elf.Half(one, 2), elf.Half(one, 4), elf.UInt(one, 12), elf.UInt(one, 16));
            if ((flags & 1) == 0) _versions[index] = (Once(ElfReader.Text(strings.Span, elf.UInt(elf.Bytes(at + names, 8).Span, 0), LongestVersion)), null);
            if (next == 0) return;
            at += next;
        }
        throw new ElfReader.BrokenException();
    }

    // Chains of the files that versions are taken from, each with a chain of its versions.
    private void ReadNeededVersions()
    {
        if (!tags.TryGetValue(NeededTag, out var address)) return;
        var at = elf.OffsetOf(address);
        for (var left = MostVersions; left > 0;)
        {
            var file = elf.Bytes(at, 16).Span;
            var (count, from, inner, next) = (elf.Half(file, 2), Once(ElfReader.Text(strings.Span, elf.UInt(file, 4))), at + elf.UInt(file, 8), elf.UInt(file, 12));
            for (var i = 0; i < count && left > 0; i++, left--)
            {
                var one = elf.Bytes(inner, 16).Span;
                _versions[elf.Half(one, 6)] = (Once(ElfReader.Text(strings.Span, elf.UInt(one, 8), LongestVersion)), from);
                if (elf.UInt(one, 12) is var step && step == 0) break;
                else inner += step;
            }
            left--;
            if (next == 0) return;
            at += next;
        }
        throw new ElfReader.BrokenException();
    }

    // No table says how many symbols there are. The old hash table has as many chains; the section headers know, where they are kept;
    // the new hash table holds what is defined and stands behind the rest; and linkers put the names right behind the symbols.
    private long Count(long start, long address)
    {
        if (tags.TryGetValue(HashTag, out var hash)) return elf.UInt(elf.Bytes(elf.OffsetOf(hash), 8).Span, 4);
        if (elf.SymbolsBySections(start, _size) is { } count) return count;
        if (tags.TryGetValue(GnuHashTag, out var gnu) && CountByGnuHash(elf.OffsetOf(gnu)) is { } defined) return defined;
        return tags[StringsTag] is var behind && behind > address ? (behind - address) / _size : 0;
    }

    private long? CountByGnuHash(long at)
    {
        var header = elf.Bytes(at, 16).Span;
        var (buckets, first, filter) = (elf.UInt(header, 0), elf.UInt(header, 4), elf.UInt(header, 8));
        if (buckets > ElfSymbol.Most || filter > ElfSymbol.Most) throw new ElfReader.BrokenException();
        var table = at + 16 + (filter * elf.PointerSize);
        var starts = elf.Bytes(table, (int)buckets * 4).Span;
        uint last = 0;
        for (var i = 0; i < buckets; i++) last = Math.Max(last, elf.UInt(starts, i * 4));
        if (last < first) return null; // nothing is defined
        var chains = table + (buckets * 4);
        for (; last < ElfSymbol.Most; last++)
            if ((elf.UInt(elf.Bytes(chains + ((last - first) * 4L), 4).Span, 0) & 1) != 0) return last + 1; // the lowest bit ends a chain
        throw new ElfReader.BrokenException();
    }

    private string Once(string text)
    {
        if (_once.TryGetValue(text, out var known)) return known;
        _once[text] = text;
        return text;
    }

    private static int Compare(ElfSymbol left, ElfSymbol right)
    {
        if (left.IsDefined != right.IsDefined) return left.IsDefined ? -1 : 1;
        var names = string.CompareOrdinal(left.Name, right.Name);
        return names != 0 ? names : string.CompareOrdinal(left.Version, right.Version);
    }
}
