using System.Text;
using Strata.Build.Caching;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>Writes a <c>target.yaml</c> for a base that is there, out of what the base says of itself.</summary>
public sealed class TargetStarter(BuildCache cache)
{
    private const int LongestName = 64;

    /// <summary>Writes <c>target.yaml</c> into <paramref name="folder"/>.</summary>
    /// <param name="rootFs">The base, in any form.</param>
    /// <param name="image">Which image of an OCI layout is meant; null for the only one.</param>
    /// <param name="name">The target's name; null for one out of the base's release, version and architecture.</param>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">There is such a file already.</exception>
    /// <exception cref="InvalidDataException">The base is no root file system, or does not say what it is for.</exception>
    public async Task<string> WriteAsync(string folder, string rootFs, string? image, string? name, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetFullPath(folder), "target.yaml");
        if (File.Exists(file)) throw new IOException($"{file} is there already; name another folder, or remove it first.");
        if (!Path.Exists(rootFs)) throw new InvalidDataException($"There is no base '{rootFs}'; correct the path.");
        var draft = new Target { File = file, Name = "draft", RootFs = Path.GetFullPath(rootFs), Image = image, Platform = new(HostArchitecture) };
        var tree = await BaseTree.OpenAsync(draft, cache, cancellation);
        var facts = BaseFacts.Of(tree.Root, draft.Visible, cancellation);
        if (facts.Machines is not [{ Architecture: not "other" } most, ..])
            throw new InvalidDataException($"The visible folders of {rootFs} hold no ELF file for a machine that is known, so its architecture cannot be read from it; write the target.yaml by hand.");
        Directory.CreateDirectory(folder);
        var text = Text(facts, most.Architecture, Relative(Path.GetDirectoryName(file)!, draft.RootFs), image, name, tree.Identity);
        await BuildCache.WriteAsync(file, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).AsTask());
        return file;
    }

    // Decides only between images of an index that are told apart by their architecture; the target's own is then read from the files.
    private static string HostArchitecture => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        _ => "amd64",
    };

    private static string Text(BaseFacts facts, string architecture, string rootFs, string? image, string? name, Digest identity)
    {
        var release = facts.Release;
        var version = release.GetValueOrDefault("VERSION_CODENAME") ?? release.GetValueOrDefault("VERSION_ID");
        var text = new StringBuilder("# What layers are built for: a base root file system, its platform, and where packages come from.\nschemaVersion: 1\n");
        text.Append($"name: {name ?? NameOf(release, architecture)}\n");
        text.Append($"rootfs: {Quoted(rootFs)}\n");
        if (image is not null) text.Append($"image: {Quoted(image)}\n");
        text.Append("# What the base has to be; take the line out for a base that still changes.\n");
        text.Append($"identity: {identity}\n");
        text.Append($"architecture: {architecture}\nos: linux\n");
        if (version is not null) text.Append($"osVersion: {Quoted(version)}\n");
        text.Append("features: []\n");
        text.Append(Feeds(facts));
        text.Append("# Top folders of the base that services see on a unit.\n");
        text.Append($"visible: [{string.Join(", ", Target.DefaultVisible.Where(v => facts.TopFolders.Contains(v) || facts.TopLinks.ContainsKey(v)))}]\n");
        return text.ToString();
    }

    private static string Feeds(BaseFacts facts) => facts.Packages switch
    {
        PackageDatabase.Dpkg when facts.Release.GetValueOrDefault("ID") == "debian" && facts.Release.GetValueOrDefault("VERSION_CODENAME") is { } suite =>
            $"feeds:\n  - type: debian\n    suite: {suite}\n",
        PackageDatabase.Dpkg => Hint("dpkg", "deb"),
        PackageDatabase.Opkg => Hint("opkg", "ipk"),
        PackageDatabase.Rpm => Hint("rpm", "rpm"),
        _ => "# The base has no package database that is known, so layers for it are packed from trees: strata layer diff.\nfeeds: []\n",
    };

    private static string Hint(string manager, string type) =>
        $"# The base was made with {manager}. Packages come from a folder of them, as an image build leaves it:\n# feeds:\n#   - type: {type}\n#     path: deploy/{type}\nfeeds: []\n";

    private static string NameOf(IReadOnlyDictionary<string, string> release, string architecture)
    {
        string?[] parts = [release.GetValueOrDefault("ID") ?? "base", release.GetValueOrDefault("VERSION_CODENAME") ?? release.GetValueOrDefault("VERSION_ID"), architecture];
        var name = string.Concat(string.Join('-', parts.OfType<string>()).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')).TrimStart('.', '-');
        return name.Length <= LongestName ? name : name[..LongestName];
    }

    /// <summary>Relative when the base lies beside or beneath the file: the two may then be moved together.</summary>
    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path) is var relative && (relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)) ? path : relative;

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
