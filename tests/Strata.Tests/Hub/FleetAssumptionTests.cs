using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Fleets;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Tests.Hub;

public sealed class FleetAssumptionTests
{
    private static readonly Fleet File = new([
        new("car-1", Sample.Oem)
        {
            Subjects = ["all", "new ones"], Platforms = [Sample.Amd64], Model = "nothing",
            Services = [new(null, "app", SemanticVersion.Parse("1.0.0")), new(null, "unknown", SemanticVersion.Parse("1.0.0"))],
            Layers = [new(null, "lib", SemanticVersion.Parse("1.0.0")), new(null, "lib", SemanticVersion.Parse("9.0.0"))], Storage = new(100, 40),
        },
        new(Sample.Unit, "other.localhost"),
    ]);

    [Fact]
    public void Units_of_the_file_are_registered_once_and_put_into_their_subjects()
    {
        var (state, notes) = (Fold(HubState.Empty, Sample.History), new List<string>());
        var changes = FleetAssumptions.Register(state, File, Guid.NewGuid, notes);
        var after = Fold(state, changes);
        Assert.Equal(Sample.Oem, after.Units["car-1"].Owner);
        Assert.Equal(["all", "new ones"], after.Subjects.Values.Where(s => s.Units.Contains("car-1")).Select(s => s.Label).Order());
        Assert.Equal(Sample.Oem, after.Units[Sample.Unit].Owner);
        Assert.Equal(2, notes.Count);
        Assert.Contains(notes, n => n.Contains("no unit model 'nothing'", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.Contains($"registered by {Sample.Oem}", StringComparison.Ordinal));
        Assert.Empty(FleetAssumptions.Register(after, File, Guid.NewGuid, []));
    }

    [Fact]
    public void What_the_hub_knows_of_it_a_unit_is_assumed_to_hold_until_it_speaks_for_itself()
    {
        var state = Assumed();
        var report = state.Units["car-1"].Report;
        Assert.Equal([("layer", "1.0.0"), ("service", "1.0.0")], report.Items.Select(i => (i.Type, i.Version)).Order());
        Assert.Equal((100, 40), (report.Storage!.Total, report.Storage.Used));
        Assert.Empty(FleetAssumptions.Assume(state, File));

        var layer = state.Catalogue.Layers.Single(l => l.Key.Codename == "lib");
        Assert.Contains(LayerUses.In(state).Of(layer, layer.Releases.Single(r => r.Version.ToString() == "1.0.0")).Units, u => u.SystemId == "car-1");

        var spoken = Fold(state, [new UnitReported("car-1", UnitReport.Nothing, Sample.At)]);
        Assert.Empty(FleetAssumptions.Assume(spoken, File));
        Assert.Empty(spoken.Units["car-1"].Report.Items);
    }

    [Fact]
    public void Without_the_file_nothing_is_assumed_any_more() =>
        Assert.Equal(UnitReport.Nothing, Fold(Assumed(), FleetAssumptions.Assume(Assumed(), Fleet.Empty)).Units["car-1"].Report);

    private static HubState Assumed()
    {
        var state = Fold(HubState.Empty, Sample.History);
        state = Fold(state, FleetAssumptions.Register(state, File, Guid.NewGuid, []));
        return Fold(state, FleetAssumptions.Assume(state, File));
    }

    private static HubState Fold(HubState state, IEnumerable<Change> changes) => changes.Aggregate(state, (s, change) => s.Apply(s.Sequence + 1, change));
}
