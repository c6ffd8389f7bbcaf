using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Which names of a tree are names of the same file.</summary>
internal sealed class HardLinks
{
    private static readonly IReadOnlyList<string> None = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _groups = new(StringComparer.Ordinal);

    public HardLinks(Tree tree)
    {
        var shared = tree.Entries.Where(entry => entry.Status.Links > 1 && entry.Status.Kind != FileKind.Directory).GroupBy(entry => entry.Identity);
        foreach (var group in shared)
        {
            string[] names = [.. group.Select(entry => entry.Path)];
            foreach (var name in names) _groups[name] = names;
        }
    }

    /// <summary>All names of the file that has this one; in the tree's order, and empty when it is the only one.</summary>
    public IReadOnlyList<string> NamesWith(string path) => _groups.TryGetValue(path, out var names) && names.Count > 1 ? names : None;

    /// <summary>Adds to <paramref name="changed"/> what has to be in a layer so that exactly the child's names are linked.</summary>
    /// <remarks>
    /// A hard link in a layer reaches only into the same layer: if one name of a file is in it, all are.
    /// And two names that stay linked from below, but are not linked in the child, have to be written apart.
    /// </remarks>
    public static void Complete(Tree child, HardLinks ofChild, HardLinks ofParent, HashSet<string> changed, Func<string, bool> survives)
    {
        int before;
        do
        {
            before = changed.Count;
            foreach (var path in child.Entries.Select(entry => entry.Path))
            {
                var wanted = ofChild.NamesWith(path);
                if (wanted.Any(changed.Contains))
                {
                    changed.UnionWith(wanted);
                    continue;
                }
                if (changed.Contains(path)) continue;
                string[] below = [.. ofParent.NamesWith(path).Where(name => survives(name) && !changed.Contains(name))];
                var same = below.Length <= 1 ? wanted.Count == 0 : below.SequenceEqual(wanted, StringComparer.Ordinal);
                if (!same) changed.Add(path);
            }
        }
        while (changed.Count != before);
    }
}
