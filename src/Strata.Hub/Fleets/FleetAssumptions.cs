using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Hub.Fleets;

/// <summary>What a fleet file changes at a hub. Pure.</summary>
internal static class FleetAssumptions
{
    private const string Installed = "installed";

    /// <summary>Registers the units that are not there, and puts them into their subjects.</summary>
    /// <param name="fresh">A new UUID each time.</param>
    /// <param name="notes">Receives what could not be done as the file says, and why.</param>
    public static IReadOnlyList<Change> Register(HubState state, Fleet fleet, Func<Guid> fresh, List<string> notes)
    {
        var changes = new List<Change>();
        var subjects = new SortedDictionary<string, (Guid Id, List<string> Units)>(StringComparer.Ordinal);
        foreach (var unit in fleet.Units)
        {
            var present = state.Units.GetValueOrDefault(unit.SystemId);
            if (present is not null && present.Owner != unit.Owner)
            {
                notes.Add($"the unit {unit.SystemId} is registered by {present.Owner}, and the file says that it is of {unit.Owner}");
                continue;
            }
            if (present is null) changes.Add(Add(state, unit, fresh, notes));
            foreach (var label in unit.Subjects)
            {
                var key = $"{unit.Owner}\n{label}";
                if (!subjects.TryGetValue(key, out var subject))
                {
                    var known = state.Subjects.Values.Where(s => s.Owner == unit.Owner && s.Label == label).OrderBy(s => s.Id).FirstOrDefault();
                    subjects[key] = subject = (known?.Id ?? fresh(), []);
                    if (known is null) changes.Add(new SubjectAdded(subject.Id, unit.Owner, label, IsGroup: true, Priority: 0));
                }
                if (state.Subjects.GetValueOrDefault(subject.Id)?.Units.Contains(unit.SystemId) != true) subject.Units.Add(unit.SystemId);
            }
        }
        changes.AddRange(subjects.Values.Where(s => s.Units.Count > 0).Select(s => new SubjectJoined(s.Id, [], s.Units.ToEquatableList())));
        return changes;
    }

    /// <summary>What is assumed anew of units that have not spoken for themselves: what the file says of them, and nothing of those that it does not name.</summary>
    public static IReadOnlyList<Change> Assume(HubState state, Fleet fleet)
    {
        var said = fleet.Units.ToDictionary(u => u.SystemId, StringComparer.Ordinal);
        return [.. state.Units.Values.Where(row => row.ReportedAt is null)
            .Select(row => (Row: row, Report: said.TryGetValue(row.SystemId, out var unit) && unit.Owner == row.Owner ? Report(state, unit) : UnitReport.Nothing))
            .Where(a => a.Report != a.Row.Report)
            .Select(a => new UnitAssumed(a.Row.SystemId, a.Report))];
    }

    private static UnitAdded Add(HubState state, FleetUnit unit, Func<Guid> fresh, List<string> notes)
    {
        var model = unit.Model is null ? null : state.UnitModels.Values.FirstOrDefault(m => m.Owner == unit.Owner && m.Name == unit.Model);
        if (unit.Model is not null && model is null) notes.Add($"{unit.Owner} has no unit model '{Quote.Short(unit.Model)}': the unit {unit.SystemId} is registered without one");
        var target = unit.Target is not null && state.Targets.ContainsKey(HubState.TargetKey(unit.Owner, unit.Target)) ? unit.Target : null;
        if (unit.Target is not null && target is null) notes.Add($"{unit.Owner} has no target '{Quote.Short(unit.Target)}': the unit {unit.SystemId} is registered without one");
        return new(fresh(), unit.SystemId, unit.Owner, model?.Target ?? target) { Model = model?.Id, FleetOwner = unit.FleetOwner };
    }

    // What the hub does not know yet is not held: it comes with the publication that makes it known.
    private static UnitReport Report(HubState state, FleetUnit unit)
    {
        var services = unit.Services.Select(item => Service(state, item)).OfType<ReportedItem>();
        var layers = unit.Layers.Select(item => Layer(state, unit, item)).OfType<ReportedItem>();
        return new(unit.Platforms, services.Concat(layers).OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.Version, StringComparer.Ordinal).ToEquatableList(), [])
        {
            Storage = unit.Storage is { } storage ? new(storage.Total, storage.Used) : null,
        };
    }

    private static ReportedItem? Service(HubState state, FleetItem item)
    {
        var found = state.Services.Values.Where(s => s.Codename == item.Codename && (item.Owner is null || s.Owner == item.Owner)).ToList();
        if (found is not [var service] || !service.Versions.Any(v => v.Version == item.Version)) return null;
        // With its layers where it was composed: the last by digest, so that the same state always gives the same.
        var composed = state.Compositions.Values.Where(c => c.ServiceId == service.Id && c.Version == item.Version).OrderBy(c => c.Index.ToString(), StringComparer.Ordinal).LastOrDefault();
        return new(service.Id.ToString(), "service", composed?.WireVersion ?? item.Version.ToString(), Installed, null);
    }

    private static ReportedItem? Layer(HubState state, FleetUnit unit, FleetItem item) =>
        state.Catalogue.Find(new LayerKey(item.Owner ?? unit.Owner, item.Codename)) is { } layer && layer.Find(item.Version) is not null
            ? new(layer.Id.ToString(), "layer", item.Version.ToString(), Installed, null)
            : null;
}
