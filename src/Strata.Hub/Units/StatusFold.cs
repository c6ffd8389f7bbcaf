using Strata.Artifacts.Protocol;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Units;

/// <summary>Folds what a unit sends into one report. Pure.</summary>
internal static class StatusFold
{
    /// <summary>The report after <paramref name="status"/>: a full one replaces, a delta changes only what it names.</summary>
    public static UnitReport Apply(UnitReport before, UnitStatus status)
    {
        var items = (status.Items ?? []).Select(Item).ToList();
        var instances = (status.Instances ?? []).SelectMany(Instances).ToList();
        var platforms = Platforms(status.Nodes ?? []);
        var nodes = (status.Nodes ?? []).Select(Node).OrderBy(n => n.Id, StringComparer.Ordinal).ToEquatableList();
        if (status.IsDeltaInfo)
        {
            items = [.. before.Items.Where(old => !items.Any(i => (i.Id, i.Version) == (old.Id, old.Version))), .. items];
            instances = [.. before.Instances.Where(old => !instances.Any(i => Key(i) == Key(old))), .. instances];
            if (platforms.Count == 0) platforms = before.Platforms;
            if (nodes.Count == 0) nodes = before.Nodes;
        }
        return new(
            platforms,
            items.Where(i => i.State != "removed").OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.Version, StringComparer.Ordinal).ToEquatableList(),
            instances.OrderBy(i => i.ItemId, StringComparer.Ordinal).ThenBy(i => i.SubjectId, StringComparer.Ordinal).ThenBy(i => i.Index).ToEquatableList()) { Nodes = nodes };
    }

    private static (string, string, int) Key(ReportedInstance instance) => (instance.ItemId, instance.SubjectId, instance.Index);

    private static ReportedItem Item(ItemStatus status) =>
        new(Name(status.Item), status.Item.Type ?? "", status.Version, status.State, status.ErrorInfo?.Message);

    private static IEnumerable<ReportedInstance> Instances(InstancesStatus status) => status.Instances.Select(i =>
        new ReportedInstance(Name(status.Item), Name(status.Subject), i.Instance, status.Version, i.State, i.ErrorInfo?.Message));

    private static NodeRow Node(NodeStatus node) =>
        new(Name(node.Identity), node.Identity.Title, node.State, node.IsConnected, node.OsInfo.Version is { } version ? $"{node.OsInfo.Os} {version}" : node.OsInfo.Os, node.TotalRam, node.MaxDmips);

    private static string Name(Identity identity) => identity.Id ?? identity.Codename ?? "";

    /// <summary>What its runtimes run, or, where a node names none, what its processors are.</summary>
    private static EquatableList<Platform> Platforms(IEnumerable<NodeStatus> nodes) => nodes
        .SelectMany(node => node.Runtimes is { Length: > 0 } runtimes
            ? runtimes.Select(r => Platform(r.ArchInfo, r.OsInfo))
            : (node.Cpus ?? []).Select(c => Platform(c.ArchInfo, node.OsInfo)))
        .Distinct()
        .OrderBy(p => p.ToString(), StringComparer.Ordinal)
        .ToEquatableList();

    private static Platform Platform(ArchInfo arch, OsInfo os) => new(arch.Architecture, os.Os)
    {
        Variant = arch.Variant,
        OsVersion = os.Version,
        OsFeatures = (os.Features ?? []).Order(StringComparer.Ordinal).ToEquatableList(),
    };
}
