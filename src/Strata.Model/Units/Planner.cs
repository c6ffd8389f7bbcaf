using Strata.Model.Identity;

namespace Strata.Model.Units;

/// <summary>One thing to do on the unit. Data: it can be printed, compared and refused before anything happens.</summary>
public abstract record Step
{
    private Step() { }

    /// <summary>Download, verify and unpack a layer that the store does not hold.</summary>
    public sealed record Obtain(LayerBlob Layer) : Step;

    /// <summary>Stop an instance and take its mount away.</summary>
    public sealed record Stop(ServiceInstance Instance) : Step;

    /// <summary>Mount an instance's stack and start its process.</summary>
    public sealed record Start(ServiceInstance Instance) : Step;

    /// <summary>Remove an unpacked layer that nothing uses any more.</summary>
    public sealed record Remove(DiffId Layer) : Step;
}

/// <summary>Finds the steps from what runs to what shall run.</summary>
public static class Planner
{
    /// <summary>Pure, and empty when <paramref name="actual"/> is <paramref name="desired"/> and nothing is left over.</summary>
    /// <remarks>Every Obtain precedes the first Stop, so a lost network costs no running service; every Remove comes last.</remarks>
    /// <param name="desired">What shall run.</param>
    /// <param name="actual">What runs.</param>
    /// <param name="held">Content of the unpacked layers in the store.</param>
    public static EquatableList<Step> Plan(
        IReadOnlyCollection<ServiceInstance> desired, IReadOnlyCollection<ServiceInstance> actual, IReadOnlySet<DiffId> held)
    {
        var wanted = desired.SelectMany(i => i.Layers).DistinctBy(l => l.DiffId).ToList();
        var kept = wanted.Select(l => l.DiffId).ToHashSet();
        return
        [
            .. wanted.Where(l => !held.Contains(l.DiffId)).Select(l => new Step.Obtain(l)),
            .. actual.Where(i => !desired.Contains(i)).Select(i => new Step.Stop(i)),
            .. desired.Where(i => !actual.Contains(i)).Select(i => new Step.Start(i)),
            .. held.Where(id => !kept.Contains(id)).OrderBy(id => id.Hex, StringComparer.Ordinal).Select(id => new Step.Remove(id)),
        ];
    }
}
