using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Demo;

/// <summary>A layer of the unit with those who use it.</summary>
/// <param name="Layer">Codename and version; the diff id for a layer that the demo did not build.</param>
/// <param name="Users">Services whose root is mounted over it, in ordinal order.</param>
/// <param name="Bytes">Disk space of its tree.</param>
internal sealed record WitnessedLayer(string Layer, DiffId DiffId, IReadOnlyList<string> Users, long Bytes)
{
    /// <summary>Bytes that a copy for each user would take beyond the one that is stored.</summary>
    public long Saved => Math.Max(0, Users.Count - 1) * Bytes;
}

/// <summary>One thing that had to be seen.</summary>
internal sealed record WitnessedFact(string What, bool Seen, string Detail);

/// <summary>Looks at a unit from outside: its mounts, /proc and its store, and not at what its agent reports.</summary>
/// <param name="store">The unit's store directory.</param>
/// <param name="logs">What its services printed.</param>
/// <param name="built">The layers that the demo built, by content.</param>
internal sealed class UnitWitness(string store, string logs, IReadOnlyDictionary<DiffId, LayerDescription> built)
{
    private readonly Dictionary<string, DiffId> _contentOf = new LayerStore(store).List().ToDictionary(held => held.Directory, held => held.DiffId);

    /// <summary>Containers whose root is mounted over this unit's store, one for each service.</summary>
    public IReadOnlyList<MountedContainer> Containers { get; } =
        [.. MountedContainer.Find(store).DistinctBy(c => c.Service).OrderBy(c => c.Service, StringComparer.Ordinal)];

    /// <summary>What the services printed of themselves.</summary>
    public IReadOnlyList<ServiceReport> Reports { get; } = ServiceReport.Read(logs);

    /// <summary>Codename and version of the built layers under <paramref name="container"/>, topmost first.</summary>
    public IReadOnlyList<string> LayersOf(MountedContainer container) =>
        [.. container.Lowers.Select(Content).OfType<DiffId>().Where(built.ContainsKey).Select(Name)];

    /// <summary>Every layer in the store.</summary>
    public IReadOnlyList<WitnessedLayer> Layers =>
    [
        .. _contentOf.Select(held => new WitnessedLayer(
                Name(held.Value),
                held.Value,
                [.. Containers.Where(c => c.Lowers.Any(lower => Content(lower) == held.Value)).Select(c => c.Service)],
                BytesOf(held.Key)))
            .OrderBy(layer => layer.Layer, StringComparer.Ordinal),
    ];

    /// <summary>Whether every container that has <paramref name="path"/> sees the store's own file there, and prints that it does.</summary>
    public IEnumerable<WitnessedFact> SharedFile(string path)
    {
        foreach (var container in Containers)
        {
            var stored = container.Lowers.Select(lower => (Lower: lower, Status: Stat(lower + path))).FirstOrDefault(s => s.Status is not null);
            var seen = Stat(container.See(path));
            var printed = Reports.SingleOrDefault(r => r.Service == container.Service);
            var owner = stored.Lower is null ? null : Content(stored.Lower);
            yield return new(
                $"{container.Service} sees the stored file {path}",
                seen is not null && stored.Status?.Inode == seen.Value.Inode && owner is not null && printed?.File == path && printed.Inode == seen.Value.Inode,
                $"inode {stored.Status?.Inode} in {(owner is { } id ? Name(id) : "no layer")}, {seen?.Inode} inside the container, {printed?.Inode} printed by the service");
        }
    }

    private DiffId? Content(string lower) => _contentOf.TryGetValue(lower, out var id) ? id : null;

    private string Name(DiffId id) => built.TryGetValue(id, out var layer) ? $"{layer.Codename} {layer.Version}" : $"service files {id.Hex[..12]}";

    private static FileStatus? Stat(string path)
    {
        try
        {
            using var folder = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
            return folder.Stat(Path.GetFileName(path));
        }
        catch (IOException)
        {
            return null; // the folder is not in this layer
        }
    }

    private static long BytesOf(string folder)
    {
        const int BlockBytes = 512;
        using var handle = DirectoryHandle.Open(folder);
        return handle.Names().Sum(name => handle.Stat(name) switch
        {
            { Kind: FileKind.Directory } directory => (directory.Blocks * BlockBytes) + BytesOf(Path.Combine(folder, name)),
            { Links: > 1 } linked => linked.Blocks * BlockBytes / linked.Links,
            { } file => file.Blocks * BlockBytes,
            null => 0,
        });
    }
}
