using System.Collections.Immutable;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <content>Units, their models, subjects, and what can be said of services without a bundle.</content>
internal sealed partial record HubState
{
    public ImmutableDictionary<Guid, UnitModelRow> UnitModels { get; init; } = ImmutableDictionary<Guid, UnitModelRow>.Empty;

    private HubState FoldFleet(Change change) => change switch
    {
        UnitModelSaved c => Save(c.Model),
        UnitModelRemoved c => this with { UnitModels = UnitModels.Remove(c.Id) },
        UnitAdded c => this with
        {
            Units = Units.SetItem(c.SystemId, new(c.Id, c.SystemId, c.Owner, c.Target) { Model = c.Model, FleetOwner = c.FleetOwner }),
        },
        UnitSettled c => this with { Units = Units.SetItem(c.SystemId, Units[c.SystemId] with { Target = c.Target, Model = c.Model, FleetOwner = c.FleetOwner }) },
        UnitRemoved c => this with { Units = Units.Remove(c.SystemId) },
        UnitAssumed c => Units[c.SystemId].ReportedAt is null ? this with { Units = Units.SetItem(c.SystemId, Units[c.SystemId] with { Report = c.Report }) } : this,
        SubjectLeft c => this with
        {
            Subjects = Subjects.SetItem(c.Id, Subjects[c.Id] with
            {
                Services = Subjects[c.Id].Services.Except(c.Services).ToEquatableList(),
                Units = Subjects[c.Id].Units.Except(c.Units).ToEquatableList(),
            }),
        },
        SubjectRemoved c => this with { Subjects = Subjects.Remove(c.Id) },
        ServiceDescribed c => this with
        {
            Services = Services.SetItem(c.Id, (Services.GetValueOrDefault(c.Id) ?? new(c.Id, c.Owner, c.OwnerId, c.Codename)) with { Title = c.Title, Description = c.Description }),
        },
        ServiceVersionRemoved c => this with
        {
            Services = Services.SetItem(c.Id, Services[c.Id] with
            {
                Versions = Services[c.Id].Versions.Where(v => v.Version != c.Version).ToEquatableList(),
                Removed = [.. Services[c.Id].Removed, c.Version.ToString()],
            }),
        },
        ServiceRemoved c => this with { Services = Services.Remove(c.Id) },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private HubState Save(UnitModelRow model) => this with
    {
        UnitModels = UnitModels.SetItem(model.Id, model),
        Units = Units.SetItems(Units.Values.Where(u => u.Model == model.Id && u.Target != model.Target).Select(u => KeyValuePair.Create(u.SystemId, u with { Target = model.Target }))),
    };
}
