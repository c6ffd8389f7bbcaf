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
    /// <exception cref="InvalidDataException">There is such a file already, or the base is no root file system, or does not say what it is for.</exception>
    public async Task<string> WriteAsync(string folder, string rootFs, string? image, string? name, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetFullPath(folder), "target.yaml");
        if (File.Exists(file)) throw new InvalidDataException($"{file} is there already; name another folder, or remove it first.");
        if (!Path.Exists(rootFs)) throw new InvalidDataException($"There is no base '{rootFs}'; correct the path.");
        var draft = new Target { File = file, Name = "draft", RootFs = Path.GetFullPath(rootFs), Image = image, Platform = new(HostArchitecture) };
        var tree = await BaseTree.OpenAsync(draft, cache, cancellation);
        var facts = BaseFacts.Of(tree.Root, draft.Visible, cancellation);
        if (facts.Machines is not [{ Architecture: not "other" } most, ..])
            throw new InvalidDataException($"The visible folders of {rootFs} hold no ELF file for a machine that is known, so its architecture cannot be read from it; write the target.yaml by hand.");
        Directory.CreateDirectory(folder);
        var text = new TargetText(name ?? NameOf(facts.Release, most.Architecture), Relative(Path.GetDirectoryName(file)!, draft.RootFs), most.Architecture)
        {
            Image = image,
            Identity = tree.Identity,
            Suite = facts.Packages == PackageManager.Dpkg && facts.Release.GetValueOrDefault("ID") == "debian" ? facts.Release.GetValueOrDefault("VERSION_CODENAME") : null,
        }.Of(facts);
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

    private static string NameOf(IReadOnlyDictionary<string, string> release, string architecture)
    {
        string?[] parts = [release.GetValueOrDefault("ID") ?? "base", release.GetValueOrDefault("VERSION_CODENAME") ?? release.GetValueOrDefault("VERSION_ID"), architecture];
        var name = string.Concat(string.Join('-', parts.OfType<string>()).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')).TrimStart('.', '-');
        return name.Length <= LongestName ? name : name[..LongestName];
    }

    /// <summary>Relative when the base lies beside or beneath the file: the two may then be moved together.</summary>
    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path) is var relative && (relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)) ? path : relative;
}
