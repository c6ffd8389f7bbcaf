using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>The digest that names the content of a root file system.</summary>
/// <remarks>
/// Over every entry in ordinal order: path, kind, mode, owner, link target or device number, extended attributes, and a file's bytes.
/// Not over times, nor over what stands in <c>dev</c>, <c>proc</c>, <c>run</c>, <c>sys</c>, <c>tmp</c>, which a running system fills,
/// nor over what only some forms of a base can keep: <c>lost+found</c> at the top, the mode of a link, labels of the host, access lists.
/// So the same content has the same identity as a folder, a tar, an OCI layout and an image.
/// Source: docs/formats/target.md.
/// </remarks>
internal static class TreeIdentity
{
    private const int BufferSize = 128 * 1024;
    private const int LinkMode = 0x1FF;
    private const string LostAndFound = "lost+found";
    private static readonly string[] Volatile = ["dev", "proc", "run", "sys", "tmp"];

    /// <summary>The identity; reads every file.</summary>
    /// <exception cref="InvalidDataException">The tree holds marks of overlayfs, so that it is a layer and no whole root file system.</exception>
    public static Digest Of(string root, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            Walk(root, (directory, name, path, status) =>
            {
                cancellation.ThrowIfCancellationRequested();
                if (status.IsOverlayWhiteout)
                    throw new InvalidDataException($"'{Quote.Short(path)}' in {root} marks a deletion: this is a layer, or the upper folder of an overlay, and no whole root file system.");
                Add(hash, path);
                Add(hash, (long)status.Kind, status.Kind == FileKind.SymbolicLink ? LinkMode : status.Mode, status.Uid, status.Gid);
                if (status.Kind is FileKind.SymbolicLink) Add(hash, directory.ReadLink(name));
                if (status.Kind is FileKind.CharacterDevice or FileKind.BlockDevice) Add(hash, status.RdevMajor, status.RdevMinor);
                if (status.Kind is FileKind.File or FileKind.Directory) Attributes(hash, directory, name);
                if (status.Kind is not FileKind.File) return;
                using var file = directory.OpenFile(name);
                while (file.Read(buffer) is > 0 and var read) content.AppendData(buffer, 0, read);
                hash.AppendData(content.GetHashAndReset());
            });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Digest.FromHash(hash.GetHashAndReset());
    }

    /// <summary>A digest that stays the same as long as nothing in the tree was touched; reads no file.</summary>
    public static Digest Fingerprint(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, root);
        Walk(root, (_, _, path, status) =>
        {
            Add(hash, path);
            Add(hash, status.Size, status.ModifiedAt, (long)status.Inode, status.Mode, status.Uid, status.Gid);
        });
        return Digest.FromHash(hash.GetHashAndReset());
    }

    /// <summary>Whether a path of a base is no part of its content: what a running system fills, and what a file system keeps for itself.</summary>
    public static bool IsLeftOut(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? path == LostAndFound : Volatile.Contains(path[..slash]) || path[..slash] == LostAndFound;
    }

    private static void Walk(string root, Action<DirectoryHandle, string, string, FileStatus> visit)
    {
        using var top = DirectoryHandle.Open(root);
        Walk(top, "", visit);
    }

    private static void Walk(DirectoryHandle directory, string above, Action<DirectoryHandle, string, string, FileStatus> visit)
    {
        foreach (var name in directory.Names())
        {
            if (directory.Stat(name) is not { } status || status.Kind == FileKind.Socket) continue;
            if (above.Length == 0 && name == LostAndFound) continue;
            var path = above.Length == 0 ? name : $"{above}/{name}";
            visit(directory, name, path, status);
            if (status.Kind != FileKind.Directory || (above.Length == 0 && Volatile.Contains(name))) continue;
            using var inner = directory.OpenDirectory(name);
            Walk(inner, path, visit);
        }
    }

    private static void Attributes(IncrementalHash hash, DirectoryHandle directory, string name)
    {
        foreach (var attribute in directory.Attributes(name).Where(a => !IsOfHost(a.Name)))
        {
            Add(hash, attribute.Name);
            Add(hash, attribute.Value);
        }
    }

    private static bool IsOfHost(string attribute) =>
        attribute is "security.selinux" or "security.ima" or "security.evm" or "security.SMACK64"
        || attribute.StartsWith("system.", StringComparison.Ordinal)
        || attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal)
        || attribute.StartsWith("user.overlay.", StringComparison.Ordinal);

    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? ByteText.ToBytes(text) : Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
