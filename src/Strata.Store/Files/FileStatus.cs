using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Strata.Store.Files;

/// <summary>What a name in a directory stands for.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>What the kernel says of a file, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">The low twelve bits: permissions with setuid, setgid, sticky.</param>
/// <param name="Size">Bytes of a regular file; for a link the length of its target.</param>
/// <param name="ModifiedAt">Seconds since 1970, rounded down.</param>
/// <param name="Links">Number of names.</param>
/// <param name="Device">The file system it is on, major number in the high half.</param>
/// <param name="Inode">Its number there: device and inode name the file itself.</param>
/// <param name="Blocks">Units of 512 bytes that it takes on disk.</param>
/// <param name="RdevMajor">Major number, when it is a device node.</param>
/// <param name="RdevMinor">Minor number, when it is a device node.</param>
public readonly record struct FileStatus(
    FileKind Kind, int Mode, uint Uid, uint Gid, long Size, long ModifiedAt, uint Links, ulong Device, ulong Inode, long Blocks, uint RdevMajor, uint RdevMinor)
{
    internal const int StatxSize = 256;

    /// <summary>Whether it is overlayfs's mark of a deletion: a character device 0:0.</summary>
    public bool IsOverlayWhiteout => Kind == FileKind.CharacterDevice && RdevMajor == 0 && RdevMinor == 0;

    /// <summary>Reads the kernel's struct statx, whose layout is the same on every architecture.</summary>
    internal static FileStatus FromStatx(ReadOnlySpan<byte> s)
    {
        var mode = MemoryMarshal.Read<ushort>(s[28..]);
        var kind = (mode & 0xF000) switch
        {
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            0x1000 => FileKind.Fifo,
            0x2000 => FileKind.CharacterDevice,
            0x6000 => FileKind.BlockDevice,
            0xC000 => FileKind.Socket,
            _ => FileKind.File,
        };
        return new(
            kind, mode & 0xFFF, U32(s, 20), U32(s, 24), BinaryPrimitives.ReadInt64LittleEndian(s[40..]), BinaryPrimitives.ReadInt64LittleEndian(s[112..]),
            U32(s, 16), ((ulong)U32(s, 136) << 32) | U32(s, 140), BinaryPrimitives.ReadUInt64LittleEndian(s[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(s[48..]), U32(s, 128), U32(s, 132));
    }

    private static uint U32(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt32LittleEndian(s[at..]);
}
