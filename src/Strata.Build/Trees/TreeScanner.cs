using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Lists a directory tree with all that a layer can carry of it. Symbolic links are listed and never followed.</summary>
/// <remarks>Sockets are left out: no tar can carry one, and the program that made it makes it anew.</remarks>
public static class TreeScanner
{
    /// <summary>Scans the tree at <paramref name="root"/>.</summary>
    /// <exception cref="PosixException">It is no directory, or something in it cannot be read.</exception>
    public static Tree Scan(string root, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(root);
        using var directory = DirectoryHandle.Open(path);
        var entries = new List<TreeEntry> { Entry(directory, "", "", directory.Stat("")!.Value) };
        Scan(directory, "", entries, cancellation);
        return new(path, entries);
    }

    private static void Scan(DirectoryHandle directory, string above, List<TreeEntry> entries, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var name in directory.Names())
        {
            // Gone since the directory was read: as if it had never been there.
            if (directory.Stat(name) is not { } status || status.Kind == FileKind.Socket) continue;
            var path = above.Length == 0 ? name : $"{above}/{name}";
            entries.Add(Entry(directory, name, path, status));
            if (status.Kind != FileKind.Directory) continue;
            using var child = directory.OpenDirectory(name);
            Scan(child, path, entries, cancellation);
        }
    }

    private static TreeEntry Entry(DirectoryHandle directory, string name, string path, FileStatus status) => new(
        path, status,
        status.Kind == FileKind.SymbolicLink ? directory.ReadLink(name) : "",
        OfContent(directory.Attributes(name)));

    private static EquatableList<ExtendedAttribute> OfContent(EquatableList<ExtendedAttribute> all) =>
        all.Count == 0 || !all.Any(IsOfHost) ? all : all.Where(attribute => !IsOfHost(attribute)).ToEquatableList();

    /// <summary>Labels, measurements and overlay marks say how this machine keeps the file, not what it is.</summary>
    private static bool IsOfHost(ExtendedAttribute attribute) =>
        attribute.Name is "security.selinux" or "security.ima" or "security.evm" or "security.SMACK64"
        || attribute.Name.StartsWith("trusted.overlay.", StringComparison.Ordinal)
        || attribute.Name.StartsWith("user.overlay.", StringComparison.Ordinal);
}
