using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>What a base root file system is kept as.</summary>
public enum BaseForm
{
    /// <summary>A folder: used where it stands.</summary>
    Folder,

    /// <summary>A folder that is an OCI layout: one image of it.</summary>
    OciLayout,

    /// <summary>A tar, compressed with gzip, xz, zstd, bzip2 or not at all.</summary>
    Tar,

    /// <summary>An ext2, ext3 or ext4 image.</summary>
    Ext4,

    /// <summary>A squashfs image.</summary>
    Squashfs,

    /// <summary>An EROFS image.</summary>
    Erofs,
}

/// <summary>Tells the form by the content, never by the name.</summary>
internal static class BaseForms
{
    private const int Superblock = 1024; // of ext4 and EROFS alike
    private const int Head = 2048;
    private const int TarMagic = 257;

    /// <summary>What <paramref name="path"/> is.</summary>
    /// <exception cref="InvalidDataException">It is nothing that a base can be read from.</exception>
    public static BaseForm Of(string path)
    {
        if (Directory.Exists(path)) return File.Exists(Path.Combine(path, Artifacts.Oci.OciLayoutReader.MarkerName)) ? BaseForm.OciLayout : BaseForm.Folder;
        var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        using var folder = DirectoryHandle.Open(Path.GetDirectoryName(real)!);
        // A pipe would wait for ever, and a device is not ours to read.
        if (folder.Stat(Path.GetFileName(real))?.Kind is not FileKind.File)
            throw new InvalidDataException($"The base {path} is neither a folder nor a file; name the folder, tar, OCI layout or image that holds it.");
        Span<byte> head = stackalloc byte[Head];
        using (var file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, Head, throwOnEndOfStream: false)];
        return Of(head) ?? throw new InvalidDataException(
            head.Length > 511 && head[510] == 0x55 && head[511] == 0xAA
                ? $"The base {path} is a disk with partitions; name an image of the partition that holds the root file system."
                : $"The base {path} is no tar and no ext4, squashfs or EROFS image; its first bytes are of nothing that a base can be read from.");
    }

    private static BaseForm? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("hsqs"u8)) return BaseForm.Squashfs;
        if (head.Length > TarMagic + 5 && head[TarMagic..].StartsWith("ustar"u8)) return BaseForm.Tar;
        if (head.Length >= Superblock + 64)
        {
            var super = head[Superblock..];
            if (super.StartsWith((ReadOnlySpan<byte>)[0xE2, 0xE1, 0xF5, 0xE0])) return BaseForm.Erofs;
            if (super[56] == 0x53 && super[57] == 0xEF) return BaseForm.Ext4;
        }
        return TarStream.IsCompressed(head) ? BaseForm.Tar : null;
    }
}
