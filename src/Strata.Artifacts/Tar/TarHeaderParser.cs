using System.Buffers.Text;
using System.Globalization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Tar;

/// <summary>Makes an entry of a header block and the extended headers before it, and refuses what no layer may hold.</summary>
internal sealed class TarHeaderParser(ArchiveLimits limits)
{
    private const int MostRecords = 1024; // a file system keeps less attributes for a file
    public const string AttributeKey = "SCHILY.xattr.";

    public static byte FlagOf(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => (byte)'0',
        TarEntryKind.HardLink => (byte)'1',
        TarEntryKind.SymbolicLink => (byte)'2',
        TarEntryKind.CharacterDevice => (byte)'3',
        TarEntryKind.BlockDevice => (byte)'4',
        TarEntryKind.Directory => (byte)'5',
        _ => (byte)'6',
    };

    /// <summary>The entry whose header is <paramref name="block"/>.</summary>
    /// <param name="extended">PAX records that apply to it, by key; raw values.</param>
    public TarEntry Parse(ReadOnlySpan<byte> block, IReadOnlyDictionary<string, byte[]> extended)
    {
        var rawName = extended.TryGetValue("path", out var path) ? path : HeaderName(block);
        var shown = ByteText.FromBytes(rawName);
        var kind = KindOf(block[TarHeader.TypeFlag], rawName, shown);
        if (extended.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
            throw Refuse(ArchiveFault.Unsupported, shown, "is stored as a sparse file, which is not read; pack it as an ordinary one");
        if (!limits.Devices && kind is (TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice))
            throw Refuse(ArchiveFault.Device, shown, "is a device node, which no layer may bring");

        var target = extended.TryGetValue("linkpath", out var link) ? link : TarHeader.Text(block[TarHeader.LinkName]).ToArray();
        return new()
        {
            Name = Normalise(rawName, shown),
            Kind = kind,
            Mode = (int)Number(block[TarHeader.Mode], shown) & 0xFFF,
            Uid = Id(extended, "uid", block[TarHeader.Uid], shown),
            Gid = Id(extended, "gid", block[TarHeader.Gid], shown),
            ModifiedAt = ModifiedAt(extended, block, shown),
            Size = kind == TarEntryKind.File ? Size(extended, block, shown) : 0,
            LinkTarget = kind switch
            {
                TarEntryKind.HardLink => Normalise(target, shown),
                TarEntryKind.SymbolicLink => Target(target, shown),
                _ => "",
            },
            DeviceMajor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? (uint)Number(block[TarHeader.DeviceMajor], shown) : 0,
            DeviceMinor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? (uint)Number(block[TarHeader.DeviceMinor], shown) : 0,
            Attributes = Attributes(extended),
        };
    }

    /// <summary>Bytes that follow the header of a PAX or GNU extension.</summary>
    public int ExtensionSize(ReadOnlySpan<byte> block)
    {
        var size = Number(block[TarHeader.Size], "");
        return size >= 0 && size <= limits.MaxExtendedHeaderBytes
            ? (int)size
            : throw Refuse(ArchiveFault.TooLarge, "", $"has an extended header of {size} bytes; {limits.MaxExtendedHeaderBytes} are allowed");
    }

    /// <summary>Adds the records of one PAX header to <paramref name="into"/>.</summary>
    public static void ReadRecords(ReadOnlySpan<byte> data, Dictionary<string, byte[]> into)
    {
        while (!data.IsEmpty)
        {
            if (!Utf8Parser.TryParse(data, out int length, out var digits) || digits == 0 || length <= digits + 1 || length > data.Length
                || data[digits] != (byte)' ' || data[length - 1] != (byte)'\n')
                throw Refuse(ArchiveFault.Damaged, "", "has an extended header that is not in PAX form");
            var record = data[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0) throw Refuse(ArchiveFault.Damaged, "", "has an extended header that is not in PAX form");
            into[ByteText.FromBytes(record[..equals])] = record[(equals + 1)..].ToArray();
            data = data[length..];
        }
    }

    /// <summary>Refuses more records than an entry can need: each is looked at for every entry that it applies to.</summary>
    /// <param name="most">Bytes of all values together.</param>
    public static void CheckRecords(IReadOnlyDictionary<string, byte[]> records, int most)
    {
        if (records.Count > MostRecords || records.Sum(r => (long)r.Value.Length) > most)
            throw Refuse(ArchiveFault.TooLarge, "", $"has more than {MostRecords} records, or {most} bytes of them, in the extended headers of one entry");
    }

    public static ArchiveRefusedException Refuse(ArchiveFault fault, string entry, string found) =>
        new(fault, entry, entry.Length == 0 ? $"The archive {found}." : $"Entry '{Quote.Short(entry)}' {found}.");

    private static byte[] HeaderName(ReadOnlySpan<byte> block)
    {
        var name = TarHeader.Text(block[TarHeader.Name]);
        // GNU's own format keeps other things where ustar has its prefix; its magic ends in blanks.
        if (!block[TarHeader.Magic].StartsWith(TarHeader.UstarMagic)) return name.ToArray();
        var prefix = TarHeader.Text(block[TarHeader.Prefix]);
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private static TarEntryKind KindOf(byte flag, byte[] rawName, string shown) => (char)flag switch
    {
        '0' or '\0' or '7' when rawName is [.., (byte)'/'] => TarEntryKind.Directory,
        '0' or '\0' or '7' => TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        _ => throw Refuse(ArchiveFault.Unsupported, shown, $"is of type {flag}, which no layer holds"),
    };

    private string Normalise(byte[] raw, string shown)
    {
        CheckName(raw, shown);
        var text = ByteText.FromBytes(raw);
        if (text.AsSpan().Count('/') > limits.MaxDepth) throw Refuse(ArchiveFault.TooLarge, shown, $"lies more than {limits.MaxDepth} directories deep");
        if (IsPlain(text)) return text;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        return parts.Contains("..")
            ? throw Refuse(ArchiveFault.Escapes, shown, $"leads out of the layer by '{Quote.Short(text)}'")
            : string.Join('/', parts);
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && text[0] is not ('/' or '.') && text[^1] != '/'
        && !text.Contains("//", StringComparison.Ordinal) && !text.Contains("/.", StringComparison.Ordinal);

    private string Target(byte[] raw, string shown)
    {
        CheckName(raw, shown);
        return raw.Length > 0 ? ByteText.FromBytes(raw) : throw Refuse(ArchiveFault.Damaged, shown, "is a symbolic link to nothing");
    }

    private void CheckName(byte[] raw, string shown)
    {
        if (raw.Length > limits.MaxNameBytes) throw Refuse(ArchiveFault.TooLarge, shown, $"has a name or target of {raw.Length} bytes; {limits.MaxNameBytes} are allowed");
        if (raw.AsSpan().Contains((byte)0)) throw Refuse(ArchiveFault.Damaged, shown, "has a name or target with a zero byte");
    }

    private static long Size(IReadOnlyDictionary<string, byte[]> extended, ReadOnlySpan<byte> block, string shown)
    {
        var size = extended.TryGetValue("size", out var text) ? Decimal(text, shown) : Number(block[TarHeader.Size], shown);
        return size >= 0 ? size : throw Refuse(ArchiveFault.Damaged, shown, "has a size below zero");
    }

    private static uint Id(IReadOnlyDictionary<string, byte[]> extended, string key, ReadOnlySpan<byte> field, string shown)
    {
        var id = extended.TryGetValue(key, out var text) ? Decimal(text, shown) : Number(field, shown);
        return id is >= 0 and < uint.MaxValue ? (uint)id : throw Refuse(ArchiveFault.Damaged, shown, $"has the {key} {id}, which no file can have");
    }

    private static long ModifiedAt(IReadOnlyDictionary<string, byte[]> extended, ReadOnlySpan<byte> block, string shown)
    {
        if (!extended.TryGetValue("mtime", out var text)) return Number(block[TarHeader.ModifiedAt], shown);
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time)
            && time is > -1e12m and < 1e12m
                ? (long)decimal.Floor(time)
                : throw Refuse(ArchiveFault.Damaged, shown, "has a time that is no number");
    }

    private static EquatableList<ExtendedAttribute> Attributes(IReadOnlyDictionary<string, byte[]> extended) => extended
        .Where(record => record.Key.StartsWith(AttributeKey, StringComparison.Ordinal))
        .OrderBy(record => record.Key, StringComparer.Ordinal)
        .Select(record => ExtendedAttribute.Of(record.Key[AttributeKey.Length..], record.Value))
        .ToEquatableList();

    private static long Number(ReadOnlySpan<byte> field, string shown) => TarHeader.TryGetNumber(field, out var value)
        ? value
        : throw Refuse(ArchiveFault.Damaged, shown, "has a header field that is no number");

    private static long Decimal(byte[] text, string shown) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw Refuse(ArchiveFault.Damaged, shown, "has an extended header field that is no number");
}
