using System.Buffers;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Store;

/// <summary>Writes the entries of one layer into a directory, in overlayfs's form: whiteouts become devices 0:0, opaque directories an attribute.</summary>
/// <remarks>
/// Nothing is trusted: each path is walked component by component from the open root without following a link, so no entry can be placed outside.
/// Owners, modes with setuid, attributes, times and hard links are kept. Source: kernel, Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories".
/// </remarks>
/// <param name="root">An empty directory; not closed.</param>
public sealed class LayerUnpacker(DirectoryHandle root) : IDisposable
{
    private const int CopyBuffer = 128 * 1024;
    private const int ImplicitMode = 0x1ED;
    private const string OpaqueAttribute = "trusted.overlay.opaque";
    private readonly List<(string Name, DirectoryHandle Handle)> _path = [];
    private readonly Dictionary<string, long> _directoryTimes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _implicit = new(StringComparer.Ordinal) { "" };
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);

    /// <summary>Writes every entry of <paramref name="tar"/>, and then the times of directories, which writing into them has changed.</summary>
    /// <exception cref="ArchiveRefusedException">The layer holds what it must not; what was written so far is to be thrown away.</exception>
    public async Task UnpackAsync(TarLayerReader tar, CancellationToken cancellation)
    {
        while (await tar.NextAsync(cancellation) is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await PlaceAsync(entry, tar.Content, cancellation);
            }
            catch (PosixException refused) when (refused.Error == LibC.NameTooLong)
            {
                throw Refuse(ArchiveFault.TooLarge, entry, "has a name or target longer than the file system takes");
            }
        }
        foreach (var path in _implicit) _directoryTimes.TryAdd(path, 0);
        foreach (var (path, time) in _directoryTimes.OrderBy(directory => directory.Key, StringComparer.Ordinal))
            Enter(path, path).SetModifiedAt("", time);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave(0);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask PlaceAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        RefuseOverlayAttributes(entry);
        switch (Whiteout.Of(entry))
        {
            case WhiteoutMeaning.Malformed: throw Refuse(ArchiveFault.Misplaced, entry, "is a whiteout that names nothing");
            case WhiteoutMeaning.Empties(var path): MakeOpaque(Enter(path, entry.Name)); return;
            case WhiteoutMeaning.Deletes(var path): Delete(entry, path[(path.LastIndexOf('/') + 1)..]); return;
        }
        if (entry.Kind == TarEntryKind.Directory)
        {
            PlaceDirectory(entry);
            return;
        }
        if (entry.Name.Length == 0) throw Refuse(ArchiveFault.Misplaced, entry, "would replace the root by something that is no directory");
        var parent = Enter(entry.ParentName, entry.Name);
        RemoveWhiteout(parent, entry);
        await CreateAsync(parent, entry, content, cancellation);
        if (entry.Kind != TarEntryKind.HardLink) Finish(parent, entry.BaseName, entry);
    }

    private async ValueTask CreateAsync(DirectoryHandle parent, TarEntry entry, Stream content, CancellationToken cancellation)
    {
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                using (var file = parent.CreateFile(entry.BaseName))
                {
                    while (await content.ReadAsync(_buffer.AsMemory(0, CopyBuffer), cancellation) is > 0 and var read) file.Write(_buffer.AsSpan(0, read));
                }
                break;
            case TarEntryKind.SymbolicLink: parent.CreateSymbolicLink(entry.BaseName, entry.LinkTarget); break;
            case TarEntryKind.HardLink: Link(parent, entry); break;
            case TarEntryKind.Fifo: parent.CreateFifo(entry.BaseName); break;
            // The reader lets devices through for a base root file system alone; one of 0:0 would be a deletion to overlayfs.
            case TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice when (entry.DeviceMajor, entry.DeviceMinor) != (0, 0):
                parent.CreateDevice(entry.BaseName, entry.Kind == TarEntryKind.BlockDevice, entry.DeviceMajor, entry.DeviceMinor);
                break;
            default: throw Refuse(ArchiveFault.Device, entry, "is a device node, which no layer may bring");
        }
    }

    private void PlaceDirectory(TarEntry entry)
    {
        if (!_directoryTimes.TryAdd(entry.Name, entry.ModifiedAt)) throw Refuse(ArchiveFault.Duplicate, entry, "stands twice in the layer");
        Finish(Enter(entry.Name, entry.Name), "", entry);
    }

    private void Link(DirectoryHandle parent, TarEntry entry)
    {
        var target = new TarEntry { Name = entry.LinkTarget, Kind = TarEntryKind.File };
        // Walked on its own: the path that is open belongs to the entry.
        var open = new List<DirectoryHandle>();
        try
        {
            var from = root;
            foreach (var part in target.ParentName.Split('/', StringSplitOptions.RemoveEmptyEntries)) open.Add(from = from.OpenDirectory(part));
            if (from.Stat(target.BaseName)?.Kind is not (FileKind.File or FileKind.SymbolicLink or FileKind.Fifo))
                throw Refuse(ArchiveFault.Misplaced, entry, $"is a hard link to '{entry.LinkTarget}', which does not stand before it in the layer");
            parent.CreateHardLink(entry.BaseName, from, target.BaseName);
        }
        catch (PosixException missing) when (missing.Error is LibC.NoEntry or LibC.NotDirectory or LibC.Loop)
        {
            throw Refuse(ArchiveFault.Misplaced, entry, $"is a hard link to '{entry.LinkTarget}', which does not stand before it in the layer");
        }
        finally
        {
            foreach (var directory in open) directory.Dispose();
        }
    }

    /// <summary>Owner first, since a change of owner drops setuid and capabilities; time last, since all else changes it.</summary>
    private static void Finish(DirectoryHandle parent, string name, TarEntry entry)
    {
        parent.SetOwner(name, entry.Uid, entry.Gid);
        if (entry.Kind != TarEntryKind.SymbolicLink) parent.SetMode(name, entry.Mode);
        foreach (var attribute in entry.Attributes) SetAttribute(parent, name, attribute, entry);
        if (entry.Kind != TarEntryKind.Directory) parent.SetModifiedAt(name, entry.ModifiedAt);
    }

    private static void SetAttribute(DirectoryHandle parent, string name, ExtendedAttribute attribute, TarEntry entry)
    {
        try
        {
            parent.SetAttribute(name, attribute.Name, attribute.Bytes());
        }
        catch (PosixException refused) when (refused.Error is LibC.NotSupported or LibC.Invalid or LibC.NotPermitted or LibC.TooBig or LibC.OutOfRange)
        {
            throw Refuse(ArchiveFault.Unsupported, entry, $"has the attribute '{Quote.Short(attribute.Name)}', which this file system does not take");
        }
    }

    private void Delete(TarEntry entry, string hidden)
    {
        var parent = Enter(entry.ParentName, entry.Name);
        switch (parent.Stat(hidden))
        {
            case null: parent.CreateDevice(hidden, block: false, 0, 0); break;
            // The layer itself has something here: the deletion is of what lies below, and only a directory would let that through.
            case { Kind: FileKind.Directory }: MakeOpaque(Enter(entry.ParentName.Length == 0 ? hidden : $"{entry.ParentName}/{hidden}", entry.Name)); break;
        }
    }

    private static void RemoveWhiteout(DirectoryHandle parent, TarEntry entry)
    {
        if (parent.Stat(entry.BaseName) is not { } existing) return;
        if (!existing.IsOverlayWhiteout) throw Refuse(ArchiveFault.Duplicate, entry, "stands twice in the layer");
        parent.RemoveTree(entry.BaseName);
    }

    private static void MakeOpaque(DirectoryHandle directory) => directory.SetAttribute("", OpaqueAttribute, "y"u8);

    /// <summary>Opens the directory <paramref name="path"/>, making what is not there yet; the one before stays open as far as it is the same.</summary>
    private DirectoryHandle Enter(string path, string forEntry)
    {
        var depth = 0;
        var rest = path.AsSpan();
        var current = root;
        while (!rest.IsEmpty)
        {
            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? [] : rest[(slash + 1)..];
            if (depth < _path.Count && part.SequenceEqual(_path[depth].Name))
            {
                current = _path[depth++].Handle;
                continue;
            }
            Leave(depth++);
            var name = part.ToString();
            current = OpenOrMake(current, name, forEntry, out var made);
            if (made) _implicit.Add(path[..^(rest.IsEmpty ? 0 : rest.Length + 1)]);
            _path.Add((name, current));
        }
        Leave(depth);
        return current;
    }

    private static DirectoryHandle OpenOrMake(DirectoryHandle parent, string name, string forEntry, out bool isNew)
    {
        var existing = parent.Stat(name);
        isNew = existing is not { Kind: FileKind.Directory };
        if (existing is { Kind: FileKind.Directory }) return parent.OpenDirectory(name);
        if (existing is { IsOverlayWhiteout: false })
            throw new ArchiveRefusedException(ArchiveFault.Misplaced, forEntry, $"Entry '{forEntry}' lies below '{name}', which is a link or a file in the same layer.");
        if (existing is not null) parent.RemoveTree(name);
        parent.CreateDirectory(name, ImplicitMode);
        parent.SetMode(name, ImplicitMode);
        var made = parent.OpenDirectory(name);
        if (existing is not null) MakeOpaque(made);
        return made;
    }

    private void Leave(int depth)
    {
        while (_path.Count > depth)
        {
            _path[^1].Handle.Dispose();
            _path.RemoveAt(_path.Count - 1);
        }
    }

    /// <summary>Such attributes steer overlayfs: a redirect would show a unit's other files through the layer.</summary>
    private static void RefuseOverlayAttributes(TarEntry entry)
    {
        if (entry.Attributes.FirstOrDefault(a => a.Name.StartsWith("trusted.overlay.", StringComparison.Ordinal) || a.Name.StartsWith("user.overlay.", StringComparison.Ordinal)) is { } steering)
            throw Refuse(ArchiveFault.Unsupported, entry, $"has the attribute '{steering.Name}', which only overlayfs itself may write");
    }

    private static ArchiveRefusedException Refuse(ArchiveFault fault, TarEntry entry, string found) => new(fault, entry.Name, $"{entry} {found}.");
}
