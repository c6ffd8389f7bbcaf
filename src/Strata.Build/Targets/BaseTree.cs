using System.Security.Cryptography;
using Strata.Artifacts.Inspection;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>A target's base root file system as a folder, with the digest that names its content.</summary>
/// <param name="Root">Full path; only read.</param>
public sealed record BaseTree(string Root, Digest Identity)
{
    /// <summary>dpkg's status file of the base.</summary>
    public string StatusFile => Path.Combine(Root, "var/lib/dpkg/status");

    /// <summary>Opens the base of <paramref name="target"/>: a tar is unpacked into the cache, and the identity is worked out once as long as no file changes.</summary>
    /// <exception cref="ToolFailedException">The tar cannot be unpacked.</exception>
    /// <exception cref="InvalidDataException">It holds nothing of what services are to see.</exception>
    public static async Task<BaseTree> OpenAsync(Target target, BuildCache cache, CancellationToken cancellation)
    {
        var root = Directory.Exists(target.RootFs) ? target.RootFs : await UnpackAsync(target.RootFs, cache, cancellation);
        if (!target.Visible.Any(name => Path.Exists(Path.Combine(root, name))))
            throw new InvalidDataException($"The base {root} holds none of the folders that services are to see ({string.Join(", ", target.Visible)}); it is no root file system. Correct 'rootfs' or 'visible' in {target.File}.");
        var fingerprint = TreeIdentity.Fingerprint(root);
        var known = Path.Combine(cache.Folder("identities"), fingerprint.Hex);
        if (File.Exists(known) && Digest.TryParse(await File.ReadAllTextAsync(known, cancellation), null, out var kept)) return new(root, kept);
        var identity = await Task.Run(() => TreeIdentity.Of(root, cancellation), cancellation);
        await BuildCache.WriteAsync(known, file => file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(identity.ToString()), cancellation).AsTask());
        return new(root, identity);
    }

    /// <summary>The packages that the base's own database names, by name.</summary>
    public IReadOnlyList<InstalledPackage> Packages() => File.Exists(StatusFile)
        ? [.. InstalledPackage.Read(File.ReadAllText(StatusFile)).OrderBy(p => p.Name, StringComparer.Ordinal)]
        : [];

    private static async Task<string> UnpackAsync(string tar, BuildCache cache, CancellationToken cancellation)
    {
        Digest digest;
        await using (var file = File.OpenRead(tar)) digest = Digest.FromHash(await SHA256.HashDataAsync(file, cancellation));
        var root = cache.At("roots", digest.Hex);
        if (Directory.Exists(root)) return root;
        using var scratch = cache.NewScratch();
        var partial = scratch.Folder("root");
        var unpack = new ExternalTool("tar", ["--numeric-owner", "--xattrs", "--xattrs-include=*", "-xpf", tar, "-C", partial]);
        (await unpack.RunAsync(cancellation)).OrFail($"Unpacking the base root file system {tar}");
        BuildCache.Publish(partial, root);
        return root;
    }
}
