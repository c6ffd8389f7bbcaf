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
        var models = state.UnitModels.Values.ToLookup(m => (m.Owner, m.Name));
        var known = state.Subjects.Values.OrderBy(s => s.Id).ToLookup(s => (s.Owner, s.Label));
        var subjects = new SortedDictionary<string, (Guid Id, HashSet<string> Present, List<string> Units)>(StringComparer.Ordinal);
        foreach (var unit in fleet.Units)
        {
            var present = state.Units.GetValueOrDefault(unit.SystemId);
            if (present is not null && present.Owner != unit.Owner)
            {
                notes.Add($"the unit {unit.SystemId} is registered by {present.Owner}, and the file says that it is of {unit.Owner}");
                continue;
            }
            if (present is null) changes.Add(Add(state, models, unit, fresh, notes));
            foreach (var label in unit.Subjects)
            {
                var key = $"{unit.Owner}\n{label}";
                if (!subjects.TryGetValue(key, out var subject))
                {
                    var row = known[(unit.Owner, label)].FirstOrDefault();
                    subjects[key] = subject = (row?.Id ?? fresh(), [.. row?.Units ?? []], []);
                    if (row is null) changes.Add(new SubjectAdded(subject.Id, unit.Owner, label, IsGroup: true, Priority: 0));
                }
                if (!subject.Present.Contains(unit.SystemId)) subject.Units.Add(unit.SystemId);
            }
        }
        changes.AddRange(subjects.Values.Where(s => s.Units.Count > 0).Select(s => new SubjectJoined(s.Id, [], s.Units.ToEquatableList())));
        return changes;
    }

    /// <summary>What is assumed anew of units that have not spoken for themselves: what the file says of them, and nothing of those that it does not name.</summary>
    public static IReadOnlyList<Change> Assume(HubState state, Fleet fleet)
    {
        var said = fleet.Units.ToDictionary(u => u.SystemId, StringComparer.Ordinal);
        var known = new Known(state);
        return [.. state.Units.Values.Where(row => row.ReportedAt is null)
            .Select(row => (Row: row, Report: said.TryGetValue(row.SystemId, out var unit) && unit.Owner == row.Owner ? known.Report(unit) : UnitReport.Nothing))
            .Where(a => a.Report != a.Row.Report)
            .Select(a => new UnitAssumed(a.Row.SystemId, a.Report))];
    }

    private static UnitAdded Add(HubState state, ILookup<(string Owner, string Name), UnitModelRow> models, FleetUnit unit, Func<Guid> fresh, List<string> notes)
    {
        var model = unit.Model is null ? null : models[(unit.Owner, unit.Model)].FirstOrDefault();
        if (unit.Model is not null && model is null) notes.Add($"{unit.Owner} has no unit model '{Quote.Short(unit.Model)}': the unit {unit.SystemId} is registered without one");
        var target = unit.Target is not null && state.Targets.ContainsKey(HubState.TargetKey(unit.Owner, unit.Target)) ? unit.Target : null;
        if (unit.Target is not null && target is null) notes.Add($"{unit.Owner} has no target '{Quote.Short(unit.Target)}': the unit {unit.SystemId} is registered without one");
        return new(fresh(), unit.SystemId, unit.Owner, model?.Target ?? target) { Model = model?.Id, FleetOwner = unit.FleetOwner };
    }

    // What the hub does not know yet is not held: it comes with the publication that makes it known.
    private sealed class Known(HubState state)
    {
        private readonly ILookup<string, ServiceRow> _services = state.Services.Values.ToLookup(s => s.Codename, StringComparer.Ordinal);
        private readonly ILookup<(Guid, SemanticVersion), Composition> _compositions = state.Compositions.Values.ToLookup(c => (c.ServiceId, c.Version));

        public UnitReport Report(FleetUnit unit)
        {
            var items = unit.Services.Select(Service).Concat(unit.Layers.Select(item => Layer(unit, item))).OfType<ReportedItem>();
            return new(unit.Platforms, items.OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.Version, StringComparer.Ordinal).ToEquatableList(), [])
            {
                Storage = unit.Storage is { } storage ? new(storage.Total, storage.Used) : null,
            };
        }

        private ReportedItem? Service(FleetItem item)
        {
            var found = _services[item.Codename].Where(s => item.Owner is null || s.Owner == item.Owner).ToList();
            if (found is not [var service] || !service.Versions.Any(v => v.Version == item.Version)) return null;
            // With its layers where it was composed: the last by digest, so that the same state always gives the same.
            var composed = _compositions[(service.Id, item.Version)].MaxBy(c => c.Index.ToString(), StringComparer.Ordinal);
            return new(service.Id.ToString(), "service", composed?.WireVersion ?? item.Version.ToString(), Installed, null);
        }

        private ReportedItem? Layer(FleetUnit unit, FleetItem item) =>
            state.Catalogue.Find(new LayerKey(item.Owner ?? unit.Owner, item.Codename)) is { } layer && layer.Find(item.Version) is not null
                ? new(layer.Id.ToString(), "layer", item.Version.ToString(), Installed, null)
                : null;
    }
}
