using Strata.Hub.State;
using Strata.Hub.Units;

namespace Strata.Hub.Browsing;

/// <summary>Units as people and tools read them; the API and the portal show the same.</summary>
internal sealed class UnitViews(UnitGateway gateway)
{
    /// <summary>A unit with what it shall have and what it says it has.</summary>
    public UnitDocument Of(HubState state, UnitRow unit)
    {
        var session = gateway.Find(unit.SystemId);
        var report = session?.Report ?? unit.Report;
        return new(
            unit.Id,
            unit.SystemId,
            unit.Owner,
            unit.Target,
            unit.Model is { } model ? state.UnitModels[model].Name : null,
            unit.FleetOwner,
            session is null ? "Offline" : "Online",
            [.. report.Platforms.Select(p => p.ToString())],
            [.. (unit.Desired?.State.Items ?? []).Select(i => Desired(state, state.Compositions[i.Index]))],
            [.. report.Items.Select(i => Item(state, i))],
            [.. report.Instances.Select(i => new UnitInstanceDocument(
                i.ItemId, Service(state, i.ItemId)?.Codename, i.SubjectId, i.Index, Composed(state, i.ItemId, i.Version)?.Version.ToString() ?? i.Version, i.State, i.Error))],
            [.. unit.Desired?.Obstacles ?? []],
            unit.ReportedAt,
            session is not null || unit.ReportedAt is not null ? "status" : report == UnitReport.Nothing ? "nothing" : "fleet-file",
            report.Storage is { } storage ? new(storage.Total, storage.Used) : null);
    }

    /// <summary>The nodes of a unit, as it last reported them.</summary>
    public IEnumerable<NodeRow> Nodes(UnitRow unit) => (gateway.Find(unit.SystemId)?.Report ?? unit.Report).Nodes;

    /// <summary>Whether it is connected now.</summary>
    public bool IsOnline(UnitRow unit) => gateway.Find(unit.SystemId) is not null;

    private static DesiredDocument Desired(HubState state, Composition composition) => new(
        composition.ServiceId.ToString(),
        state.Services[composition.ServiceId].Codename,
        composition.Version.ToString(),
        composition.WireVersion,
        composition.Index,
        Layers(composition),
        [.. composition.Reasons]);

    private static UnitItemDocument Item(HubState state, ReportedItem item)
    {
        var composition = Composed(state, item.Id, item.Version);
        return new(
            item.Id, Service(state, item.Id)?.Codename ?? (item.Type == "layer" ? state.Catalogue.Find(item.Id, "")?.Key.Codename : null), composition?.Version.ToString() ?? item.Version, item.Version, item.State, item.Error,
            composition is null ? [] : Layers(composition));
    }

    private static LayerReference[] Layers(Composition composition) => [.. composition.Layers.Select(l =>
        new LayerReference(l.Owner, l.Codename, l.Version.ToString(), l.Blob.Digest, l.Blob.DiffId, l.Blob.Size))];

    private static ServiceRow? Service(HubState state, string id) => Guid.TryParse(id, out var service) ? state.Services.GetValueOrDefault(service) : null;

    private static Composition? Composed(HubState state, string id, string wireVersion) =>
        state.Compositions.Values.FirstOrDefault(c => c.WireVersion == wireVersion && c.ServiceId.ToString() == id);
}
