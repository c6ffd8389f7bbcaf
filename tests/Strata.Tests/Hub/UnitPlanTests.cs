using Strata.Hub.Deploying;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Hub;

public sealed class UnitPlanTests
{
    [Fact]
    public void A_unit_gets_the_newest_service_with_the_newest_layer_that_fits()
    {
        var state = Sample.State.Apply(100, Sample.LayerVersion("1.1.0")).Apply(101, Sample.LayerVersion("2.0.0"));
        var plan = Plan(state);
        Assert.Equal("1.1.0", Assert.Single(Assert.Single(plan.Composed).Composition.Layers).Version.ToString());
        Assert.Equal((Sample.Service.ToString(), 2, 5), Instances(plan));
        Assert.Empty(plan.Desired.Obstacles);
    }

    [Fact]
    public void A_unit_that_has_a_yanked_layer_keeps_it_until_another_fits_and_a_new_unit_does_not_get_it()
    {
        var plan = Plan(Sample.State);
        var yanked = Sample.State
            .Apply(100, new ServiceComposed(Assert.Single(plan.Composed).Composition))
            .Apply(101, new UnitPlanned(Sample.Unit, plan.Desired))
            .Apply(102, Move("1.0.0", new(ReleaseState.Yanked) { Reason = "it loses data" }));
        var kept = Plan(yanked);
        Assert.Empty(kept.Desired.Obstacles);
        Assert.Contains("is yanked: it loses data", Assert.Single(Assert.Single(kept.Composed).Composition.Reasons), StringComparison.Ordinal);

        var fresh = Plan(Sample.State.Apply(100, Move("1.0.0", new(ReleaseState.Yanked) { Reason = "it loses data" })));
        Assert.Empty(fresh.Desired.State.Items);
        Assert.Contains("1.0.0 is yanked: it loses data", Assert.Single(fresh.Desired.Obstacles), StringComparison.Ordinal);

        var replaced = Plan(yanked.Apply(103, Sample.LayerVersion("1.1.0")));
        Assert.Equal("1.1.0", Assert.Single(Assert.Single(replaced.Composed).Composition.Layers).Version.ToString());
    }

    [Fact]
    public void A_layer_that_is_hidden_from_the_service_provider_is_as_good_as_none()
    {
        var plan = Plan(Sample.State.Apply(100, new LayerShared(Sample.Oem, "lib", new() { HiddenFrom = ["sp.localhost"] })));
        Assert.Empty(plan.Desired.State.Items);
        Assert.Contains("not shared with the service's provider", Assert.Single(plan.Desired.Obstacles), StringComparison.Ordinal);
    }

    private static LayerVersionMoved Move(string version, Lifecycle lifecycle) => new(Sample.Oem, "lib", SemanticVersion.Parse(version), lifecycle);

    [Fact]
    public void The_same_state_gives_the_same_plan() => Assert.Equal(Plan(Sample.State).Desired.State, Plan(Sample.State).Desired.State);

    [Fact]
    public void A_new_version_whose_needs_are_unmet_leaves_what_runs_and_says_why()
    {
        var before = Sample.State.Apply(100, new UnitPlanned(Sample.Unit, Plan(Sample.State).Desired));
        var plan = Plan(before.Apply(101, Sample.ServiceVersion("2.0.0", ">=9.0.0")));
        Assert.Equal(before.Units[Sample.Unit].Desired!.State.Items, plan.Desired.State.Items);
        Assert.Contains("app 2.0.0", Assert.Single(plan.Desired.Obstacles), StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_has_not_said_what_it_is_gets_nothing_and_a_reason()
    {
        var plan = Plan(Sample.State.Apply(100, new UnitReported(Sample.Unit, UnitReport.Nothing, Sample.At)));
        Assert.Empty(plan.Desired.State.Items);
        Assert.Contains("not said yet", Assert.Single(plan.Desired.Obstacles), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_unit_takes_leaves_what_it_had()
    {
        var version = Sample.ServiceVersion("1.1.0", ">=1.0.0");
        var plan = Plan(Sample.State.Apply(100, version with { Version = version.Version with { Instances = 257 } }));
        Assert.Empty(plan.Desired.State.Items);
        Assert.Contains("257 instances", Assert.Single(plan.Desired.Obstacles), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_of_another_owner_brings_nothing()
    {
        var stranger = Guid.NewGuid();
        var state = Sample.Fold([.. Sample.History.Take(9), new SubjectAdded(stranger, "other.localhost", "mine", true, 0), new SubjectJoined(stranger, [Sample.Service], [Sample.Unit])]);
        Assert.Empty(Plan(state).Desired.State.Items);
    }

    private static UnitPlan Plan(HubState state) => UnitPlan.For(state, state.Units[Sample.Unit], new());

    private static (string, int, int) Instances(UnitPlan plan) =>
        Assert.Single(plan.Desired.State.Instances) is var one ? (one.ItemId, one.Count, one.Priority) : default;
}
