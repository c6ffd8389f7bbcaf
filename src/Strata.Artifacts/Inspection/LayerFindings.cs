using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>What one pass over a layer found, and the libraries that follow from it.</summary>
internal sealed class LayerFindings
{
    private const int MostCharacters = 64 << 20; // names and package lists of the largest layers come to about half of it
    private const string Dpkg = "var/lib/dpkg/";
    private const string Info = Dpkg + "info/";
    private const string Parts = Dpkg + "status.d/";
    private const string Documentation = "usr/share/doc/";
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ownPackages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstalledPackage> _packages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);
    private readonly List<Library> _modules = [];
    private readonly List<(string Path, string Soname)> _sonames = [];
    private readonly SortedSet<string> _architectures = new(StringComparer.Ordinal);
    private long _characters;

    /// <summary>Counts what is kept in memory until the end.</summary>
    /// <exception cref="ArchiveRefusedException">It is more than any real layer has.</exception>
    public void Keep(int characters)
    {
        if ((_characters += characters) > MostCharacters)
            throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", $"The layer's names and package lists come to more than {MostCharacters} characters. Make two layers of it.");
    }

    /// <summary>Whether <see cref="Text"/> wants the content of the file called <paramref name="name"/>.</summary>
    public static bool IsText(string name) =>
        name == Dpkg + "status"
        || name.StartsWith(Parts, StringComparison.Ordinal)
        || (name.StartsWith(Info, StringComparison.Ordinal) && name.EndsWith(".list", StringComparison.Ordinal))
        || (name.StartsWith(Documentation, StringComparison.Ordinal) && name.EndsWith("/copyright", StringComparison.Ordinal))
        || IsPythonMetadata(name);

    /// <summary>Notes that an entry is there.</summary>
    public void Name(TarEntry entry)
    {
        if (entry.Kind != TarEntryKind.Directory) _files.Add(entry.Name);
        if (!entry.Name.StartsWith(Info, StringComparison.Ordinal)) return;
        // Either file is new when a package is; the status file itself also names what the base has.
        if (Path.GetExtension(entry.Name) is ".list" or ".md5sums") _ownPackages.Add(PackageOf(entry.Name));
    }

    /// <summary>Takes in a text file.</summary>
    public void Text(string name, string text)
    {
        Keep(text.Length);
        if (name == Dpkg + "status") Add(text, own: false);
        else if (name.StartsWith(Parts, StringComparison.Ordinal)) Add(text, own: true);
        else if (name.StartsWith(Info, StringComparison.Ordinal)) _lists[PackageOf(name)] = text;
        else if (name.StartsWith(Documentation, StringComparison.Ordinal)) AddLicense(name, text);
        else AddModule(text);
    }

    /// <summary>Takes in a shared object.</summary>
    public void SharedObject(string path, ElfFile elf)
    {
        if (elf.Architecture is { } architecture) _architectures.Add(architecture);
        if (elf.Soname is not { Length: > 0 } soname) return;
        Keep(soname.Length);
        _sonames.Add((path, soname));
    }

    /// <summary>The libraries, once all was seen.</summary>
    public LayerInspection Conclude(int entries, long unpackedSize)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (package, list) in _lists)
        {
            foreach (var line in list.AsSpan().EnumerateLines())
            {
                if (InLayer(line.ToString()) is not { } file) continue;
                counts[package] = counts.GetValueOrDefault(package) + 1;
                owners[file] = package;
            }
        }
        var sonames = _sonames.ToLookup(s => owners.GetValueOrDefault(s.Path), s => s.Soname);
        var packages = _packages.Values.Where(p => _ownPackages.Contains(p.Name)).Select(p => new Library(p.Name, p.Version, "deb")
        {
            License = _licenses.GetValueOrDefault(p.Name),
            Purl = p.Purl,
            Files = counts.GetValueOrDefault(p.Name),
            Sonames = [.. sonames[p.Name].Distinct().Order(StringComparer.Ordinal)],
        });
        var loose = sonames[null].Distinct().Select(soname => new Library(soname, VersionOf(soname), "elf") { Files = 1, Sonames = [soname] });
        return new(
            [.. packages.Concat(_modules.Distinct()).Concat(loose).OrderBy(l => l.Type, StringComparer.Ordinal).ThenBy(l => l.Name, StringComparer.Ordinal).ThenBy(l => l.Version, StringComparer.Ordinal)],
            [.. _architectures],
            entries,
            unpackedSize);
    }

    private void Add(string status, bool own)
    {
        foreach (var package in InstalledPackage.Read(status))
        {
            _packages[package.Name] = package;
            if (own) _ownPackages.Add(package.Name);
        }
    }

    // Machine-readable copyright: the licence of "Files: *", else the first one stated.
    private void AddLicense(string name, string text)
    {
        if (!text.StartsWith("Format:", StringComparison.OrdinalIgnoreCase)) return;
        var stanzas = ControlFile.Paragraphs(text).Where(p => p.GetValueOrDefault("License") is { Length: > 0 }).ToList();
        if ((stanzas.Find(p => p.GetValueOrDefault("Files") == "*") ?? stanzas.FirstOrDefault()) is { } stanza)
            _licenses[name[Documentation.Length..^"/copyright".Length]] = Quote.Short(stanza["License"]);
    }

    private void AddModule(string text)
    {
        if (ControlFile.Paragraphs(text).FirstOrDefault() is not { } fields) return;
        if (fields.GetValueOrDefault("Name") is not { Length: > 0 } name || fields.GetValueOrDefault("Version") is not { Length: > 0 } version) return;
        var license = fields.GetValueOrDefault("License-Expression") ?? fields.GetValueOrDefault("License");
        _modules.Add(new(name, version, "python")
        {
            License = license is { Length: > 0 } and not "UNKNOWN" ? Quote.Short(license) : null,
            Purl = $"pkg:pypi/{Uri.EscapeDataString(name.ToLowerInvariant().Replace('_', '-'))}@{Uri.EscapeDataString(version)}",
        });
    }

    // Packages list paths as they were built; on a merged /usr the file stands below usr.
    private string? InLayer(string line)
    {
        var path = line.TrimStart('/');
        return _files.Contains(path) ? path : _files.Contains("usr/" + path) ? "usr/" + path : null;
    }

    // info/libc6:amd64.list
    private static string PackageOf(string name) => Path.GetFileNameWithoutExtension(name[Info.Length..]).Split(':')[0];

    private static string VersionOf(string soname) => soname.IndexOf(".so.", StringComparison.Ordinal) is >= 0 and var at ? soname[(at + 4)..] : "";

    private static bool IsPythonMetadata(string name) =>
        name.EndsWith(".dist-info/METADATA", StringComparison.Ordinal)
        || name.EndsWith(".egg-info/PKG-INFO", StringComparison.Ordinal)
        || (name.EndsWith(".egg-info", StringComparison.Ordinal) && name.Contains("-packages/", StringComparison.Ordinal));
}
