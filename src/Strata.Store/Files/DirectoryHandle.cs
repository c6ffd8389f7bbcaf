using System.Runtime.InteropServices;
using System.Text;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Store.Files;

/// <summary>An open directory, and what can be done to the names in it. No link is ever followed, so nothing below it leads out.</summary>
/// <remarks>
/// Names are single path components in <see cref="ByteText"/>; the empty name is the directory itself where that makes sense.
/// Every member throws <see cref="PosixException"/> when the kernel refuses.
/// </remarks>
public sealed unsafe class DirectoryHandle : IDisposable
{
    private const int DirectoryBuffer = 32 * 1024;
    private const int MaxAttributeBytes = 64 * 1024;
    private const int DirentName = 19;
    private static volatile bool _listsByPath;
    private int _fd;

    private DirectoryHandle(int fd, string path) => (_fd, Path) = (fd, path);

    /// <summary>How it was opened, for messages.</summary>
    public string Path { get; }

    internal int Descriptor => _fd >= 0 ? _fd : throw new ObjectDisposedException(nameof(DirectoryHandle));

    /// <summary>Opens the directory at <paramref name="path"/>; links on the way there are followed.</summary>
    public static DirectoryHandle Open(string path)
    {
        var fd = OpenAt(LibC.AtCurrentDirectory, path, LibC.ReadOnly | LibC.Directory | LibC.CloseOnExec);
        return fd >= 0 ? new(fd, path) : throw Failed("open", path);
    }

    /// <summary>Opens the directory <paramref name="name"/> in this one.</summary>
    public DirectoryHandle OpenDirectory(string name)
    {
        var fd = OpenAt(Descriptor, name, LibC.ReadOnly | LibC.Directory | LibC.NoFollow | LibC.CloseOnExec);
        return fd >= 0 ? new(fd, Join(name)) : throw Failed("open", Join(name));
    }

    /// <summary>Opens a file for reading. A path of several components is for trees of our own only: a link among all but the last is followed.</summary>
    public OpenedFile OpenFile(string name)
    {
        var fd = OpenAt(Descriptor, name, LibC.ReadOnly | LibC.NoFollow | LibC.CloseOnExec);
        return fd >= 0 ? new(fd, Path, name) : throw Failed("open", Join(name));
    }

    /// <summary>Makes a new file for writing; a name that exists is an error.</summary>
    public OpenedFile CreateFile(string name, int mode = 0x180)
    {
        fixed (byte* path = Terminated(name))
        {
            var fd = LibC.OpenAt(Descriptor, path, LibC.WriteOnly | LibC.Create | LibC.Exclusive | LibC.NoFollow | LibC.CloseOnExec, (uint)mode);
            return fd >= 0 ? new(fd, Path, name) : throw Failed("create", Join(name));
        }
    }

    /// <summary>Makes a directory.</summary>
    public void CreateDirectory(string name, int mode)
    {
        fixed (byte* path = Terminated(name)) Check(LibC.MakeDirectoryAt(Descriptor, path, (uint)mode), "mkdir", name);
    }

    /// <summary>Makes a symbolic link; the target is free text.</summary>
    public void CreateSymbolicLink(string name, string target)
    {
        fixed (byte* path = Terminated(name), to = Terminated(target)) Check(LibC.SymlinkAt(to, Descriptor, path), "symlink", name);
    }

    /// <summary>Gives the file <paramref name="existing"/> of another directory a name here.</summary>
    public void CreateHardLink(string name, DirectoryHandle from, string existing)
    {
        fixed (byte* path = Terminated(name), source = Terminated(existing)) Check(LibC.LinkAt(from.Descriptor, source, Descriptor, path, 0), "link", name);
    }

    /// <summary>Makes a named pipe.</summary>
    public void CreateFifo(string name) => CreateNode(name, 0x1000 | 0x180, 0);

    /// <summary>Makes a device node; needs root.</summary>
    public void CreateDevice(string name, bool block, uint major, uint minor)
    {
        var device = ((ulong)(major & 0xFFF) << 8) | ((ulong)(major & ~0xFFFu) << 32) | (minor & 0xFF) | ((ulong)(minor & ~0xFFu) << 12);
        CreateNode(name, (block ? 0x6000u : 0x2000u) | 0x180, device);
    }

    /// <summary>What the name stands for; null when there is none.</summary>
    public FileStatus? Stat(string name)
    {
        var result = stackalloc byte[FileStatus.StatxSize];
        fixed (byte* path = Terminated(name))
        {
            if (LibC.Statx(Descriptor, path, LibC.AtSymlinkNoFollow | LibC.AtEmptyPath, LibC.StatxBasic, result) == 0)
                return FileStatus.FromStatx(new(result, FileStatus.StatxSize));
        }
        return Marshal.GetLastPInvokeError() is LibC.NoEntry or LibC.NotDirectory ? null : throw Failed("stat", Join(name));
    }

    /// <summary>Target of a symbolic link.</summary>
    public string ReadLink(string name)
    {
        var buffer = new byte[4096];
        fixed (byte* path = Terminated(name), target = buffer)
        {
            var length = LibC.ReadLinkAt(Descriptor, path, target, (nuint)buffer.Length);
            return length >= 0 ? ByteText.FromBytes(buffer.AsSpan(0, (int)length)) : throw Failed("readlink", Join(name));
        }
    }

    /// <summary>Changes owner and group. The kernel then drops setuid, setgid and capabilities: set those afterwards.</summary>
    public void SetOwner(string name, uint uid, uint gid)
    {
        fixed (byte* path = Terminated(name)) Check(LibC.ChownAt(Descriptor, path, uid, gid, LibC.AtSymlinkNoFollow | LibC.AtEmptyPath), "chown", name);
    }

    /// <summary>Changes the mode; not for symbolic links, which have none.</summary>
    public void SetMode(string name, int mode)
    {
        fixed (byte* path = Terminated(name.Length == 0 ? "." : name)) Check(LibC.ChmodAt(Descriptor, path, (uint)mode, 0), "chmod", name);
    }

    /// <summary>Sets the time of last change, in seconds since 1970; the time of last access becomes the same.</summary>
    public void SetModifiedAt(string name, long seconds)
    {
        var times = stackalloc long[] { seconds, 0, seconds, 0 };
        fixed (byte* path = Terminated(name.Length == 0 ? "." : name)) Check(LibC.SetTimesAt(Descriptor, path, times, LibC.AtSymlinkNoFollow), "utimens", name);
    }

    /// <summary>Extended attributes in ordinal order of their names; none where the file system has no such thing.</summary>
    public EquatableList<ExtendedAttribute> Attributes(string name)
    {
        var size = ListAttributes(name, null, 0);
        if (size == 0 || (size < 0 && Marshal.GetLastPInvokeError() == LibC.NotSupported)) return [];
        if (size < 0) throw Failed("listxattr", Join(name));
        var list = new byte[size];
        fixed (byte* names = list) size = ListAttributes(name, names, (nuint)list.Length);
        if (size < 0) throw Failed("listxattr", Join(name));
        var found = new List<ExtendedAttribute>();
        fixed (byte* path = Terminated(ProcPath(name)))
        {
            foreach (var range in list.AsSpan(0, (int)size).Split((byte)0))
            {
                if (list[range] is { Length: > 0 } attribute && GetAttribute(path, attribute, name) is { } value)
                    found.Add(ExtendedAttribute.Of(Encoding.UTF8.GetString(attribute), value));
            }
        }
        return found.OrderBy(attribute => attribute.Name, StringComparer.Ordinal).ToEquatableList();
    }

    /// <summary>Sets one extended attribute.</summary>
    public void SetAttribute(string name, string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* path = Terminated(ProcPath(name)), key = Terminated(attribute), bytes = value)
        {
            Check(LibC.SetAttribute(path, key, bytes, (nuint)value.Length, 0), $"setxattr {attribute}", name);
        }
    }

    /// <summary>The names in this directory, in ordinal order.</summary>
    public IReadOnlyList<string> Names()
    {
        using var own = OpenDirectory(".");
        var names = new List<string>();
        var buffer = new byte[DirectoryBuffer];
        fixed (byte* entries = buffer)
        {
            while (true)
            {
                var length = (int)LibC.GetDirectoryEntries(own.Descriptor, entries, DirectoryBuffer);
                if (length < 0) throw Failed("readdir", Path);
                if (length == 0) break;
                for (var at = 0; at < length; at += MemoryMarshal.Read<ushort>(buffer.AsSpan(at + 16)))
                {
                    var name = buffer.AsSpan(at + DirentName);
                    var text = ByteText.FromBytes(name[..name.IndexOf((byte)0)]);
                    if (text is not ("." or "..")) names.Add(text);
                }
            }
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Moves a name to another directory of the same file system, over what is there.</summary>
    public void Rename(string name, DirectoryHandle to, string newName)
    {
        fixed (byte* from = Terminated(name), target = Terminated(newName)) Check(LibC.RenameAt(Descriptor, from, to.Descriptor, target), "rename", name);
    }

    /// <summary>Removes a name and everything below it. One that is not there is no error.</summary>
    public void RemoveTree(string name)
    {
        if (Stat(name) is not { } status) return;
        if (status.Kind == FileKind.Directory)
        {
            using var directory = OpenDirectory(name);
            foreach (var child in directory.Names()) directory.RemoveTree(child);
        }
        fixed (byte* path = Terminated(name))
        {
            if (LibC.UnlinkAt(Descriptor, path, status.Kind == FileKind.Directory ? LibC.AtRemoveDirectory : 0) != 0
                && Marshal.GetLastPInvokeError() != LibC.NoEntry)
                throw Failed("remove", Join(name));
        }
    }

    /// <summary>Makes the names in this directory outlast a power cut.</summary>
    public void Flush() => Check(LibC.Sync(Descriptor), "fsync", "");

    /// <summary>Makes everything on this directory's file system outlast a power cut: one call for a tree of thousands of files.</summary>
    public void FlushFileSystem() => Check(LibC.SyncFileSystem(Descriptor), "syncfs", "");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _fd, -1) is >= 0 and var fd) LibC.Close(fd);
    }

    /// <summary>By the kernel's call for a name in an open directory, or where there is none by a path through /proc, which takes it four times as long.</summary>
    private nint ListAttributes(string name, byte* list, nuint size)
    {
        if (!_listsByPath)
        {
            fixed (byte* path = Terminated(name))
            {
                var length = LibC.ListAttributesAt(LibC.ListAttributesAtCall, Descriptor, path, LibC.AtSymlinkNoFollow | LibC.AtEmptyPath, list, size);
                // A container may forbid what it does not know.
                if (length >= 0 || Marshal.GetLastPInvokeError() is not (LibC.NoSuchCall or LibC.NotPermitted)) return length;
            }
            _listsByPath = true;
        }
        fixed (byte* path = Terminated(ProcPath(name))) return LibC.ListAttributes(path, list, size);
    }

    private byte[]? GetAttribute(byte* path, byte[] attribute, string name)
    {
        var value = new byte[256];
        while (true)
        {
            nint length;
            fixed (byte* key = new byte[attribute.Length + 1], buffer = value)
            {
                attribute.CopyTo(new Span<byte>(key, attribute.Length));
                length = LibC.GetAttribute(path, key, buffer, (nuint)value.Length);
            }
            if (length >= 0) return value[..(int)length];
            var error = Marshal.GetLastPInvokeError();
            if (error == LibC.NoData) return null;
            if (value.Length >= MaxAttributeBytes) throw new PosixException("getxattr", Join(name), error);
            value = new byte[MaxAttributeBytes];
        }
    }

    private void CreateNode(string name, uint mode, ulong device)
    {
        fixed (byte* path = Terminated(name)) Check(LibC.MakeNodeAt(Descriptor, path, mode, device), "mknod", name);
    }

    // Older kernels have no call for attributes of a name in an open directory; this path is the same thing and follows no link either.
    private string ProcPath(string name) => name.Length == 0 ? $"/proc/self/fd/{Descriptor}/." : $"/proc/self/fd/{Descriptor}/{name}";

    private string Join(string name) => name.Length == 0 ? Path : $"{Path}/{name}";

    private void Check(int result, string call, string name)
    {
        if (result != 0) throw Failed(call, Join(name));
    }

    private static PosixException Failed(string call, string path) => new(call, path, Marshal.GetLastPInvokeError());

    private static int OpenAt(int directory, string path, int flags)
    {
        fixed (byte* bytes = Terminated(path)) return LibC.OpenAt(directory, bytes, flags, 0);
    }

    private static byte[] Terminated(string text)
    {
        var plain = new byte[text.Length + 1];
        if (Ascii.FromUtf16(text, plain, out var written) == System.Buffers.OperationStatus.Done && written == text.Length) return plain;
        var bytes = ByteText.ToBytes(text);
        Array.Resize(ref bytes, bytes.Length + 1);
        return bytes;
    }
}
