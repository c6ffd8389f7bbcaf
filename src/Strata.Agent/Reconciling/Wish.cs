using Strata.Agent.Obtaining;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Agent.Reconciling;

/// <summary>A desired status read as work. Pure.</summary>
internal static class Wish
{
    private const int MostInstances = 256;

    /// <summary>True when both ask for the same items and instances: certificates alone are no cause for work.</summary>
    public static bool IsSameWork(DesiredStatus a, DesiredStatus b) =>
        a.Items.SequenceEqual(b.Items)
        && a.Instances.Select(WithoutLabels).SequenceEqual(b.Instances.Select(WithoutLabels))
        && a.Subjects.SequenceEqual(b.Subjects);

    /// <summary>The instances to run of the items that can be had.</summary>
    /// <param name="images">By item id: the version and what it comes to; items that are not in it run nothing.</param>
    public static IReadOnlyList<ServiceInstance> Instances(DesiredStatus status, IReadOnlyDictionary<string, (string Version, ItemImage Image)> images) =>
    [
        .. from entry in status.Instances
           let item = entry.Item.Id ?? ""
           let subject = entry.Subject.Id ?? ""
           where images.ContainsKey(item) && subject.Length > 0 && IsActive(status, subject)
           orderby entry.Priority descending
           from index in Enumerable.Range(0, Math.Clamp(entry.NumInstances, 0, MostInstances))
           let image = images[item]
           select new ServiceInstance(new(item, subject, index), image.Version, image.Image.Layers, image.Image.Process),
    ];

    /// <summary>Subjects that the unit itself would have to report are not known to it, so their instances do not run.</summary>
    private static bool IsActive(DesiredStatus status, string subject) =>
        !status.Subjects.Any(s => s.Identity.Id == subject && s.IsReportedFromUnit);

    private static InstancesEntry WithoutLabels(InstancesEntry entry) => entry with { Labels = null };
}
