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
/// Not over times, nor over what stands in <c>dev</c>, <c>proc</c>, <c>run</c>, <c>sys</c>, <c>tmp</c>, which a running system fills.
/// Source: docs/formats/target.md.
/// </remarks>
internal static class TreeIdentity
{
    private const int BufferSize = 128 * 1024;
    private static readonly string[] Volatile = ["dev", "proc", "run", "sys", "tmp"];

    /// <summary>The identity; reads every file.</summary>
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
                Add(hash, path);
                Add(hash, (long)status.Kind, status.Mode, status.Uid, status.Gid);
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
            var path = above.Length == 0 ? name : $"{above}/{name}";
            visit(directory, name, path, status);
            if (status.Kind != FileKind.Directory || (above.Length == 0 && Volatile.Contains(name))) continue;
            using var inner = directory.OpenDirectory(name);
            Walk(inner, path, visit);
        }
    }

    private static void Attributes(IncrementalHash hash, DirectoryHandle directory, string name)
    {
        foreach (var attribute in directory.Attributes(name).Where(a => !a.Name.StartsWith("trusted.overlay.", StringComparison.Ordinal)))
        {
            Add(hash, attribute.Name);
            Add(hash, attribute.Value);
        }
    }

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
