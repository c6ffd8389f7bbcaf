using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary>Who uses an object, as sentences with the cure: what is used cannot be removed. Pure.</summary>
/// <remarks>What the reader may not know is counted under its owner's domain and not named.</remarks>
internal static class Uses
{
    private const int MostTold = 5;

    /// <summary>Users of <paramref name="version"/> of a service, or of any version when it is null.</summary>
    public static IReadOnlyList<string> OfService(HubState state, ServiceRow service, SemanticVersion? version, Caller caller)
    {
        var uses = new List<string>();
        // What a subject gives its units is a service's newest version: an older one may go while nobody has it, and the last may not.
        var subjects = state.Subjects.Values.Where(s => s.Services.Contains(service.Id) && (version is null || service.Versions.Count == 1)).ToList();
        if (subjects.Count > 0)
            uses.Add($"It is assigned to {Counted(subjects.Count, "subject")}: {Told(subjects, s => caller.Sees(Guarded.Of(s)), s => s.Label, s => s.Owner)}. Have it unassigned first.");
        var units = state.Units.Values.Where(u => Holds(state, u, service.Id, version)).ToList();
        if (units.Count > 0)
            uses.Add($"It runs, or is about to run, on {Counted(units.Count, "unit")}: {Told(units, u => caller.Sees(Guarded.Of(u)), u => u.SystemId, u => u.Owner)}. Publish a newer version, or have it unassigned, and wait until they have followed.");
        return uses;
    }

    /// <summary>Users of a layer version: services on units, composed or drawn to it by their needs; its children; versions that are deprecated in its favour.</summary>
    public static IReadOnlyList<string> OfLayer(HubState state, Layer layer, LayerRelease release, Caller caller)
    {
        var (use, uses) = (LayerUses.In(state).Of(layer, release), new List<string>());
        foreach (var service in use.Services.Where(s => s.Units.Count > 0).Take(MostTold))
            uses.Add($"{Named(service, caller)} has it, or is about to, on {Counted(service.Units.Count, "unit")}: {Told([.. service.Units], u => caller.Sees(Guarded.Of(u)), u => u.SystemId, u => u.Owner)}. Publish a version that fits instead and yank this one; then wait until the units have followed.");
        Add(use.Services.Where(s => s.Units.Count == 0 && s.IsComposed), "is", "are", "composed with it. Its provider has to publish a newer version and remove that one.");
        Add(use.Services.Where(s => s.Units.Count == 0 && !s.IsComposed), "leads", "lead", "to it by its needs. Yank this version first: then nobody new gets it.");
        if (!use.IsWhole) uses.Add("Whether needs of further services lead to it cannot be told: there are too many to try, so it counts as used. Yank this version first: then nobody new gets it.");
        if (use.Children.Count > 0) uses.Add($"It is the parent of {Some(use.Children.Select(c => c.ToString()))}. Retire or delete {(use.Children.Count == 1 ? "that" : "those")} first.");
        if (use.Units.Count > 0) uses.Add($"{Counted(use.Units.Count, "unit")} reported it: {Told([.. use.Units], u => caller.Sees(Guarded.Of(u)), u => u.SystemId, u => u.Owner)}. Wait until they have it no longer.");
        if (layer.Releases.Where(r => r.Lifecycle.Successor == release.Version).Select(r => r.Version.ToString()).ToList() is { Count: > 0 } before)
            uses.Add($"It is named as what to take instead of {Some(before)}. Name another version there first.");
        return uses;

        void Add(IEnumerable<ServiceUse> services, string one, string several, string how)
        {
            var all = services.ToList();
            if (all.Count > 0) uses.Add($"{Some(all.Select(s => Named(s, caller)))} {(all.Count == 1 ? one : several)} {how}");
        }
    }

    /// <summary>Service versions that would no longer find a layer if it lost one of its other names.</summary>
    public static IReadOnlyList<string> OfAlias(HubState state, Layer layer, string alias, Caller caller)
    {
        var users = LayerUses.In(state).Naming(layer, alias).ToList();
        return users.Count == 0 ? [] :
            [$"{Some(users.Select(u => Named(new(u.Service, u.Version, u.Version, []), caller)))} {(users.Count == 1 ? "needs" : "need")} the layer by that name. Newer versions have to say {layer.Key} instead, and these have to be removed first."];
    }

    private static string Named(ServiceUse use, Caller caller) => caller.Sees(Guarded.Of(use.Service)) ? $"{use} of {use.Service.Owner}" : $"a service of {use.Service.Owner}";

    /// <summary>A subject that brings services to units is in use.</summary>
    public static IReadOnlyList<string> OfSubject(HubState state, SubjectRow subject) => subject.Services.Count == 0 || subject.Units.Count == 0 ? [] :
        [$"It brings {Some(subject.Services.Select(id => state.Services[id].Codename))} to {Some(subject.Units)}. Take its services or its units out first."];

    /// <summary>A unit in a subject is in use.</summary>
    public static IReadOnlyList<string> OfUnit(HubState state, UnitRow unit)
    {
        var subjects = state.Subjects.Values.Where(s => s.Units.Contains(unit.SystemId)).Select(s => s.Label).ToList();
        return subjects.Count == 0 ? [] : [$"It is in {Counted(subjects.Count, "subject")}: {Some(subjects)}. Take it out first."];
    }

    /// <summary>A model that units are of is in use.</summary>
    public static IReadOnlyList<string> OfModel(HubState state, UnitModelRow model)
    {
        var units = state.Units.Values.Where(u => u.Model == model.Id).Select(u => u.SystemId).ToList();
        return units.Count == 0 ? [] : [$"{Counted(units.Count, "unit")} {(units.Count == 1 ? "is" : "are")} of it: {Some(units)}. Give them another model first."];
    }

    private static bool Holds(HubState state, UnitRow unit, Guid service, SemanticVersion? version) =>
        (unit.Desired?.State.Items ?? []).Any(i => i.Id == service.ToString() && (version is null || state.Compositions[i.Index].Version == version))
        || unit.Report.Items.Any(i => i.Id == service.ToString() && (version is null
            || state.Compositions.Values.Any(c => c.ServiceId == service && c.Version == version && c.WireVersion == i.Version)));

    private static string Told<T>(List<T> users, Func<T, bool> sees, Func<T, string> name, Func<T, string> owner) =>
        string.Join("; ", new[]
        {
            Some(users.Where(sees).Select(name)),
            string.Join(", ", users.Where(u => !sees(u)).GroupBy(owner).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} of {g.Key}")),
        }.Where(part => part.Length > 0));

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Some(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", all.Take(MostTold)) + (all.Count > MostTold ? $" and {all.Count - MostTold} more" : "");
    }
}
