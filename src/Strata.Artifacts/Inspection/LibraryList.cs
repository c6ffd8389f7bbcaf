using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>Puts together what packages, metadata and ELF files say: each library with its files, its owner and its sonames.</summary>
/// <param name="count">Told the characters of each name that is looked up or listed; it may refuse.</param>
internal sealed class LibraryList(
    IReadOnlyCollection<string> files, IReadOnlyDictionary<string, string> owners, IReadOnlyList<FoundBinary> binaries,
    IReadOnlyList<(InstalledPackage Package, string? License, List<string> Paths)> packages, Action<long> count)
{
    private readonly List<FoundLibrary> _modules = [];
    private readonly Dictionary<string, string> _sonames = binaries.Where(b => b.Elf.Soname is not null).ToDictionary(b => b.Path, b => b.Elf.Soname!);
    private SortedFiles? _sorted;

    private SortedFiles Sorted => _sorted ??= new(files);

    /// <summary>Adds Python distributions.</summary>
    /// <param name="records">Content of the files that list their files, by path.</param>
    public LibraryList With(IEnumerable<(string Folder, PythonModule Module)> python, IReadOnlyDictionary<string, string> records)
    {
        foreach (var (folder, module) in python)
        {
            var (record, topLevel) = (records.GetValueOrDefault(folder + "/RECORD"), records.GetValueOrDefault(folder + "/top_level.txt"));
            count(folder.Length * ((long)(record ?? topLevel ?? "").AsSpan().Count('\n') + 1));
            var paths = PythonModule.Paths(folder, record, topLevel, Sorted).Select(Counted);
            Add("python", module.Name, module.Version, module.License, PackageUrl.Python(module.Name, module.Version), Owner(folder), paths);
        }
        return this;
    }

    /// <summary>Adds Node packages.</summary>
    public LibraryList With(IEnumerable<(string Folder, NodeModule Module)> node)
    {
        foreach (var (folder, module) in node)
        {
            // What lies in a node_modules below is another package's.
            var paths = Sorted.Below(folder).Select(Counted).Where(p => !p.AsSpan(folder.Length).Contains("/node_modules/", StringComparison.Ordinal));
            Add("npm", module.Name, module.Version, module.License, PackageUrl.Node(module.Name, module.Version), Owner(folder), paths);
        }
        return this;
    }

    /// <summary>All of them, ordered by type, name, version.</summary>
    public EquatableList<FoundLibrary> Conclude()
    {
        var system = packages.Select(p => new FoundLibrary(
            new(p.Package.Name, p.Package.Version, p.Package.Type)
            {
                License = p.License,
                Purl = p.Package.Purl,
                Files = p.Paths.Count,
                Sonames = Sonames(p.Paths),
            },
            p.Paths.Select(Counted).ToEquatableList()));
        var taken = _modules.SelectMany(m => m.Paths).ToHashSet(StringComparer.Ordinal);
        // A plug-in has no soname, and a program is no library: both belong to whoever brought them.
        var loose = binaries.Where(b => b.Elf.Soname is not null && b.Package is null && !taken.Contains(b.Path)).GroupBy(b => b.Elf.Soname!, StringComparer.Ordinal)
            .Select(g => new FoundLibrary(
                new(g.Key, VersionOf(g.Key), "elf") { Files = g.Count(), Sonames = [g.Key] },
                g.Select(b => b.Path).Order(StringComparer.Ordinal).ToEquatableList()));
        return system.Concat(_modules).Concat(loose)
            .OrderBy(f => f.About.Type, StringComparer.Ordinal).ThenBy(f => f.About.Name, StringComparer.Ordinal)
            .ThenBy(f => f.About.Version, StringComparer.Ordinal).ThenBy(f => f.About.Purl, StringComparer.Ordinal)
            .ThenBy(f => f.Paths.Count > 0 ? f.Paths[0] : "", StringComparer.Ordinal)
            .ToEquatableList();
    }

    private void Add(string type, string name, string version, string? license, string purl, string? owner, IEnumerable<string> of)
    {
        var paths = of.Distinct().Order(StringComparer.Ordinal).ToEquatableList();
        _modules.Add(new(new(name, version, type) { License = license, Purl = purl, Package = owner, Files = paths.Count, Sonames = Sonames(paths) }, paths));
    }

    // The metadata's own owner: the folder of an installed package holds nothing of another.
    private string? Owner(string folder) =>
        owners.GetValueOrDefault(folder) ?? Sorted.Below(folder).Select(p => owners.GetValueOrDefault(p)).FirstOrDefault(o => o is not null);

    private EquatableList<string> Sonames(IEnumerable<string> paths) =>
        paths.Select(p => _sonames.GetValueOrDefault(p)).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(Counted).ToEquatableList();

    private string Counted(string text)
    {
        count(text.Length);
        return text;
    }

    // libz.so.1 is version 1; libfoo-2.4.so is 2.4 by libtool's -release.
    private static string VersionOf(string soname)
    {
        if (soname.IndexOf(".so.", StringComparison.Ordinal) is >= 0 and var at) return soname[(at + 4)..];
        var stem = soname.EndsWith(".so", StringComparison.Ordinal) ? soname[..^3] : soname;
        var dash = stem.LastIndexOf('-');
        return dash > 0 && dash + 1 < stem.Length && char.IsAsciiDigit(stem[dash + 1]) ? stem[(dash + 1)..] : "";
    }
}
