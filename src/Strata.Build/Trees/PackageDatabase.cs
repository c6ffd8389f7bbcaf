using System.Text;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Splits the databases of dpkg, opkg and rpm, in which all packages stand, into a file for each package.</summary>
/// <remarks>
/// Of rpm's the file is the paragraph that <see cref="InstalledPackage.ToParagraph"/> makes. Of the others a paragraph stays as it is, but for the hour at which opkg installed it. Files are <c>status.d/NAME</c>, or <c>status.d/NAME:ARCHITECTURE</c> for a package
/// of a foreign architecture, with the owner of the status file, mode 0644 and time 0: dpkg writes the whole anew each time, so its own time says nothing.
/// Source: dpkg(1), "status"; deb-control(5); opkg's <c>Installed-Time</c>.
/// </remarks>
internal static class PackageDatabase
{
    private const string Folder = "status.d", RpmName = "rpmdb.sqlite";
    private const int LargestStatus = 64 << 20;
    private const int LargestList = 64 << 10;

    /// <summary><paramref name="kept"/> with the files that come from <paramref name="databases"/>, in order.</summary>
    /// <exception cref="TreeRefusedException">A database cannot be read; every mistake is listed.</exception>
    public static List<TreeEntry> Split(Tree tree, IReadOnlyList<TreeEntry> kept, IReadOnlyList<TreeEntry> databases)
    {
        using var root = DirectoryHandle.Open(tree.Root);
        var made = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        List<string> problems = [];
        foreach (var database in databases)
        {
            var folder = $"{database.ParentPath}/{Folder}";
            made.TryAdd(folder, Made(database, folder, FileKind.Directory, 0x1ED, default));
            foreach (var (name, content) in database.BaseName == RpmName ? Rpms(tree, database, problems) : Paragraphs(tree, root, database, problems))
                made[$"{folder}/{name}"] = Made(database, $"{folder}/{name}", FileKind.File, 0x1A4, content);
        }
        if (problems.Count > 0) throw new TreeRefusedException(problems);
        var all = new List<TreeEntry>(kept.Count + made.Count);
        foreach (var entry in kept)
        {
            // A folder that lies there stays as it is; of a part that lies there, the status file says what is newer.
            if (!made.ContainsKey(entry.Path)) all.Add(entry);
            else if (entry.Status.Kind == FileKind.Directory) made[entry.Path] = entry;
        }
        all.AddRange(made.Values);
        all.Sort((one, other) => TreeOrder.Instance.Compare(one.Path, other.Path));
        return all;
    }

    private static IEnumerable<(string Name, byte[] Content)> Paragraphs(Tree tree, DirectoryHandle root, TreeEntry database, List<string> problems)
    {
        if (database.Status.Size > LargestStatus)
        {
            problems.Add($"'/{database.Path}' in '{tree.Root}' has {database.Status.Size} bytes; a package database of over {LargestStatus} is not read. Is it one?");
            yield break;
        }
        var native = NativeArchitecture(root, tree, $"{database.ParentPath}/arch");
        foreach (var paragraph in Paragraphs(Read(root, database)))
        {
            if (NameOf(paragraph, native) is { } name) yield return (name, Content(paragraph));
            else problems.Add($"'/{database.Path}' in '{tree.Root}' has a paragraph that names no package: {Quote.Short(paragraph[0])}. Mend the package database.");
        }
    }

    // rpm may have a package in several versions and architectures at once, so all of them are in the name.
    private static IEnumerable<(string Name, byte[] Content)> Rpms(Tree tree, TreeEntry database, List<string> problems)
    {
        if (tree.Entries.Any(entry => entry.Path == database.Path + "-wal" && entry.Status.Size > 0))
        {
            problems.Add($"'/{database.Path}' in '{tree.Root}' has changes that stand only in the log beside it; run rpm --rebuilddb in that root file system.");
            return [];
        }
        try
        {
            using var file = File.OpenRead(Path.Combine(tree.Root, database.Path));
            var packages = RpmDatabase.Read(file);
            return [.. packages.Select(package => ($"{package.Name}-{package.Version}.{package.Architecture}", package)).Where(p => IsName(p.Item1)).Select(p => (p.Item1, ByteText.ToBytes(p.package.ToParagraph())))];
        }
        catch (InvalidDataException damaged)
        {
            problems.Add($"'/{database.Path}' in '{tree.Root}' cannot be split into its packages: {damaged.Message} Mend the package database.");
            return [];
        }
    }

    private static TreeEntry Made(TreeEntry database, string path, FileKind kind, int mode, ReadOnlyMemory<byte>? content) => new(
        path,
        new FileStatus { Kind = kind, Mode = mode, Uid = database.Status.Uid, Gid = database.Status.Gid, Size = content?.Length ?? 0, Links = 1 },
        "",
        []) { Content = kind == FileKind.File ? content : null };

    private static string Read(DirectoryHandle root, TreeEntry database)
    {
        var bytes = new byte[database.Status.Size];
        using var file = root.OpenFile(database.Path);
        return ByteText.FromBytes(bytes.AsSpan(0, file.ReadFull(bytes)));
    }

    // dpkg lists its architectures only when there is more than one; its own comes first.
    private static string? NativeArchitecture(DirectoryHandle root, Tree tree, string path) =>
        tree.Entries.FirstOrDefault(entry => entry.Path == path) is { Status: { Kind: FileKind.File, Size: > 0 and <= LargestList } } list
            ? Read(root, list).Split('\n')[0].Trim()
            : null;

    private static IEnumerable<List<string>> Paragraphs(string status)
    {
        var paragraph = new List<string>();
        foreach (var line in status.Split('\n'))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                paragraph.Add(line);
                continue;
            }
            if (paragraph.Count > 0) yield return paragraph;
            paragraph = [];
        }
        if (paragraph.Count > 0) yield return paragraph;
    }

    private static string? NameOf(List<string> paragraph, string? native)
    {
        if (Field(paragraph, "Package:") is not { Length: > 0 } package) return null;
        var architecture = Field(paragraph, "Architecture:");
        var name = native is null || architecture is null or "all" || architecture == native ? package : $"{package}:{architecture}";
        return IsName(name) ? name : null;
    }

    private static bool IsName(string name) =>
        name is not ("." or "..") && !name.Any(c => c is '/' || char.IsWhiteSpace(c) || char.IsControl(c)) && !Whiteout.IsReserved(name);

    private static string? Field(List<string> paragraph, string key) =>
        paragraph.Find(line => line.StartsWith(key, StringComparison.OrdinalIgnoreCase))?[key.Length..].Trim();

    private static byte[] Content(List<string> paragraph)
    {
        var text = new StringBuilder();
        foreach (var line in paragraph)
        {
            if (!line.StartsWith("Installed-Time:", StringComparison.OrdinalIgnoreCase)) text.Append(line).Append('\n');
        }
        return ByteText.ToBytes(text.ToString());
    }
}
