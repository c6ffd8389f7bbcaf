using System.Text;
using Strata.Artifacts.Tar;
using Strata.Build.Feeds;

namespace Strata.Build.Installing;

/// <summary>The package database of a tree, kept as its own package manager would after an installation.</summary>
/// <remarks>
/// Packages whose scripts did not run stand in it as installed all the same: their content is there, and that is what the database is asked for.
/// Which scripts did not run stands in the lock. Source: dpkg(1), "Information files"; opkg's file formats.
/// </remarks>
internal sealed class PackageRecords
{
    private readonly RootedTree _tree;
    private readonly bool _isOpkg;
    private readonly string _statusPath;
    private readonly List<Paragraph> _paragraphs;

    private PackageRecords(RootedTree tree, bool isOpkg, string statusPath, List<Paragraph> paragraphs) =>
        (_tree, _isOpkg, _statusPath, _paragraphs) = (tree, isOpkg, statusPath, paragraphs);

    private string Info => _statusPath[..(_statusPath.LastIndexOf('/') + 1)] + "info/";

    /// <summary>Opens the database of a tree.</summary>
    /// <param name="kind">Of the packages.</param>
    /// <param name="lowers">What the tree lies on, topmost first.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static PackageRecords Open(RootedTree tree, FeedKind kind, IReadOnlyList<string> lowers)
    {
        var (path, _) = PackageDatabase.StatusFile(kind, lowers);
        using var text = new StringReader(tree.Read(path) ?? "");
        return new(tree, kind == FeedKind.Ipk, path, [.. Paragraph.ReadAll(text, path)]);
    }

    /// <summary>Notes a package and its files; the files of another version of it that are no longer among them go.</summary>
    /// <param name="files">In the order of the package.</param>
    public void Add(ControlFiles control, IReadOnlyList<TarEntry> files)
    {
        var name = control.Description.Value("Package");
        var architecture = control.Description.Value("Architecture");
        var stem = !_isOpkg && control.Description.Value("Multi-Arch") == "same" ? $"{name}:{architecture}" : name;
        RemoveOld(stem, files);
        _paragraphs.RemoveAll(p => p.Value("Package") == name && (_isOpkg || p.Value("Architecture") == architecture || p.Value("Multi-Arch") != "same"));
        _paragraphs.Add(StatusOf(control.Description));
        foreach (var member in control.Others) _tree.Write($"{Info}{stem}.{member.Name}", member.Content, member.Mode);
        if (_isOpkg) _tree.Write($"{Info}{stem}.control", Encoding.UTF8.GetBytes(control.Description.Without()));
        _tree.Write($"{Info}{stem}.list", Encoding.UTF8.GetBytes(ListOf(files)));
    }

    /// <summary>Writes the status file.</summary>
    public void Save()
    {
        var text = new StringBuilder();
        foreach (var paragraph in _paragraphs) text.Append(paragraph.Without()).Append('\n');
        _tree.Write(_statusPath, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private Paragraph StatusOf(Paragraph control)
    {
        const string Status = "Status: install ok installed\n";
        if (_isOpkg) return new(control.Without("Status", "Description", "Maintainer", "Section", "Priority", "Source", "Homepage", "OE", "License") + Status);
        var rest = control.Without("Status", "Package");
        return new($"Package: {control.Value("Package")}\n{Status}{rest}");
    }

    private string ListOf(IReadOnlyList<TarEntry> files)
    {
        var text = new StringBuilder();
        foreach (var entry in files)
        {
            var path = "/" + (entry.Name.Length == 0 ? "." : entry.Name);
            if (!_isOpkg) text.Append(path).Append('\n');
            else if (entry.Kind != TarEntryKind.Directory) text.Append(path).Append('\t').Append(Mode(entry)).Append(entry.Kind == TarEntryKind.SymbolicLink ? "\t" + entry.LinkTarget : "").Append('\n');
        }
        return text.ToString();
    }

    private static string Mode(TarEntry entry) => "0" + Convert.ToString((entry.Kind == TarEntryKind.SymbolicLink ? 0xA000 : 0x8000) | entry.Mode, 8);

    private void RemoveOld(string stem, IReadOnlyList<TarEntry> files)
    {
        if (_tree.Read($"{Info}{stem}.list") is not { } list) return;
        var kept = files.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = line.Split('\t')[0].Trim('/');
            if (path is not ("" or ".") && !kept.Contains(path)) _tree.RemoveFile(path);
        }
    }
}
