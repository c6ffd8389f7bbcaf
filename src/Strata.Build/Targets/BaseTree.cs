using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>A target's base root file system as a folder, with the digest that names its content.</summary>
/// <param name="Root">Full path; only read.</param>
public sealed record BaseTree(string Root, Digest Identity)
{
    // Changes whenever the identity of the same tree would be another.
    private const string Identities = "identities-2";

    /// <summary>Opens the base of <paramref name="target"/>: one that is no folder is unpacked into the cache, and the identity is worked out once as long as no file changes.</summary>
    /// <param name="acceptsAny">Also a base that is not the one whose identity the target names, to say what it is.</param>
    /// <exception cref="ToolFailedException">An image cannot be mounted.</exception>
    /// <exception cref="ArchiveRefusedException">A tar or an OCI layout is damaged or hostile.</exception>
    /// <exception cref="InvalidDataException">It holds nothing of what services are to see, or is not the base that the target names.</exception>
    public static async Task<BaseTree> OpenAsync(Target target, BuildCache cache, CancellationToken cancellation, bool acceptsAny = false)
    {
        var root = await new BaseUnpacker(cache).UnpackAsync(target, cancellation);
        if (!target.Visible.Any(name => Path.Exists(Path.Combine(root, name)) || IsLink(root, name)))
            throw new InvalidDataException($"The base {target.RootFs} holds none of the folders that services are to see ({string.Join(", ", target.Visible)}); it is no root file system. {(File.Exists(target.File) ? $"Correct 'rootfs' or 'visible' in {target.File}." : "Name another base.")}");
        var tree = new BaseTree(root, await IdentityAsync(root, cache, cancellation));
        return acceptsAny || target.Identity is not { } promised || promised == tree.Identity ? tree : throw new InvalidDataException(
            $"The base {target.RootFs} is not the one that {target.File} names: its identity is {tree.Identity}, and {promised} was expected. Bring the base back, or write the new identity down.");
    }

    /// <summary>The packages that the base's own database names, by name.</summary>
    public IReadOnlyList<InstalledPackage> Packages() => BasePackages.Of(Root);

    private static async Task<Digest> IdentityAsync(string root, BuildCache cache, CancellationToken cancellation)
    {
        var fingerprint = TreeIdentity.Fingerprint(root);
        var known = Path.Combine(cache.Folder(Identities), fingerprint.Hex);
        if (File.Exists(known) && Digest.TryParse(await File.ReadAllTextAsync(known, cancellation), null, out var kept)) return kept;
        var identity = await Task.Run(() => TreeIdentity.Of(root, cancellation), cancellation);
        await BuildCache.WriteAsync(known, file => file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(identity.ToString()), cancellation).AsTask());
        return identity;
    }

    // An absolute link (bin -> /usr/bin) leads into the base, not into this machine; looking behind it would be wrong.
    private static bool IsLink(string root, string name)
    {
        using var folder = DirectoryHandle.Open(root);
        return folder.Stat(name)?.Kind == FileKind.SymbolicLink;
    }
}
