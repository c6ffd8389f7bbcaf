using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>Units: what each shall have and has, what stands in the way, what its layers take; and the models they are of.</summary>
internal sealed class UnitPages(HubWriter writer, UnitViews units, PageRenderer pages)
{
    public void Map(PortalRoutes routes)
    {
        routes.Get("/units", ObjectKind.Unit, UnitsAsync);
        routes.Get("/units/{name}", ObjectKind.Unit, UnitAsync);
        routes.Get("/unit-models", ObjectKind.UnitModel, (context, visit) =>
        {
            var (state, query) = (writer.State, PageQuery.Of(context));
            var seen = state.Units.Values.Where(u => u.Model is not null && visit.Known.Sees(Guarded.Of(u))).CountBy(u => u.Model!.Value).ToDictionary();
            var models = state.UnitModels.Values.Where(m => visit.Known.Sees(Guarded.Of(m)) && m.Name.Contains(query["q"], StringComparison.OrdinalIgnoreCase))
                .OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Owner, StringComparer.Ordinal).ToList();
            return pages.PageAsync<UnitModelsPage>(new()
            {
                [nameof(UnitModelsPage.Query)] = query,
                [nameof(UnitModelsPage.Models)] = query.Part(models).Select(m => new UnitModelLine(
                    m.Name, m.Version, m.Owner, m.Target, TargetId(state, visit.Known, m.Owner, m.Target), seen.GetValueOrDefault(m.Id))),
            });
        });
    }

    private Task<IResult> UnitsAsync(HttpContext context, Visit visit)
    {
        var (state, query) = (writer.State, PageQuery.Of(context));
        var found = state.Units.Values.Where(u => visit.Known.Sees(Guarded.Of(u)) && u.SystemId.Contains(query["q"], StringComparison.OrdinalIgnoreCase))
            .Where(u => query["target"] is not { Length: > 0 } target || u.Target == target)
            .Where(u => query["state"] switch
            {
                "online" => units.IsOnline(u),
                "offline" => !units.IsOnline(u),
                "obstacles" => u.Desired?.Obstacles.Count > 0,
                _ => true,
            })
            .OrderBy(u => u.SystemId, StringComparer.Ordinal).ToList();
        return pages.PageAsync<UnitsPage>(new()
        {
            [nameof(UnitsPage.Query)] = query,
            [nameof(UnitsPage.Units)] = query.Part(found).Select(u => Line(state, u)),
        });
    }

    private Task<IResult> UnitAsync(HttpContext context, Visit visit)
    {
        var state = writer.State;
        if (state.Units.GetValueOrDefault(context.Request.RouteValues["name"]!.ToString()!) is not { } unit || !visit.Known.Sees(Guarded.Of(unit)))
            return pages.NotFoundAsync("unit");
        return pages.PageAsync<UnitPage>(new()
        {
            [nameof(UnitPage.Unit)] = units.Of(state, unit),
            [nameof(UnitPage.Query)] = PageQuery.Of(context),
            [nameof(UnitPage.Nodes)] = units.Nodes(unit).Select(n => new NodeDocument(n.Id, n.Title, n.State, n.IsConnected, n.Os, n.Ram, n.MaxDmips)).ToArray(),
            [nameof(UnitPage.Storage)] = UnitStorage.Of(state, unit),
            [nameof(UnitPage.TargetId)] = unit.Target is { } target ? TargetId(state, visit.Known, unit.Owner, target) : null,
            [nameof(UnitPage.Subjects)] = state.Subjects.Values.Where(s => s.Units.Contains(unit.SystemId) && visit.Known.Sees(Guarded.Of(s)))
                .OrderBy(s => s.Label, StringComparer.Ordinal).Select(s => (s.Id, s.Label)).ToArray(),
            [nameof(UnitPage.Links)] = Links(state, visit.Known, unit),
        });
    }

    private UnitLine Line(HubState state, UnitRow unit) => new(
        unit.SystemId, unit.Owner, units.IsOnline(unit), unit.Model is { } model ? state.UnitModels[model].Name : null, unit.Target, unit.FleetOwner,
        unit.Desired?.State.Items.Count ?? 0, unit.Desired?.Obstacles.Count ?? 0, unit.ReportedAt);

    private static Guid? TargetId(HubState state, Caller caller, string owner, string name) =>
        state.Targets.GetValueOrDefault(HubState.TargetKey(owner, name)) is { } target && caller.Sees(Guarded.Of(target)) ? target.Id : null;

    // Pages of what stands on a unit, for who may open them: a fleet owner may not.
    private static Dictionary<string, string> Links(HubState state, Caller caller, UnitRow unit)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in unit.Desired?.State.Items ?? [])
        {
            var composition = state.Compositions[item.Index];
            if (state.Services.GetValueOrDefault(composition.ServiceId) is { } service && caller.Sees(Guarded.Of(service))) links[service.Id.ToString()] = $"/services/{service.Id}";
            foreach (var layer in composition.Layers)
                if (state.Catalogue.Find(layer.Codename, layer.Owner) is { } known && caller.Sees(Guarded.Of(known)))
                    links[$"{layer.Owner}/{layer.Codename}/{layer.Version}"] = $"/layers/{known.Id}/{layer.Version}";
        }
        return links;
    }
}
