using Strata.Store.Files;

namespace Strata.Store;

/// <summary>What start-up makes of what a crash left.</summary>
/// <param name="Removed">What was removed, relative to the store.</param>
public sealed record Recovery(IReadOnlyList<string> Removed)
{
    /// <summary>Removes everything that is half-written or that nothing names any more. Call it once, before anything else uses the store.</summary>
    /// <param name="held">Proof that no other process is writing here.</param>
    public static Recovery Run(StoreLock held)
    {
        var removed = new List<string>();
        Empty(StoreLayout.Ingest(held.Root), _ => true, removed);

        var layers = new DirectoryInfo(StoreLayout.Layers(held.Root));
        var trees = StoreLayout.Trees(held.Root);
        if (!layers.Exists || !Directory.Exists(trees)) return new(removed);
        Empty(layers.FullName, name => TreeOf(layers, name) is not { } tree || !Directory.Exists(Path.Combine(trees, tree)), removed);
        var named = layers.EnumerateFileSystemInfos().Select(link => TreeOf(layers, link.Name)).ToHashSet(StringComparer.Ordinal);
        Empty(trees, name => !named.Contains(name), removed);
        return new(removed);
    }

    private static string? TreeOf(DirectoryInfo layers, string name) =>
        new FileInfo(Path.Combine(layers.FullName, name)).LinkTarget is { } link ? Path.GetFileName(link) : null;

    private static void Empty(string path, Func<string, bool> isGarbage, List<string> removed)
    {
        if (!Directory.Exists(path)) return;
        using var directory = DirectoryHandle.Open(path);
        foreach (var name in directory.Names().Where(isGarbage))
        {
            directory.RemoveTree(name);
            removed.Add($"{Path.GetFileName(path)}/{name}");
        }
    }
}
