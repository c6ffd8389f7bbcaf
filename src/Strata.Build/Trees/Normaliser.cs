using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Makes two trees comparable: takes out what differs from build to build, and what every sibling layer would write, by the published list.</summary>
/// <remarks>
/// Applied to parent and child alike, so that what is taken out becomes no deletion; the directories themselves are only read.
/// The list is <see cref="NormaliseList"/>, published in docs/formats/normalise.md.
/// </remarks>
public static class Normaliser
{
    private const int MostListed = 20;

    private static readonly ILookup<string, NormaliseRule> ByTop = NormaliseList.Rules.ToLookup(rule => rule.Top, StringComparer.Ordinal);

    /// <summary>The tree as it is compared.</summary>
    /// <exception cref="TreeRefusedException">A package database in it cannot be read.</exception>
    public static Tree Apply(Tree tree)
    {
        var kept = new List<TreeEntry>(tree.Entries.Count);
        var databases = new List<TreeEntry>();
        foreach (var entry in tree.Entries)
        {
            switch (RuleFor(entry.Path)?.Action)
            {
                case NormaliseAction.LeaveOut or NormaliseAction.Refuse: break;
                case NormaliseAction.Split when entry.Status.Kind == FileKind.File: databases.Add(entry); break;
                default: kept.Add(entry); break;
            }
        }
        return tree with { Entries = databases.Count == 0 ? kept : PackageDatabase.Split(tree, kept, databases) };
    }

    /// <summary>The tree with every time after <paramref name="latest"/>, in seconds since 1970, set to it.</summary>
    public static Tree Clamp(Tree tree, long latest) => tree with
    {
        Entries = [.. tree.Entries.Select(entry => entry.Status.ModifiedAt <= latest ? entry : entry with { Status = entry.Status with { ModifiedAt = latest } })],
    };

    /// <summary>Refuses content where a layer may have none.</summary>
    /// <param name="parent">As it was scanned.</param>
    /// <param name="child">As it was scanned.</param>
    /// <exception cref="TreeRefusedException">The child has files there that the parent has not, or has otherwise; directories are mount points and no content.</exception>
    public static void RefuseMisplaced(Tree parent, Tree child, CancellationToken cancellation)
    {
        var below = parent.Entries.Where(IsMisplaced).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var misplaced = new List<TreeEntry>();
        var unsure = new List<TreeEntry>();
        foreach (var entry in child.Entries.Where(IsMisplaced))
        {
            if (!below.TryGetValue(entry.Path, out var before) || DiffersInContent(before, entry)) misplaced.Add(entry);
            else if (entry.Status is { Kind: FileKind.File, Size: > 0 } && before.Identity != entry.Identity) unsure.Add(entry);
        }
        var changed = ContentComparison.FindDifferent(parent, child, unsure, 1, null, cancellation);
        misplaced.AddRange(unsure.Where(entry => changed.Contains(entry.Path)));
        if (misplaced.Count > 0) throw new TreeRefusedException([.. Sentences(misplaced, child.Root)]);
    }

    /// <summary>What in a layer its maker should know of, in the layer's order.</summary>
    public static IReadOnlyList<TreeNote> Notes(IEnumerable<LayerItem> items) =>
    [
        .. from item in items
           where item.Entry.Kind != TarEntryKind.Directory && Whiteout.Of(item.Entry) is WhiteoutMeaning.None
           let rule = RuleFor(item.Entry.Name)
           where rule is { Action: NormaliseAction.Report, Name.Length: > 0 }
           select new TreeNote(rule.Name, item.Entry.Name, rule.Reason),
    ];

    /// <summary>The first rule that covers <paramref name="path"/>; null when none does.</summary>
    internal static NormaliseRule? RuleFor(string path)
    {
        var slash = path.IndexOf('/');
        if (slash <= 0) return null; // no rule is about what stands in the root
        foreach (var rule in ByTop[path[..slash]])
        {
            if (rule.Covers(path)) return rule;
        }
        return null;
    }

    private static bool IsMisplaced(TreeEntry entry) =>
        entry.Status.Kind != FileKind.Directory && RuleFor(entry.Path) is { Action: NormaliseAction.Refuse };

    private static bool DiffersInContent(TreeEntry before, TreeEntry after) =>
        before.Status.Kind != after.Status.Kind
        || before.Status.Size != after.Status.Size
        || before.LinkTarget != after.LinkTarget
        || (before.Status.RdevMajor, before.Status.RdevMinor) != (after.Status.RdevMajor, after.Status.RdevMinor);

    private static IEnumerable<string> Sentences(List<TreeEntry> misplaced, string root)
    {
        foreach (var group in misplaced.GroupBy(entry => RuleFor(entry.Path)!))
        {
            var folder = group.Key.Pattern[..group.Key.Pattern.IndexOf('/', StringComparison.Ordinal)];
            foreach (var entry in group.Take(MostListed))
                yield return $"{group.Key.Name}: '/{Quote.Short(entry.Path)}' in '{root}' cannot be in a layer: /{folder} is {group.Key.Reason}. Remove it, or move it to where a unit keeps it.";
            if (group.Count() > MostListed) yield return $"{group.Key.Name}: and {group.Count() - MostListed} more below /{folder}; is something mounted there?";
        }
    }
}
