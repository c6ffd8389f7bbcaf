using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>The package files that lie in the folders of a target's feeds.</summary>
/// <param name="Feeds">The folders, in the order of the target file.</param>
/// <param name="Oci">The target's architecture by OCI's name.</param>
/// <param name="Files">In ordinal order of their paths, folder after folder.</param>
internal sealed record FolderScan(IReadOnlyList<PackageFeed> Feeds, string Oci, IReadOnlyList<FolderFile> Files)
{
    // Yocto's whole feed for one machine has about 50 000.
    private const int MostFiles = 500_000;

    // Architecture, and with a hierarchical feed letter and name below it.
    private const int MostLevels = 8;

    /// <summary>The package manager's name for the architecture, <c>amd64</c>.</summary>
    public string Architecture { get; } = PackageArchitectures.Debian(Oci);

    /// <summary>A digest that changes whenever a package file comes, goes or changes.</summary>
    public Digest Identity
    {
        get
        {
            var text = new StringBuilder($"folders 3 {Oci}\n");
            foreach (var feed in Feeds) text.Append(feed.Kind).Append(' ').Append(feed.Folder).Append(' ').AppendJoin(' ', feed.Architectures).Append('\n');
            foreach (var file in Files) text.Append(file.Feed).Append(' ').Append(file.Path).Append(' ').Append(file.Size).Append(' ').Append(file.ModifiedAt).Append('\n');
            return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>Looks through the folders and all below them; links to folders are not followed.</summary>
    /// <exception cref="InvalidDataException">A folder holds no package of its kind, or more than 500 000.</exception>
    public static FolderScan Of(IReadOnlyList<PackageFeed> feeds, string oci)
    {
        var files = new List<FolderFile>();
        for (var index = 0; index < feeds.Count; index++)
        {
            var feed = feeds[index];
            var found = Walk(feed.Folder!, "." + (feed.Kind == FeedKind.Debian ? "deb" : feed.KindName)).Take(MostFiles + 1).ToList();
            if (found.Count == 0) throw new InvalidDataException($"The feed {feed.Folder} holds no .{feed.KindName} file; correct 'path' in the target file, or build packages first.");
            if (found.Count > MostFiles) throw new InvalidDataException($"The feed {feed.Folder} holds more than {MostFiles} packages; name a folder with fewer.");
            files.AddRange(found.Select(f => f with { Feed = index }).OrderBy(f => f.Path, StringComparer.Ordinal));
        }
        return new(feeds, oci, files);
    }

    /// <summary>Full path of a file.</summary>
    public string FullPath(FolderFile file) => Path.Combine(Feeds[file.Feed].Folder!, file.Path);

    private static FileSystemEnumerable<FolderFile> Walk(string folder, string extension) => new(
        folder,
        (ref FileSystemEntry entry) => new FolderFile(
            0, Path.GetRelativePath(folder, entry.ToFullPath()), entry.Length, entry.LastWriteTimeUtc.ToUnixTimeMilliseconds()),
        new() { RecurseSubdirectories = true, MaxRecursionDepth = MostLevels, AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.EndsWith(extension, StringComparison.Ordinal),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };
}

/// <summary>A package file in a folder.</summary>
/// <param name="Feed">Which folder.</param>
/// <param name="Path">From that folder, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedAt">Milliseconds since 1970.</param>
internal sealed record FolderFile(int Feed, string Path, long Size, long ModifiedAt);
