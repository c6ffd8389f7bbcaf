using System.Globalization;
using System.Text;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Layers;

/// <summary>An entry of a layer in words: what a person sees of it, and what a script reads.</summary>
/// <param name="Path">The path; what a deletion deletes. A byte that is no UTF-8 is U+FFFD here.</param>
/// <param name="Kind"><c>file</c>, <c>directory</c>, <c>symbolicLink</c>, <c>hardLink</c>, <c>fifo</c>, <c>characterDevice</c>, <c>blockDevice</c>, <c>deleted</c>, or <c>emptied</c> for a directory that hides all that lower layers have in it.</param>
/// <param name="Mode">Four octal digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedAt">In seconds since 1970.</param>
public sealed record LayerLine(string Path, string Kind, string Mode, uint Uid, uint Gid, long Size, long ModifiedAt)
{
    /// <summary>The bytes of the path in hex, when they are no UTF-8; null otherwise.</summary>
    public string? PathHex { get; init; }

    /// <summary>Target of a link; null for everything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Major and minor number of a device; null for everything else.</summary>
    public string? Device { get; init; }

    /// <summary>Names of its extended attributes; null when it has none.</summary>
    public string[]? Attributes { get; init; }

    /// <summary>The line of an entry.</summary>
    public static LayerLine Of(TarEntry entry)
    {
        var (path, kind) = Whiteout.Of(entry) switch
        {
            WhiteoutMeaning.Deletes deletes => (deletes.Path, "deleted"),
            WhiteoutMeaning.Empties empties => (empties.Path, "emptied"),
            _ => (entry.Name, KindOf(entry.Kind)),
        };
        var isDevice = entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        return new(Readable(path), kind, Convert.ToString(entry.Mode, 8).PadLeft(4, '0'), entry.Uid, entry.Gid, entry.Size, entry.ModifiedAt)
        {
            PathHex = IsUtf8(path) ? null : Convert.ToHexStringLower(ByteText.ToBytes(path)),
            LinkTarget = entry.LinkTarget.Length > 0 ? Readable(entry.LinkTarget) : null,
            Device = isDevice ? string.Create(CultureInfo.InvariantCulture, $"{entry.DeviceMajor},{entry.DeviceMinor}") : null,
            Attributes = entry.Attributes.Count > 0 ? [.. entry.Attributes.Select(a => a.Name)] : null,
        };
    }

    /// <summary>The line as <c>tar -t</c> writes it, or <c>tar -tv</c>; a deletion says so, and a plus sign marks extended attributes.</summary>
    /// <remarks>Nothing in a name reaches the terminal but what can be printed: the rest is written as <c>\n</c> or three octal digits.</remarks>
    public static string Text(TarEntry entry, bool isLong)
    {
        var (path, mark) = Whiteout.Of(entry) switch
        {
            WhiteoutMeaning.Deletes deletes => (deletes.Path, "deleted"),
            WhiteoutMeaning.Empties empties => (empties.Path + "/", "emptied"),
            _ => (entry.Kind == TarEntryKind.Directory ? entry.Name + "/" : entry.Name, ""),
        };
        var shown = Escaped(path.Length == 0 || path == "/" ? "./" : path);
        if (mark.Length > 0) return isLong ? $"{mark,-11} {"",39} {shown}" : $"{shown} ({mark})";
        if (!isLong) return shown;
        var size = entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? $"{entry.DeviceMajor},{entry.DeviceMinor}" : entry.Size.ToString(CultureInfo.InvariantCulture);
        var owner = string.Create(CultureInfo.InvariantCulture, $"{entry.Uid}/{entry.Gid}");
        var link = entry.Kind switch
        {
            TarEntryKind.SymbolicLink => $" -> {Escaped(entry.LinkTarget)}",
            TarEntryKind.HardLink => $" link to {Escaped(entry.LinkTarget)}",
            _ => "",
        };
        return $"{Letters(entry)}{(entry.Attributes.Count > 0 ? '+' : ' ')} {owner}{size.PadLeft(Math.Max(1, 19 - owner.Length))} {Time(entry.ModifiedAt)} {shown}{link}";
    }

    private static string Time(long seconds) => seconds is > -62_135_596_800 and < 253_402_300_800
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : seconds.ToString(CultureInfo.InvariantCulture);

    private static string Letters(TarEntry entry)
    {
        Span<char> letters = stackalloc char[10];
        "-rwxrwxrwx".CopyTo(letters);
        letters[0] = entry.Kind switch
        {
            TarEntryKind.Directory => 'd',
            TarEntryKind.SymbolicLink => 'l',
            TarEntryKind.HardLink => 'h',
            TarEntryKind.Fifo => 'p',
            TarEntryKind.CharacterDevice => 'c',
            TarEntryKind.BlockDevice => 'b',
            _ => '-',
        };
        for (var bit = 0; bit < 9; bit++)
            if ((entry.Mode & (0x100 >> bit)) == 0) letters[bit + 1] = '-';
        if ((entry.Mode & 0x800) != 0) letters[3] = letters[3] == 'x' ? 's' : 'S';
        if ((entry.Mode & 0x400) != 0) letters[6] = letters[6] == 'x' ? 's' : 'S';
        if ((entry.Mode & 0x200) != 0) letters[9] = letters[9] == 'x' ? 't' : 'T';
        return new(letters);
    }

    /// <summary>A name with nothing in it that a terminal would act on.</summary>
    public static string Escaped(string text)
    {
        if (!text.Any(c => char.IsControl(c) || c == '\\' || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)) return text;
        var shown = new StringBuilder();
        foreach (var b in ByteText.ToBytes(text))
        {
            if (b == '\\') shown.Append("\\\\");
            else if (b == '\n') shown.Append("\\n");
            else if (b is >= 0x20 and < 0x7F) shown.Append((char)b);
            else shown.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }
        return shown.ToString();
    }

    // A byte that is no UTF-8 stands in the text as a low surrogate without a high one before it.
    private static bool IsUtf8(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1]))) return false;
        return true;
    }

    private static string Readable(string text) => IsUtf8(text) ? text : Encoding.UTF8.GetString(ByteText.ToBytes(text));

    private static string KindOf(TarEntryKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
