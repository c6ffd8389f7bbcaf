using Strata.Artifacts.Tar;
using Strata.Store.Files;

namespace Strata.Build.Installing;

/// <summary>A tree that is written to as if it were the root of the system: links on the way are followed, and lead nowhere outside of it.</summary>
/// <remarks>Follows the rules of dpkg: a directory that is there keeps its owner and mode, and never becomes a link. Source: dpkg(1); deb(5).</remarks>
/// <param name="root">Full path.</param>
internal sealed class RootedTree(string root) : IDisposable
{
    // What the kernel allows.
    private const int MostLinks = 40;
    private const int NewDirectoryMode = 0x1ED; // 0755
    private readonly DirectoryHandle _root = DirectoryHandle.Open(root);
    private readonly List<(string Name, DirectoryHandle Handle)> _open = [];
    private readonly Dictionary<string, string> _real = new(StringComparer.Ordinal) { [""] = "" };
    private readonly List<(string Path, long ModifiedAt)> _times = [];

    /// <summary>Puts an entry of a package in its place.</summary>
    /// <exception cref="ArchiveRefusedException">Something of another kind is in its place, or above it.</exception>
    public async Task PutAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        if (entry.Name.Length == 0) return;
        var directory = Enter(RealOf(entry.ParentName, entry));
        var name = entry.BaseName;
        var present = directory.Stat(name);
        if (entry.Kind == TarEntryKind.Directory)
        {
            if (present is { Kind: FileKind.SymbolicLink }) RealOf(entry.Name, entry);
            else if (present is null) MakeDirectory(directory, name, entry);
            else if (present.Value.Kind != FileKind.Directory) throw Misplaced(entry, "would be a directory where a file is");
            return;
        }
        if (present is { Kind: FileKind.Directory })
        {
            if (entry.Kind == TarEntryKind.SymbolicLink) return;
            throw Misplaced(entry, "would be a file where a directory is");
        }
        if (entry.Kind == TarEntryKind.HardLink)
        {
            Link(entry);
            return;
        }
        if (present is { Kind: FileKind.SymbolicLink }) Forget();
        directory.RemoveTree(name);
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                await WriteAsync(directory, name, content, cancellation);
                break;
            case TarEntryKind.SymbolicLink:
                directory.CreateSymbolicLink(name, entry.LinkTarget);
                break;
            case TarEntryKind.Fifo:
                directory.CreateFifo(name);
                break;
            default:
                throw Misplaced(entry, "is a device, which no layer may bring");
        }
        Dress(directory, name, entry);
        directory.SetModifiedAt(name, entry.ModifiedAt);
    }

    /// <summary>Writes a file of the package database; what was there is replaced.</summary>
    public void Write(string path, ReadOnlySpan<byte> content, int mode = 0x1A4)
    {
        var slash = path.LastIndexOf('/');
        var directory = Enter(RealOf(path[..slash], null));
        directory.RemoveTree(path[(slash + 1)..]);
        using (var file = directory.CreateFile(path[(slash + 1)..])) file.Write(content);
        directory.SetMode(path[(slash + 1)..], mode);
    }

    /// <summary>The text of a file; null when it is not there.</summary>
    public string? Read(string path)
    {
        var slash = path.LastIndexOf('/');
        var directory = Enter(RealOf(path[..slash], null));
        if (directory.Stat(path[(slash + 1)..]) is not { Kind: FileKind.File }) return null;
        using var reader = new StreamReader(directory.OpenFile(path[(slash + 1)..]).AsStream());
        return reader.ReadToEnd();
    }

    /// <summary>Removes a file that an earlier version of a package had; directories stay.</summary>
    public void RemoveFile(string path)
    {
        var slash = Math.Max(0, path.LastIndexOf('/'));
        var directory = Enter(RealOf(path[..slash], null));
        if (directory.Stat(path[(slash == 0 ? 0 : slash + 1)..]) is { } status && status.Kind != FileKind.Directory) directory.RemoveTree(path[(slash == 0 ? 0 : slash + 1)..]);
    }

    /// <summary>Gives new directories the times of their packages: what was put into them has changed those.</summary>
    public void Finish()
    {
        foreach (var (path, time) in Enumerable.Reverse(_times)) Enter(path).SetModifiedAt("", time);
        _times.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave(0);
        _root.Dispose();
    }

    private void MakeDirectory(DirectoryHandle parent, string name, TarEntry entry)
    {
        parent.CreateDirectory(name, NewDirectoryMode);
        Dress(parent, name, entry);
        _times.Add((RealOf(entry.Name, entry), entry.ModifiedAt));
    }

    private void Link(TarEntry entry)
    {
        var slash = Math.Max(0, entry.LinkTarget.LastIndexOf('/'));
        var targetDirectory = RealOf(entry.LinkTarget[..slash], entry);
        var targetName = entry.LinkTarget[(slash == 0 ? 0 : slash + 1)..];
        using var from = OpenAgain(targetDirectory);
        if (from.Stat(targetName) is not { } target || target.Kind == FileKind.Directory) throw Misplaced(entry, $"is a link to '{entry.LinkTarget}', which is no file");
        var directory = Enter(RealOf(entry.ParentName, entry));
        if (targetDirectory == RealOf(entry.ParentName, entry) && targetName == entry.BaseName) return;
        directory.RemoveTree(entry.BaseName);
        directory.CreateHardLink(entry.BaseName, from, targetName);
    }

    private static void Dress(DirectoryHandle directory, string name, TarEntry entry)
    {
        directory.SetOwner(name, entry.Uid, entry.Gid);
        if (entry.Kind != TarEntryKind.SymbolicLink) directory.SetMode(name, entry.Mode);
        foreach (var attribute in entry.Attributes)
        {
            if (attribute.Name.StartsWith("trusted.overlay.", StringComparison.Ordinal)) throw Misplaced(entry, $"has the attribute {attribute.Name}, which only overlayfs may write");
            directory.SetAttribute(name, attribute.Name, attribute.Bytes());
        }
    }

    private static async Task WriteAsync(DirectoryHandle directory, string name, Stream content, CancellationToken cancellation)
    {
        using var file = directory.CreateFile(name);
        var buffer = new byte[128 * 1024];
        while (await content.ReadAsync(buffer, cancellation) is > 0 and var read) file.Write(buffer.AsSpan(0, read));
    }

    /// <summary>The directory without links; what is missing is made.</summary>
    private string RealOf(string path, TarEntry? entry)
    {
        if (_real.TryGetValue(path, out var known)) return known;
        var rest = new Stack<string>(path.Split('/').Reverse());
        var real = new List<string>();
        var links = 0;
        while (rest.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                if (real.Count > 0) real.RemoveAt(real.Count - 1);
                continue;
            }
            var directory = Enter(string.Join('/', real));
            switch (directory.Stat(part))
            {
                case null:
                    directory.CreateDirectory(part, NewDirectoryMode);
                    directory.SetMode(part, NewDirectoryMode);
                    real.Add(part);
                    break;
                case { Kind: FileKind.Directory }:
                    real.Add(part);
                    break;
                case { Kind: FileKind.SymbolicLink }:
                    if (++links > MostLinks) throw Misplaced(entry, $"lies below '{path}', whose links lead in a circle", path);
                    var target = directory.ReadLink(part);
                    if (target.StartsWith('/')) real.Clear();
                    foreach (var step in target.Split('/').Reverse()) rest.Push(step);
                    break;
                default:
                    throw Misplaced(entry, $"lies below '{string.Join('/', real.Append(part))}', which is a file", path);
            }
        }
        // A directory is never replaced, so this stays true until a link is.
        return _real[path] = string.Join('/', real);
    }

    private void Forget()
    {
        _real.Clear();
        _real[""] = "";
    }

    /// <summary>Opens a directory whose path has no links; stays open for the next that is near.</summary>
    private DirectoryHandle Enter(string real)
    {
        var parts = real.Length == 0 ? [] : real.Split('/');
        var depth = 0;
        while (depth < parts.Length && depth < _open.Count && _open[depth].Name == parts[depth]) depth++;
        Leave(depth);
        for (; depth < parts.Length; depth++) _open.Add((parts[depth], Top.OpenDirectory(parts[depth])));
        return Top;
    }

    private DirectoryHandle OpenAgain(string real) => Enter(real).OpenDirectory(".");

    private DirectoryHandle Top => _open.Count > 0 ? _open[^1].Handle : _root;

    private void Leave(int depth)
    {
        while (_open.Count > depth)
        {
            _open[^1].Handle.Dispose();
            _open.RemoveAt(_open.Count - 1);
        }
    }

    private static ArchiveRefusedException Misplaced(TarEntry? entry, string found, string path = "") =>
        new(ArchiveFault.Misplaced, entry?.Name ?? path, $"{(entry is null ? $"'{path}'" : entry.ToString())} {found}.");
}
