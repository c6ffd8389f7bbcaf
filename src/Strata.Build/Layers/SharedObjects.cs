using System.IO.Enumeration;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>Names under which the loader finds shared objects in what lies beneath a layer.</summary>
public static class SharedObjects
{
    /// <summary>Those of a tree, in the folders that services see of it.</summary>
    /// <param name="root">The tree: a base, or a base with layers on it.</param>
    /// <param name="visible">Top folders.</param>
    public static HashSet<string> Of(string root, IEnumerable<string> visible)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var top in visible.Select(v => Path.Combine(root, v)).Where(Directory.Exists))
        {
            if (File.ResolveLinkTarget(top, returnFinalTarget: false) is not null) continue; // lib points to usr/lib, which is looked into by itself
            names.UnionWith(new FileSystemEnumerable<string>(top, (ref FileSystemEntry entry) => entry.FileName.ToString(), new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.Contains(".so", StringComparison.Ordinal),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            });
        }
        return names;
    }

    /// <summary>Those of a layer, by its description.</summary>
    public static IEnumerable<string> Of(LayerDescription layer) =>
        layer.Binaries.SelectMany(b => new[] { b.Soname, Path.GetFileName(b.Path) }).Concat(layer.Libraries.SelectMany(l => l.Sonames)).OfType<string>();
}
