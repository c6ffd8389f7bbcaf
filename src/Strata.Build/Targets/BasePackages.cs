using Strata.Artifacts.Inspection;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>The packages that the databases of a base name: dpkg's, opkg's or rpm's, whole or split into one file for each package.</summary>
/// <remarks>No link of the base is followed: it may lead out of it. Source: dpkg(1); opkg; rpm 4.18.</remarks>
internal static class BasePackages
{
    private const long LargestStatus = 64 << 20; // a full desktop's has about 5

    private static readonly (string Folder, string Type)[] Databases =
    [
        ("var/lib/dpkg", "deb"), ("var/lib/opkg", "opkg"), ("usr/lib/opkg", "opkg"), ("var/lib/rpm", "rpm"), ("usr/lib/sysimage/rpm", "rpm"),
    ];

    /// <summary>Ordered by name, version and architecture; each once.</summary>
    /// <exception cref="InvalidDataException">A database is damaged, or longer than any real one.</exception>
    public static IReadOnlyList<InstalledPackage> Of(string root)
    {
        using var top = DirectoryHandle.Open(root);
        return
        [
            .. Databases.SelectMany(database => Of(top, root, database.Folder, database.Type))
                .DistinctBy(p => (p.Name, p.Version, p.Architecture))
                .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Version, StringComparer.Ordinal).ThenBy(p => p.Architecture, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<InstalledPackage> Of(DirectoryHandle top, string root, string folder, string type)
    {
        if (type == "rpm" && BaseFacts.KindOf(top, $"{folder}/rpmdb.sqlite") == FileKind.File)
        {
            using var file = File.OpenRead(Path.Combine(root, folder, "rpmdb.sqlite"));
            foreach (var package in RpmDatabase.Read(file)) yield return package;
        }
        foreach (var path in Parts(top, root, folder).Prepend($"{folder}/status"))
        {
            if (BaseFacts.KindOf(top, path) != FileKind.File) continue;
            var file = new FileInfo(Path.Combine(root, path));
            if (file.Length > LargestStatus) throw new InvalidDataException($"The package database {file} of the base is longer than {LargestStatus} bytes.");
            foreach (var package in InstalledPackage.Read(File.ReadAllText(file.FullName), type)) yield return package;
        }
    }

    private static IEnumerable<string> Parts(DirectoryHandle top, string root, string folder)
    {
        if (BaseFacts.KindOf(top, $"{folder}/status.d") != FileKind.Directory) return [];
        using var parts = DirectoryHandle.Open(Path.Combine(root, folder, "status.d"));
        return parts.Names().Select(name => $"{folder}/status.d/{name}");
    }
}
