using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads a package's header as rpm's database keeps it: a table of tags, then the data that they point to.</summary>
/// <remarks>Source: rpm 4.18, "RPM V4 Package format", "Header", and its list of tags. Numbers are big-endian.</remarks>
internal static class RpmHeader
{
    private const int MostTags = 4096, MostFiles = 1_000_000;
    private const int Name = 1000, Version = 1001, Release = 1002, Epoch = 1003, Vendor = 1011, License = 1014, Architecture = 1022, SourceRpm = 1044;
    private const int Modes = 1030, FolderIndexes = 1116, BaseNames = 1117, Folders = 1118;
    private const int FileType = 0xF000, DirectoryType = 0x4000;

    /// <summary>The package; null for what is none, such as an imported key.</summary>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public static InstalledPackage? Read(ReadOnlySpan<byte> header)
    {
        if (header.Length < 8) throw Damaged();
        var (count, length) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        if (count is < 0 or > MostTags || length < 0 || 8 + (16L * count) + length > header.Length) throw Damaged();
        var tags = new Dictionary<int, (int Type, int Offset, int Count)>();
        for (var i = 0; i < count; i++)
        {
            var entry = header.Slice(8 + (16 * i), 16);
            tags.TryAdd(
                BinaryPrimitives.ReadInt32BigEndian(entry),
                (BinaryPrimitives.ReadInt32BigEndian(entry[4..]), BinaryPrimitives.ReadInt32BigEndian(entry[8..]), BinaryPrimitives.ReadInt32BigEndian(entry[12..])));
        }
        var data = new Data(header.Slice(8 + (16 * count), length), tags);
        if (data.Text(Name) is not { Length: > 0 } name || data.Text(Version) is not { Length: > 0 } version || name == "gpg-pubkey") return null;
        return new(name, data.Text(Release) is { Length: > 0 } release ? $"{version}-{release}" : version, data.Text(Architecture) ?? "")
        {
            Type = "rpm",
            License = data.Text(License),
            Source = data.Text(SourceRpm),
            Vendor = data.Text(Vendor),
            Epoch = data.Number(Epoch)?.ToString(CultureInfo.InvariantCulture),
            Files = data.Files().ToEquatableList(),
        };
    }

    private static InvalidDataException Damaged() => new("A package's header in the rpm database is damaged.");

    private readonly ref struct Data(ReadOnlySpan<byte> data, IReadOnlyDictionary<int, (int Type, int Offset, int Count)> tags)
    {
        private readonly ReadOnlySpan<byte> _data = data;

        /// <summary>A string, the first one of a list.</summary>
        public string? Text(int tag) => Texts(tag, 1) is [var first, ..] ? first : null;

        public uint? Number(int tag) => tags.TryGetValue(tag, out var at) && at is { Type: 4, Count: > 0 } ? BinaryPrimitives.ReadUInt32BigEndian(Part(at.Offset, 4)) : null;

        /// <summary>Folder and base name of each file that is no directory.</summary>
        public List<string> Files()
        {
            var (folders, names) = (Texts(Folders, MostFiles), Texts(BaseNames, MostFiles));
            if (names.Count == 0) return [];
            if (!tags.TryGetValue(FolderIndexes, out var indexes) || indexes.Count < names.Count) throw Damaged();
            var places = Part(indexes.Offset, names.Count * 4);
            var modes = tags.TryGetValue(Modes, out var at) && at.Count >= names.Count ? Part(at.Offset, names.Count * 2) : default;
            var files = new List<string>(names.Count);
            var characters = 0L;
            for (var i = 0; i < names.Count; i++)
            {
                if (modes.Length > 0 && (BinaryPrimitives.ReadUInt16BigEndian(modes[(i * 2)..]) & FileType) == DirectoryType) continue;
                var place = BinaryPrimitives.ReadInt32BigEndian(places[(i * 4)..]);
                if (place < 0 || place >= folders.Count) throw Damaged();
                var path = (folders[place] + names[i]).TrimStart('/');
                // One long folder named by a million files is no real package.
                if ((characters += path.Length) > 64L << 20) throw Damaged();
                files.Add(path);
            }
            return files;
        }

        // Type 6 is a string, 8 a list of strings, 9 a string in several languages.
        private List<string> Texts(int tag, int most)
        {
            var texts = new List<string>();
            if (!tags.TryGetValue(tag, out var at) || at.Type is not (6 or 8 or 9)) return texts;
            if (at.Count > MostFiles) throw Damaged();
            var start = at.Offset;
            for (var i = 0; i < Math.Min(at.Count, most); i++)
            {
                if (start < 0 || start >= _data.Length) throw Damaged();
                var end = _data[start..].IndexOf((byte)0);
                if (end < 0) throw Damaged();
                texts.Add(Encoding.UTF8.GetString(_data.Slice(start, end)));
                start += end + 1;
            }
            return texts;
        }

        private ReadOnlySpan<byte> Part(int offset, int length) => offset >= 0 && length >= 0 && offset <= _data.Length - length ? _data.Slice(offset, length) : throw Damaged();
    }
}
