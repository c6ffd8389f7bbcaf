using Strata.Artifacts.Oci;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;
using Strata.Model.Units;

namespace Strata.Hub.Deploying;

/// <summary>A service version composed for a set of platforms, with the documents that have to be stored first.</summary>
internal sealed record ComposedService(Composition Composition, EquatableList<ReadOnlyMemory<byte>> Documents);

/// <summary>What a unit shall have from the present state.</summary>
/// <param name="Composed">Every image in it, also those that are stored already.</param>
internal sealed record UnitPlan(UnitDesired Desired, IReadOnlyList<ComposedService> Composed)
{
    // What a unit takes (facts on protocol v7, "Limits").
    private const int MostItems = 64;
    private const int MostInstances = 256;
    private const int MostSubjects = 64;

    /// <summary>Plans one unit. Pure.</summary>
    /// <param name="composer">Remembers what it composed, so that units alike cost one resolution.</param>
    public static UnitPlan For(HubState state, UnitRow unit, ServiceComposer composer)
    {
        var subjects = state.Subjects.Values.Where(s => s.Owner == unit.Owner && s.Units.Contains(unit.SystemId)).ToList();
        var services = subjects.SelectMany(s => s.Services).Distinct().Select(id => state.Services[id]).OrderBy(s => s.Id.ToString(), StringComparer.Ordinal).ToList();
        var target = unit.Target is null ? null : state.Targets.GetValueOrDefault(HubState.TargetKey(unit.Owner, unit.Target));
        EquatableList<Platform> platforms = target is null ? unit.Report.Platforms : [target.Platform];

        var obstacles = new List<string>();
        var composed = new List<ComposedService>();
        var items = new List<DesiredItem>();
        if (platforms.Count == 0 && services.Count > 0)
            obstacles.Add("The unit has not said yet on which platform it runs. It does so when it connects.");
        obstacles.AddRange(services.Where(s => s.Versions.Count == 0).Select(s => $"{s.Codename} has no version yet. Its service provider has to publish one."));
        foreach (var service in services.Where(s => s.Versions.Count > 0))
        {
            var (fresh, reasons) = platforms.Count == 0 ? (null, []) : composer.Compose(state, unit.Owner, platforms, target?.Base, service, Held(state, unit, service));
            obstacles.AddRange(reasons);
            if (fresh is not null)
            {
                composed.Add(fresh);
                items.Add(new(service.Id.ToString(), fresh.Composition.WireVersion, service.OwnerId.ToString(), fresh.Composition.Index));
            }
            else if (unit.Desired?.State.Items.FirstOrDefault(i => i.Id == service.Id.ToString()) is { } last)
            {
                items.Add(last); // what ran keeps running; the obstacle says why it is not newer
            }
        }

        var held = items.Select(i => i.Id).ToHashSet(StringComparer.Ordinal);
        var instances = subjects.SelectMany(s => s.Services.Where(id => held.Contains(id.ToString())).Select(id => Instances(state, s, id))).ToList();
        var desired = DesiredState.For(items, instances, subjects.Select(s => new DesiredSubject(s.Id.ToString(), s.IsGroup)));
        if (TooMuch(desired) is { } problem)
            return new(new(unit.Desired?.State ?? DesiredState.Empty, [.. obstacles, problem], state.Catalogue.Sequence), []);
        return new(new(desired, [.. obstacles], state.Catalogue.Sequence), composed);
    }

    /// <summary>The yanked content that the unit was given for a service: it stays until something else fits. Empty for almost all, so that units alike stay alike.</summary>
    private static EquatableList<DiffId> Held(HubState state, UnitRow unit, ServiceRow service) =>
        unit.Desired?.State.Items.FirstOrDefault(i => i.Id == service.Id.ToString()) is { } item && state.Compositions.TryGetValue(item.Index, out var composition)
            ? composition.Layers.Where(l => IsYanked(state, l)).SelectMany(_ => composition.Layers).Select(l => l.Blob.DiffId).Distinct().ToEquatableList()
            : [];

    private static bool IsYanked(HubState state, ComposedLayer layer) =>
        state.Catalogue.FindRelease(new(layer.Owner, layer.Codename), layer.Version)?.Lifecycle.State == ReleaseState.Yanked;

    private static DesiredInstances Instances(HubState state, SubjectRow subject, Guid serviceId)
    {
        var newest = state.Services[serviceId].Versions[0];
        return new(serviceId.ToString(), subject.Id.ToString(), Math.Max(subject.Priority, newest.Priority), newest.Instances);
    }

    private static string? TooMuch(DesiredState desired)
    {
        var instances = desired.Instances.Sum(i => i.Count);
        return desired.Items.Count > MostItems ? $"{desired.Items.Count} services are assigned and a unit takes {MostItems}. Assign fewer."
            : instances > MostInstances ? $"{instances} instances are assigned and a unit takes {MostInstances}. Assign fewer."
            : desired.Subjects.Count > MostSubjects ? $"The unit is in {desired.Subjects.Count} subjects and takes {MostSubjects}. Remove some."
            : null;
    }
}
