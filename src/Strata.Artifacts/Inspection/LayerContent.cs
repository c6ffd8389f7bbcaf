using Strata.Artifacts.Describing;
using Strata.Artifacts.Layers;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>What one pass over a layer found, and the libraries that follow from it.</summary>
internal sealed class LayerContent
{
    private const int MostCharacters = 64 << 20; // names, lists and symbols of the largest layers come to about half of it
    private const long MostWritten = 512L << 20; // ten times what the documents of the largest layers come to
    private const int PerPart = 32, PerSymbol = 256; // what a path or symbol costs however short it is, in memory and around it in a document
    private const int MostEscaped = 8; // bytes of JSON for a character: six, and some for what stands around
    private const int MostFindings = 10_000;
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly PackageDatabases _databases = new();
    private readonly List<(string Folder, PythonModule Module)> _python = [];
    private readonly List<(string Folder, NodeModule Module)> _node = [];
    private readonly Dictionary<string, string> _records = new(StringComparer.Ordinal);
    private readonly List<(string Path, ElfFile Elf)> _binaries = [];
    private readonly List<(string Path, TarEntry Entry, FileRecord? File)> _listed = [];
    private readonly List<LayerFinding> _findings = [];
    private long _characters, _written, _unpacked, _latest;
    private EquatableList<string> _osVersions = [];

    /// <summary>Counts what is kept in memory until the end.</summary>
    /// <exception cref="ArchiveRefusedException">It is more than any real layer has.</exception>
    public void Keep(int characters)
    {
        if ((_characters += characters) > MostCharacters)
            throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", $"The layer's names, package lists and symbols come to more than {MostCharacters} characters. Make two layers of it.");
    }

    /// <summary>Counts what is looked up in or written into documents: the same name may be listed by many.</summary>
    /// <exception cref="ArchiveRefusedException">It is more than any real layer has.</exception>
    private void Write(long characters)
    {
        if ((_written += characters) > MostWritten)
            throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", "The layer's packages list its files so often, or its ELF files have so many symbols, that its documents would have no bound. Make two layers of it.");
    }

    /// <summary>Whether <see cref="Text"/> wants the content of a file.</summary>
    public static bool IsText(TarEntry entry) =>
        PackageDatabases.WantsText(entry.Name) || PythonModule.IsMetadata(entry.Name) || PythonModule.IsRecord(entry.Name) || OsRelease.Is(entry.Name)
        || (NodeModule.IsMetadata(entry.Name) && entry.Size <= NodeModule.Largest);

    /// <summary>Notes that an entry is there.</summary>
    public void Name(TarEntry entry)
    {
        _unpacked += entry.Size;
        _latest = Math.Max(_latest, entry.ModifiedAt);
        Report(EntryChecks.Of(entry));
        if (entry.Kind == TarEntryKind.Directory || Whiteout.IsReserved(entry.BaseName)) return;
        _files.Add(entry.Name);
        if (entry.Kind == TarEntryKind.SymbolicLink)
        {
            Keep(entry.LinkTarget.Length);
            _links[entry.Name] = entry.LinkTarget;
        }
        _databases.Name(entry.Name);
    }

    /// <summary>Takes in an entry for the list of all.</summary>
    /// <param name="file">Its hashes; null for what is no file.</param>
    public void List(TarEntry entry, FileRecord? file)
    {
        var path = Whiteout.Of(entry) switch
        {
            WhiteoutMeaning.Deletes deletes => deletes.Path,
            WhiteoutMeaning.Empties empties => empties.Path,
            _ => entry.Name,
        };
        if (path != entry.Name) Keep(entry.Name.Length + path.Length); // other names are counted already
        if (entry.Kind == TarEntryKind.HardLink) Keep(entry.LinkTarget.Length);
        if (entry.Attributes.Count > 0) Keep(entry.Attributes.Sum(a => a.Name.Length + a.Value.Length));
        _listed.Add((path, entry, file));
    }

    /// <summary>Takes in a text file.</summary>
    public void Text(string name, string text)
    {
        if (PackageDatabases.WantsText(name)) Kept(text, t => _databases.Text(name, t));
        else if (PythonModule.IsRecord(name)) Kept(text, t => _records[name] = t);
        else if (OsRelease.Is(name)) _osVersions = OsRelease.Versions(text);
        else if (NodeModule.IsMetadata(name) && NodeModule.Read(text) is { } node) _node.Add((Module(NodeModule.Folder(name), node.Name, node.Version), node));
        else if (PythonModule.IsMetadata(name) && PythonModule.Read(text) is { } python) _python.Add((Module(PythonModule.Folder(name), python.Name, python.Version), python));
    }

    /// <summary>Takes in the packages of an rpm database.</summary>
    public void Rpm(IReadOnlyList<InstalledPackage> packages)
    {
        Write(packages.Sum(p => (long)p.Files.Count * PerSymbol));
        Keep(packages.Sum(p => p.Characters));
        _databases.Add(packages, own: false);
    }

    /// <summary>Takes in an ELF file.</summary>
    public void Elf(TarEntry entry, ElfFile elf)
    {
        var names = elf.Symbols.Sum(s => s.Name.Length) + elf.Needed.Sum(n => n.Length) + elf.RunPath.Sum(p => p.Length) + (elf.Soname?.Length ?? 0) + (elf.Interpreter?.Length ?? 0) + (elf.BuildId?.Length ?? 0);
        var written = elf.Symbols.Sum(s => (long)PerSymbol + s.Name.Length + (s.Version?.Length ?? 0) + (s.From?.Length ?? 0)) + ((long)PerSymbol * (elf.Needed.Count + elf.RunPath.Count));
        Keep(names);
        Write(written);
        // What is small however it is escaped need not be written to know it.
        if (names + written > ElfIndex.LongestLine / MostEscaped && !ElfIndex.Takes(entry.Name, elf))
            NotRead(entry, $"names so many symbols and libraries that its line of {ElfIndex.FileName} would be longer than {ElfIndex.LongestLine} bytes");
        else _binaries.Add((entry.Name, elf));
    }

    /// <summary>Notes that a file could not be looked into.</summary>
    public void NotRead(TarEntry entry, string why) => Report([LayerRules.NotRead.Finding(entry.Name, $"it {why}, so what is in it is not listed.")]);

    /// <summary>The libraries, once all was seen.</summary>
    public LayerInspection Conclude(int entries)
    {
        var packages = _databases.Conclude(InLayer);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (package, _, paths) in packages)
        {
            foreach (var path in paths)
            {
                if (owners.TryAdd(path, package.Name) || owners[path] == package.Name) continue;
                Report([LayerRules.OwnedTwice.Finding(path, $"both {owners[path]} and {package.Name} own it; which of them it is from depends on the order of their installation.")]);
            }
        }
        Report(LinkChecks.Of(_links));
        var binaries = _binaries.OrderBy(b => b.Path, StringComparer.Ordinal).Select(b => new FoundBinary(b.Path, owners.GetValueOrDefault(b.Path), b.Elf)).ToEquatableList();
        var found = new LibraryList(_files, owners, binaries, packages, text => Write(PerPart + text)).With(_python, _records).With(_node).Conclude();
        if (found.Count == 0 && _files.Count == 0) Report([LayerRules.Empty.Finding("", "it brings no file; services that name it get nothing for it.")]);
        return new(
            found.Select(f => f.About).ToEquatableList(),
            binaries.Where(b => b.IsForHost).Select(b => b.Elf.Architecture!).Distinct().Order(StringComparer.Ordinal).ToEquatableList(),
            entries,
            _unpacked)
        {
            Found = found,
            Binaries = binaries,
            Files = _listed.Where(l => l.File is not null && !Whiteout.IsReserved(l.Entry.BaseName)).Select(l => l.File!).OrderBy(f => f.Path, StringComparer.Ordinal).ToEquatableList(),
            Listing = _listed.OrderBy(l => l.Path, PathOrder.Comparer).ThenBy(l => l.Entry.Name, StringComparer.Ordinal)
                .Select(l => new FoundEntry(l.Entry, l.File?.Sha256, owners.GetValueOrDefault(l.Entry.Name))).ToEquatableList(),
            Providers = Providers(binaries),
            LatestTime = _latest,
            OsVersions = _osVersions,
            Findings = _findings.Distinct().OrderBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal).ToEquatableList(),
        };
    }

    private HashSet<string> Providers(EquatableList<FoundBinary> binaries) =>
        [.. binaries.Select(b => b.Elf.Soname).OfType<string>(), .. _files.Select(f => f[(f.LastIndexOf('/') + 1)..]).Where(n => n.Contains(".so", StringComparison.Ordinal))];

    // Each is about the layer's maker's own work; ten thousand lines help nobody more than the first ones.
    private void Report(IEnumerable<LayerFinding> findings)
    {
        foreach (var finding in findings)
        {
            if (_findings.Count >= MostFindings) return;
            Keep(finding.Message.Length);
            _findings.Add(finding with { Path = Printable.Path(finding.Path), Message = Printable.Path(finding.Message) });
        }
    }

    // Packages list paths as they were built; on a merged /usr the file stands below usr.
    private string? InLayer(string listed)
    {
        var path = listed.TrimStart('/');
        return _files.TryGetValue(path, out var known) || _files.TryGetValue("usr/" + path, out known) ? known : null;
    }

    private void Kept(string text, Action<string> take)
    {
        Keep(text.Length);
        Write((long)PerPart * text.AsSpan().Count('\n'));
        take(text);
    }

    private string Module(string folder, string name, string version)
    {
        Keep(folder.Length + name.Length + version.Length);
        return folder;
    }
}
