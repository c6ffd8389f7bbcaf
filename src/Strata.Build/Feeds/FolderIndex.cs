using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Strata.Build.Processes;

namespace Strata.Build.Feeds;

/// <summary>What the folders of a target's feeds offer, as apt is told of it.</summary>
/// <remarks>
/// A package's own description is what counts. Where a folder has an index that is newer than the package and names it with its size, the index
/// is believed, since reading thousands of packages takes minutes; a package that was added later is read itself, and one that is gone is left out.
/// apt is given its own names of architectures and no file names, so that nothing in a folder can lead it elsewhere.
/// </remarks>
internal sealed class FolderIndex
{
    private const string IndexName = "Packages";
    private const string LeftOutName = "left-out";
    private const string OwnArchitecture = "X-Feed-Architecture";
    private static readonly string[] Dropped = ["Filename", "Size", "MD5Sum", "SHA1", "SHA256", "SHA512", "SHA256sum", "Architecture", OwnArchitecture, "Status"];

    private FolderIndex(FolderScan scan, IReadOnlyDictionary<int, OfferedPackage> packages, ILookup<string, string> leftOut) =>
        (Scan, Packages, LeftOut) = (scan, packages, leftOut);

    /// <summary>The files.</summary>
    public FolderScan Scan { get; }

    /// <summary>What is offered, by the number that apt knows it by.</summary>
    public IReadOnlyDictionary<int, OfferedPackage> Packages { get; }

    /// <summary>Architectures that the target does not take, by the names of packages that there are for them.</summary>
    public ILookup<string, string> LeftOut { get; }

    /// <summary>Writes the index of <paramref name="scan"/> into the folder <paramref name="repository"/>.</summary>
    /// <exception cref="InvalidDataException">A file is no package.</exception>
    public static async Task WriteAsync(FolderScan scan, string repository, CancellationToken cancellation)
    {
        var known = new Dictionary<string, Paragraph>(StringComparer.Ordinal);
        foreach (var feed in scan.Feeds) ReadIndexes(feed.Folder!, known);
        var read = new ConcurrentDictionary<int, Paragraph>();
        await Parallel.ForAsync(0, scan.Files.Count, cancellation, async (number, stop) =>
        {
            var file = scan.Files[number];
            var path = scan.FullPath(file);
            read[number] = known.TryGetValue(path, out var paragraph) && IsOf(paragraph, file) ? paragraph : await ReadPackageAsync(path, stop);
        });
        await using var index = new StreamWriter(Path.Combine(repository, IndexName));
        await using var others = new StreamWriter(Path.Combine(repository, LeftOutName));
        // Of two equal packages apt takes the first.
        foreach (var (number, paragraph, own) in Ranked(scan, read))
        {
            if (!PackageArchitectures.Takes(scan.Feeds[scan.Files[number].Feed], scan.Oci, own))
            {
                others.Write($"{paragraph.Value("Package")} {own}\n");
                continue;
            }
            var name = PackageArchitectures.IsIndependent(own) ? PackageArchitectures.All : scan.Architecture;
            index.Write(paragraph.Without(Dropped));
            index.Write(string.Create(CultureInfo.InvariantCulture, $"Architecture: {name}\n{OwnArchitecture}: {own}\nFilename: ./{number}.deb\nSize: {scan.Files[number].Size}\n\n"));
        }
    }

    /// <summary>The index that was written for <paramref name="scan"/>.</summary>
    public static FolderIndex Read(FolderScan scan, string repository)
    {
        var packages = new Dictionary<int, OfferedPackage>();
        foreach (var paragraph in Paragraph.ReadAll(Path.Combine(repository, IndexName)))
        {
            var file = paragraph.Value("Filename");
            var number = int.Parse(file.AsSpan(2, file.Length - 6), CultureInfo.InvariantCulture);
            packages[number] = new(scan.Files[number], paragraph.Value("Package"), paragraph.Value("Version"), paragraph.Value(OwnArchitecture));
        }
        var others = File.ReadLines(Path.Combine(repository, LeftOutName)).Select(line => line.Split(' ', 2)).Where(words => words.Length == 2);
        return new(scan, packages, others.ToLookup(words => words[0], words => words[1], StringComparer.Ordinal));
    }

    private static IEnumerable<(int Number, Paragraph Paragraph, string Own)> Ranked(FolderScan scan, ConcurrentDictionary<int, Paragraph> read) =>
        from number in Enumerable.Range(0, scan.Files.Count)
        let feed = scan.Feeds[scan.Files[number].Feed]
        let paragraph = read[number]
        let own = feed.Architectures.Count > 0 && paragraph.Value("PackageArch") is { Length: > 0 } yocto ? yocto : paragraph.Value("Architecture")
        orderby PackageArchitectures.Rank(feed, own) descending, number
        select (number, paragraph, own);

    private static void ReadIndexes(string folder, Dictionary<string, Paragraph> known)
    {
        foreach (var directory in Directory.EnumerateFiles(folder, IndexName, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 8 }))
        {
            var written = new DateTimeOffset(File.GetLastWriteTimeUtc(directory)).ToUnixTimeMilliseconds();
            foreach (var paragraph in Paragraph.ReadAll(directory))
            {
                if (paragraph.Value("Filename") is { Length: > 0 } name)
                    known[Path.GetFullPath(Path.Combine(Path.GetDirectoryName(directory)!, name))] = paragraph with { WrittenAt = written };
            }
        }
    }

    private static bool IsOf(Paragraph paragraph, FolderFile file) =>
        paragraph.WrittenAt >= file.ModifiedAt && paragraph.Value("Size") == file.Size.ToString(CultureInfo.InvariantCulture);

    private static async Task<Paragraph> ReadPackageAsync(string path, CancellationToken cancellation)
    {
        var outcome = await new ExternalTool("dpkg-deb", ["--info", path, "control"]).RunAsync(cancellation);
        var paragraph = new Paragraph(outcome.Output);
        if (!outcome.IsSuccess || paragraph.Value("Package").Length == 0 || paragraph.Value("Version").Length == 0)
            throw new InvalidDataException($"{path} is no package ({Strata.Model.Identity.Quote.Short(outcome.Complaints is [var first, ..] ? first : "it names no package and version")}); remove it from the feed, or make it anew.");
        return paragraph;
    }
}

/// <summary>A package that a folder offers.</summary>
/// <param name="Architecture">As the package has it.</param>
internal sealed record OfferedPackage(FolderFile File, string Name, string Version, string Architecture);
