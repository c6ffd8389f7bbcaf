using System.Text;

namespace Strata.Build.Feeds;

/// <summary>The package database of a stack of trees: where it stands, and what apt is told of it.</summary>
/// <remarks>Source: dpkg(1), "status"; opkg's files in var/lib/opkg, in older releases usr/lib/opkg.</remarks>
internal static class PackageDatabase
{
    private static readonly string[] Debian = ["var/lib/dpkg/status"];
    private static readonly string[] Rpm = ["var/lib/rpm", "usr/lib/sysimage/rpm"];
    private static readonly string[] Opkg = ["var/lib/opkg/status", "usr/lib/opkg/status"];

    /// <summary>The database's file, from the root: where the topmost tree that has one has it.</summary>
    /// <param name="lowers">Topmost first; the last one is the base.</param>
    /// <exception cref="InvalidDataException">No tree has one.</exception>
    public static (string Path, string File) StatusFile(FeedKind kind, IReadOnlyList<string> lowers)
    {
        var known = kind == FeedKind.Ipk ? Opkg : Debian;
        foreach (var lower in lowers)
        {
            foreach (var path in known)
            {
                if (Path.Combine(lower, path) is var file && File.Exists(file)) return (path, file);
            }
        }
        throw Missing(lowers, known[0]);
    }

    /// <summary>The folder of rpm's database, from the root: where the topmost tree that has one has it.</summary>
    /// <inheritdoc cref="StatusFile"/>
    public static (string Path, string Folder) RpmFolder(IReadOnlyList<string> lowers)
    {
        foreach (var lower in lowers)
        {
            foreach (var path in Rpm)
            {
                if (Path.Combine(lower, path) is var folder && File.Exists(Path.Combine(folder, "rpmdb.sqlite"))) return (path, folder);
            }
        }
        throw Missing(lowers, Rpm[0] + "/rpmdb.sqlite");
    }

    private static InvalidDataException Missing(IReadOnlyList<string> lowers, string expected) => new(
        $"The base root file system {lowers[^1]} has no {expected}, so it is not known which packages it has; take the base before its package database was removed. With Yocto, IMAGE_FEATURES += \"package-management\" keeps it.");

    /// <summary>The database as apt reads it.</summary>
    /// <param name="architecture">apt's name of the target's.</param>
    public static string StatusFor(PackageFeed feed, IReadOnlyList<string> lowers, string architecture)
    {
        var (_, file) = StatusFile(feed.Kind, lowers);
        if (feed.Kind != FeedKind.Ipk) return File.ReadAllText(file);
        var text = new StringBuilder();
        foreach (var paragraph in Paragraph.ReadAll(file))
        {
            if (!paragraph.Value("Status").EndsWith(" installed", StringComparison.Ordinal)) continue;
            var name = PackageArchitectures.IsIndependent(paragraph.Value("Architecture")) ? PackageArchitectures.All : architecture;
            text.Append(paragraph.Without("Status", "Architecture", "Conffiles", "Description"));
            text.Append("Status: install ok installed\nArchitecture: ").Append(name).Append("\nDescription: -\nMaintainer: -\n\n");
        }
        return text.ToString();
    }
}
