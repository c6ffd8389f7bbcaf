using Strata.Artifacts.Json;
using Strata.Build.Feeds;
using Strata.Build.Trees;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>A finished layer in the cache: archive, description, lock, and the changed files themselves for children to build on.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Lowers">What lies under a child, topmost first; the last one is the base.</param>
internal sealed record CachedLayer(string Folder, LayerDescription Description, IReadOnlyList<string> Lowers)
{
    public const string ArchiveName = "layer.tar.gz", DescriptionName = "layer.json", LockName = "packages.lock", NotesName = "notes.json", UpperName = "upper", FindingsName = "findings.json";

    /// <summary>What the layer's maker should look at.</summary>
    public EquatableList<LayerFinding> Findings => FindingsJson.Read(File.ReadAllBytes(Path.Combine(Folder, FindingsName)));

    public string Archive => Path.Combine(Folder, ArchiveName);

    /// <summary>What normalising found.</summary>
    public IReadOnlyList<TreeNote> Notes => TreeNoteJson.Read(File.ReadAllBytes(Path.Combine(Folder, NotesName)));

    /// <summary>The packages in it.</summary>
    public PackageLock Lock() => PackageLockJson.Read(File.ReadAllBytes(Path.Combine(Folder, LockName)));

    /// <summary>The layer at <paramref name="folder"/>; null when it is not there.</summary>
    public static CachedLayer? Open(string folder, IReadOnlyList<string> lowers)
    {
        var description = Path.Combine(folder, DescriptionName);
        return File.Exists(description) && File.Exists(Path.Combine(folder, FindingsName)) ? new(folder, LayerDescriptionJson.Read(File.ReadAllBytes(description)), [Path.Combine(folder, UpperName), .. lowers]) : null;
    }

    /// <summary>Puts archive, description and lock into the deploy folder, each whole or not at all.</summary>
    /// <returns>The archive's path.</returns>
    public async Task<string> DeployAsync(string deploy, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(deploy, "layers", Description.Name)).FullName;
        var stem = $"{Description.Platform.Stem}-{Description.Version}";
        var archive = Path.Combine(folder, stem + ".tar.gz");
        // Each document stands under its name, and once more with the archive's stem, since several archives may share the folder.
        var documents = Description.Documents.Select(d => d.Name).Append(DescriptionName).SelectMany(name => new[] { (name, Path.Combine(folder, $"{stem}.{name}")), (name, Path.Combine(folder, name)) });
        // The description goes last: whoever sees it finds the archive it speaks of.
        foreach (var (from, to) in documents.Prepend((LockName, Path.Combine(folder, LockName))).Prepend((ArchiveName, archive)))
        {
            await using var source = File.OpenRead(Path.Combine(Folder, from));
            await Caching.BuildCache.WriteAsync(to, target => source.CopyToAsync(target, cancellation));
        }
        return archive;
    }
}
