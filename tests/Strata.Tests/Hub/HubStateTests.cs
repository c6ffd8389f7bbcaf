using Strata.Artifacts.Signing;
using Strata.Hub.Catalogues;
using Strata.Hub.Deploying;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Tests.Store;

namespace Strata.Tests.Hub;

public sealed class HubStateTests
{
    private static readonly LogStamp Stamp = new(DateTimeOffset.UnixEpoch, null);

    [Fact]
    public void Every_change_shows_in_the_snapshot_and_counts_once()
    {
        var state = Sample.State;
        Assert.Equal(Sample.History.Length, state.Sequence);
        Assert.Equal(Sample.Owner, state.OwnerId(Sample.Oem, Guid.NewGuid()));
        Assert.Equal((BundleState.Done, "a note"), (state.Bundles[Sample.Bundle].State, Assert.Single(state.Bundles[Sample.Bundle].BuildInfo)));
        Assert.Equal("lib", state.Catalogue.Find("recipe-lib", Sample.Oem)!.Key.Codename);
        Assert.Equal("app", state.FindService("sp.localhost", "app")!.Codename);
        Assert.Null(state.FindService(Sample.Oem, "app"));
        Assert.Equal("failed", Assert.Single(state.Units[Sample.Unit].Report.Items).State);
        Assert.Equal([Sample.Unit], state.Subjects[Sample.Subject].Units);
        Assert.Equal(Sample.Digest("base"), state.Targets[HubState.TargetKey(Sample.Oem, "board")].Base);
    }

    [Fact]
    public void Versions_stand_newest_first_in_whatever_order_they_came() => Assert.Equal(
        ["2.0.0", "1.1.0", "1.0.0"],
        Sample.Fold([Sample.ServiceVersion("1.1.0", ">=1.0.0"), Sample.ServiceVersion("2.0.0", ">=1.0.0"), Sample.ServiceVersion("1.0.0", ">=1.0.0")])
            .Services[Sample.Service].Versions.Select(v => v.Version.ToString()));

    [Fact]
    public void Who_joins_twice_is_in_once() => Assert.Equal(
        ["a", "b"],
        Sample.State.Apply(100, new SubjectJoined(Sample.Subject, [], ["b", "a"])).Apply(101, new SubjectJoined(Sample.Subject, [], ["a"]))
            .Subjects[Sample.Subject].Units.Where(u => u != Sample.Unit));

    [Fact]
    public void A_version_that_is_published_twice_means_a_damaged_log() =>
        Assert.Throws<InvalidDataException>(() => Sample.State.Apply(100, Sample.LayerVersion("1.0.0") with { Images = Sample.LayerVersion("1.1.0").Images }));

    [Fact]
    public void A_plan_comes_back_from_the_change_log_as_it_was_made()
    {
        using var folder = new TestFolder();
        using var planned = ChangeLog.Open(SqliteDatabase.Open(folder["planned.db"]));
        var plan = UnitPlan.For(Sample.State, Sample.State.Units[Sample.Unit], new());
        Change[] batch = [new ServiceComposed(Assert.Single(plan.Composed).Composition), new UnitPlanned(Sample.Unit, plan.Desired)];
        planned.Append(1, batch, Stamp);
        Assert.Equal(batch, planned.Read(after: 0).Select(r => r.Change));
    }

    [Fact]
    public void A_reader_learns_of_no_service_that_is_not_shared_with_it()
    {
        var state = Sample.State;
        var plan = UnitPlan.For(state, state.Units[Sample.Unit], new());
        state = state.Apply(100, new ServiceComposed(plan.Composed[0].Composition)).Apply(101, new UnitPlanned(Sample.Unit, plan.Desired));
        var layer = Assert.Single(state.Catalogue.Layers);
        string[] UsedBy(string owner) => LayerCatalogue.Of(layer, new(state, new("user", ClientRole.ServiceProvider, owner, Guid.Empty, null)), 1).Versions[0].UsedBy;
        Assert.Equal(["app 1.0.0"], UsedBy("sp.localhost"));
        Assert.Empty(UsedBy("other-sp.localhost"));
    }
}
