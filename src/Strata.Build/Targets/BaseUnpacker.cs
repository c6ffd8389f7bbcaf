using System.Security.Cryptography;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Oci;
using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Model.Identity;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>Makes a folder of a base in any form: in the cache, once for each content. Foreign bytes go through the readers of layers.</summary>
internal sealed class BaseUnpacker(BuildCache cache)
{
    // Changes whenever the same base would be unpacked otherwise; folders of other numbers are left alone.
    private const string Folder = "roots-2";
    private static readonly ArchiveLimits Limits = new() { Devices = true };

    /// <summary>The folder that holds what <paramref name="target"/> names.</summary>
    /// <exception cref="InvalidDataException">It is nothing that a base can be read from.</exception>
    /// <exception cref="ArchiveRefusedException">A tar or layout is damaged or hostile.</exception>
    /// <exception cref="ToolFailedException">An image cannot be mounted.</exception>
    public async Task<string> UnpackAsync(Target target, CancellationToken cancellation)
    {
        var found = BaseForms.Of(target.RootFs);
        if (target.Image is not null && found != BaseForm.OciLayout)
            throw new InvalidDataException($"'image' in {target.File} names an image of an OCI layout, and the base {target.RootFs} is none; remove it, or name the layout.");
        switch (found)
        {
            case BaseForm.Folder: return target.RootFs;
            case BaseForm.OciLayout: return await LayoutAsync(target, cancellation);
            case BaseForm.Tar:
                return await KeptAsync(await DigestOfAsync(target.RootFs, cancellation), scratch => TarAsync(target.RootFs, scratch.Folder("root"), null, cancellation));
            case var form:
                return await KeptAsync(await DigestOfAsync(target.RootFs, cancellation), scratch => MountedCopy.OfImage(form, target.RootFs).RunAsync(scratch.Root, scratch.Folder("root"), cancellation));
        }
    }

    private async Task<string> LayoutAsync(Target target, CancellationToken cancellation)
    {
        using var layout = DirectoryHandle.Open(target.RootFs);
        var image = await new OciLayoutReader(path => Open(layout, path)).ReadAsync(target.Image, target.Platform.Architecture, cancellation);
        return await KeptAsync(image.Manifest, async scratch =>
        {
            var names = image.Layers.Select((_, index) => image.Layers.Count == 1 ? "root" : $"l{index}").ToArray();
            foreach (var (layer, name) in image.Layers.Zip(names)) await LayerAsync(target.RootFs, layer, scratch.Folder(name), cancellation);
            if (names.Length > 1) await MountedCopy.OfLayers(names.Reverse()).RunAsync(scratch.Root, scratch.Folder("root"), cancellation);
        });
    }

    /// <summary>Unpacks a layer, held to both its digests.</summary>
    private static async Task LayerAsync(string layout, OciLayoutLayer layer, string into, CancellationToken cancellation)
    {
        var blob = Path.Combine(layout, layer.Path);
        await using (var file = new VerifyingStream(Regular(layout, layer.Path) ?? throw new ArchiveRefusedException(ArchiveFault.Damaged, layer.Path, $"'{layer.Path}' of the OCI layout is not there."), layer.Digest, layer.Size))
            await file.CopyToAsync(Stream.Null, cancellation);
        await TarAsync(blob, into, layer.DiffId, cancellation);
    }

    private static async Task TarAsync(string path, string into, DiffId? diffId, CancellationToken cancellation)
    {
        await using var tar = await TarStream.OpenAsync(path, Limits, cancellation);
        await using var content = diffId is { } promised ? new VerifyingStream(tar, promised, leaveOpen: true) : tar;
        using var reader = new TarLayerReader(content, Limits);
        using var folder = DirectoryHandle.Open(into);
        using var unpacker = new LayerUnpacker(folder);
        await unpacker.UnpackAsync(reader, cancellation);
    }

    private async Task<string> KeptAsync(Digest key, Func<ScratchFolder, Task> unpack)
    {
        var root = cache.At(Folder, key.Hex);
        if (Directory.Exists(root)) return root;
        using var scratch = cache.NewScratch();
        await unpack(scratch);
        var made = scratch.At("root");
        // Written without a flush each; the name in the cache promises that they are whole.
        using (var folder = DirectoryHandle.Open(made)) folder.FlushFileSystem();
        BuildCache.Publish(made, root);
        return root;
    }

    private static async Task<Digest> DigestOfAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Digest.FromHash(await SHA256.HashDataAsync(file, cancellation));
    }

    private static Stream? Regular(string layout, string path)
    {
        using var root = DirectoryHandle.Open(layout);
        return Open(root, path);
    }

    /// <summary>Opens a regular file and follows no link: a layout from elsewhere must not lead to other files of this machine.</summary>
    private static Stream? Open(DirectoryHandle layout, string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return layout.Stat(path)?.Kind == FileKind.File ? layout.OpenFile(path).AsStream() : null;
        if (layout.Stat(path[..slash])?.Kind != FileKind.Directory) return null;
        using var inner = layout.OpenDirectory(path[..slash]);
        return Open(inner, path[(slash + 1)..]);
    }
}
