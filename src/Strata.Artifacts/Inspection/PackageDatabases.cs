using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>The databases of dpkg, opkg and rpm in a layer: which packages are the layer's own, and which files are theirs.</summary>
/// <remarks>
/// A layer that changes a database brings the whole of it, with the base's packages in it. Its own are those of which it also brings the list of files,
/// or a part of a database that was split into one file for each package; of an rpm database that was not, those of whose files it brings one.
/// </remarks>
internal sealed class PackageDatabases
{
    private const string Parts = "status.d/", Info = "info/", RpmName = "rpmdb.sqlite";
    private const string Documentation = "usr/share/doc/", Copyright = "/copyright";

    private static readonly (string Folder, string Type)[] Folders =
    [
        ("var/lib/dpkg/", "deb"), ("var/lib/opkg/", "opkg"), ("usr/lib/opkg/", "opkg"), ("var/lib/rpm/", "rpm"), ("usr/lib/sysimage/rpm/", "rpm"),
    ];

    private readonly Dictionary<Key, InstalledPackage> _packages = [];
    private const int MostPackages = 100_000; // a whole distribution has less
    private readonly Dictionary<(string Type, string Stem), string> _lists = [];
    private readonly HashSet<(string Type, string Stem)> _own = [];
    private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);

    private readonly record struct Key(string Type, string Name, string Architecture);

    /// <summary>Whether <see cref="Text"/> wants the content of the file called <paramref name="name"/>.</summary>
    public static bool WantsText(string name)
    {
        if (name.StartsWith(Documentation, StringComparison.Ordinal)) return name.Length > Documentation.Length + Copyright.Length && name.EndsWith(Copyright, StringComparison.Ordinal);
        return Split(name) is { } part
            && (part.Name == "status" || part.Name.StartsWith(Parts, StringComparison.Ordinal)
                || (part.Name.StartsWith(Info, StringComparison.Ordinal) && Path.GetExtension(part.Name) is ".list" or ".control"));
    }

    /// <summary>Whether the file is rpm's database.</summary>
    public static bool IsRpm(string name) => Split(name) is { Type: "rpm", Name: RpmName };

    /// <summary>Notes that an entry is there.</summary>
    public void Name(string name)
    {
        // Any of these is new when a package is.
        if (Split(name) is { } part && part.Name.StartsWith(Info, StringComparison.Ordinal) && Path.GetExtension(part.Name) is ".list" or ".md5sums" or ".control")
            _own.Add((Split(name)!.Value.Type, Stem(name)));
    }

    /// <summary>Takes in a text file.</summary>
    public void Text(string name, string text)
    {
        if (name.StartsWith(Documentation, StringComparison.Ordinal))
        {
            if (CopyrightFile.License(text) is { } license) _licenses[name[Documentation.Length..^Copyright.Length]] = license;
            return;
        }
        var (type, part) = Split(name)!.Value;
        if (part.StartsWith(Info, StringComparison.Ordinal) && part.EndsWith(".list", StringComparison.Ordinal)) _lists[(type, Stem(name))] = text;
        else Add(InstalledPackage.Read(text, type), own: part != "status");
    }

    /// <summary>Takes in packages of rpm's database.</summary>
    public void Add(IEnumerable<InstalledPackage> packages, bool own)
    {
        foreach (var package in packages)
        {
            if (!package.IsPlausible) throw Refuse($"names the package '{Quote.Short(package.Name)}' with a name, version or other field of thousands of characters");
            if (_packages.Count >= MostPackages) throw Refuse($"names more than {MostPackages} packages");
            var key = new Key(package.Type, package.Name, package.Architecture);
            // opkg keeps a package twice: in its status without the licence, and in its control file without the state.
            _packages[key] = _packages.TryGetValue(key, out var known) && known.Version == package.Version && package.License is null
                ? package with { License = known.License, Source = known.Source }
                : package;
            if (own) _own.Add((package.Type, package.Name));
        }
    }

    /// <summary>The layer's own packages with their files in it, ordered by type, name, version.</summary>
    /// <param name="place">Gives a path as the layer has it; null when it does not.</param>
    public IReadOnlyList<(InstalledPackage Package, string? License, List<string> Paths)> Conclude(Func<string, string?> place)
    {
        var found = new List<(InstalledPackage, string?, List<string>)>();
        foreach (var package in _packages.Values.OrderBy(p => p.Type, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal)
            .ThenBy(p => p.Version, StringComparer.Ordinal).ThenBy(p => p.Architecture, StringComparer.Ordinal))
        {
            var (plain, full) = ((package.Type, package.Name), (package.Type, $"{package.Name}:{package.Architecture}"));
            var listed = Paths(_lists.GetValueOrDefault(full) ?? _lists.GetValueOrDefault(plain) ?? "").Concat(package.Files);
            var paths = listed.Select(place).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
            if (_own.Contains(plain) || _own.Contains(full) || (package.Type == "rpm" && paths.Count > 0))
                found.Add((package, package.License ?? _licenses.GetValueOrDefault(package.Name), paths));
        }
        return found;
    }

    private static (string Type, string Name)? Split(string name)
    {
        foreach (var (folder, type) in Folders)
            if (name.StartsWith(folder, StringComparison.Ordinal)) return (type, name[folder.Length..]);
        return null;
    }

    // info/libc6:amd64.list
    private static string Stem(string name) => Path.GetFileNameWithoutExtension(name);

    // opkg writes mode and link target behind a tab.
    private static IEnumerable<string> Paths(string list)
    {
        for (var (at, end) = (0, 0); at < list.Length; at = end + 1)
        {
            end = list.IndexOf('\n', at) is >= 0 and var found ? found : list.Length;
            var line = list.AsSpan(at, end - at);
            if (line.IndexOf('\t') is >= 0 and var tab) line = line[..tab];
            if (line.Trim('/') is { IsEmpty: false } path) yield return path.ToString();
        }
    }

    private static ArchiveRefusedException Refuse(string found) => new(ArchiveFault.TooLarge, "", $"The layer's package database {found}. No package manager writes that; make the layer anew.");
}
