using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Deploying;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Tests.Hub.Catalogues;

public sealed class LayerUsesTests
{
    private static readonly Caller Oem = new("anna", ClientRole.Oem, Sample.Oem, Guid.Empty, null);

    /// <summary>The sample with its one layer version released.</summary>
    private static HubState Start => Sample.State.Apply(90, Moved("1.0.0", ReleaseState.Released));

    [Fact]
    public void A_version_that_a_service_would_get_is_in_use_before_any_unit_has_it()
    {
        // Nothing is composed yet; lib 1.0.0 is all that there is for >=1.0.0,<2.0.0.
        Assert.Contains("app 1.0.0 of sp.localhost leads to it by its needs", Assert.Single(Uses(Start, "1.0.0")), StringComparison.Ordinal);
        var newer = Start.Apply(100, Sample.LayerVersion("1.1.0")).Apply(101, Sample.LayerVersion("2.0.0"));
        Assert.Empty(Uses(newer, "1.0.0"));
        Assert.Empty(Uses(newer, "2.0.0")); // outside the need
        Assert.Single(Uses(newer, "1.1.0"));
        // A yank leads needs elsewhere, and a layer that the provider may not see is none of its needs' choices.
        Assert.Empty(Uses(newer.Apply(102, Moved("1.1.0", ReleaseState.Yanked)), "1.1.0"));
        Assert.Empty(Uses(newer.Apply(102, new LayerShared(Sample.Oem, "lib", new() { HiddenFrom = ["sp.localhost"] })), "1.1.0"));
    }

    [Fact]
    public void A_version_on_another_base_than_the_newest_is_in_use_by_those_who_run_that_base()
    {
        var old = new BaseIdentity("old", Sample.Digest("old base"));
        var state = Start.Apply(100, OnBase("1.1.0", old)).Apply(101, OnBase("1.2.0", new("new", Sample.Digest("new base"))));
        Assert.Single(Uses(state, "1.1.0"));
        Assert.Single(Uses(state, "1.2.0"));
    }

    [Fact]
    public void A_unit_that_shall_have_a_version_and_one_that_reports_it_both_use_it()
    {
        var planned = Planned(Start);
        Assert.Contains("app 1.0.0 of sp.localhost has it, or is about to, on 1 unit: ", Assert.Single(Uses(planned, "1.0.0")), StringComparison.Ordinal);

        // The unit shall have something else, and has not followed: what it reports counts.
        var wire = planned.Compositions.Values.Single().WireVersion;
        var moved = planned.Apply(200, Sample.LayerVersion("1.1.0"));
        moved = Planned(moved).Apply(300, new UnitReported(Sample.Unit, new([Sample.Amd64], [new(Sample.Service.ToString(), "service", wire, "active", null)], []), Sample.At));
        Assert.Contains("on 1 unit", Assert.Single(Uses(moved, "1.0.0")), StringComparison.Ordinal);
        Assert.Contains("on 1 unit", Assert.Single(Uses(moved, "1.1.0")), StringComparison.Ordinal);
        // And one that reports the layer itself, as a fleet that the hub took over may.
        var reported = Start.Apply(100, Sample.LayerVersion("1.1.0"))
            .Apply(101, new UnitReported(Sample.Unit, new([Sample.Amd64], [new(Sample.Layer.ToString(), "layer", "1.0.0", "active", null)], []), Sample.At));
        Assert.Contains("1 unit reported it", Assert.Single(Uses(reported, "1.0.0")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_nobody_has_uses_its_layers_until_its_service_version_is_removed()
    {
        var state = Planned(Start).Apply(200, Sample.LayerVersion("1.1.0"));
        state = Planned(state).Apply(300, new UnitReported(Sample.Unit, new([Sample.Amd64], [], []), Sample.At));
        Assert.Contains("app 1.0.0 of sp.localhost is composed with it", Assert.Single(Uses(state, "1.0.0")), StringComparison.Ordinal);
        state = state.Apply(301, new UnitPlanned(Sample.Unit, UnitDesired.Nothing)).Apply(302, new ServiceVersionRemoved(Sample.Service, SemanticVersion.Parse("1.0.0")));
        Assert.Empty(Uses(state, "1.0.0"));
    }

    [Fact]
    public void A_parent_is_in_use_by_its_children_until_those_are_retired()
    {
        var child = new LayerPublished(Guid.NewGuid(), Sample.Oem, "child", SemanticVersion.Parse("3.0.0"), null, [],
            [new(Sample.Amd64, Sample.Digest("child"), Sample.Content("child"), 1, 1) { Parent = new("lib", SemanticVersion.Parse("1.0.0"), Sample.Content("layer 1.0.0")) }], [Sample.Digest("description")]);
        var state = Start.Apply(100, Sample.LayerVersion("1.1.0")).Apply(101, child);
        Assert.Contains("It is the parent of child 3.0.0", Assert.Single(Uses(state, "1.0.0")), StringComparison.Ordinal);
        Assert.Empty(Uses(state.Apply(102, new LayerVersionMoved(Sample.Oem, "child", child.Version, new(ReleaseState.Retired))), "1.0.0"));
    }

    [Fact]
    public void A_version_is_in_use_by_a_later_one_of_the_same_layer_that_was_built_on_it()
    {
        var later = Sample.LayerVersion("2.0.0");
        later = later with { Images = [later.Images[0] with { Parent = new("lib", SemanticVersion.Parse("1.0.0"), Sample.Content("layer 1.0.0")) }] };
        var state = Start.Apply(100, Sample.LayerVersion("1.1.0")).Apply(101, later);
        Assert.Contains("It is the parent of lib 2.0.0", Assert.Single(Uses(state, "1.0.0")), StringComparison.Ordinal);
        Assert.Empty(Uses(state, "2.0.0"));
    }

    [Fact]
    public void A_version_counts_as_used_when_there_are_too_many_needs_to_try_until_it_is_taken_back()
    {
        var state = Start.Apply(100, Sample.LayerVersion("2.0.0"));
        LayerChoices.In(state, mostSteps: 1);
        Assert.Empty(Uses(state, "2.0.0")); // outside the need: nothing is tried
        Assert.Contains("so it counts as used", Assert.Single(Uses(state, "1.0.0")), StringComparison.Ordinal);
        state = state.Apply(101, Moved("1.0.0", ReleaseState.Yanked));
        LayerChoices.In(state, mostSteps: 1);
        Assert.Empty(Uses(state, "1.0.0"));
        state = state.Apply(102, Sample.LayerVersion("1.1.0"));
        LayerChoices.In(state, mostSteps: 10);
        Assert.Contains("app 1.0.0", Assert.Single(Uses(state, "1.1.0")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_lead_to_is_known_until_a_layer_or_a_service_changes()
    {
        var state = Start.Apply(100, Sample.LayerVersion("1.1.0"));
        var (layer, release) = (state.Catalogue.Find(new LayerKey(Sample.Oem, "lib"))!, state.Catalogue.FindRelease(new(Sample.Oem, "lib"), SemanticVersion.Parse("1.1.0"))!);
        Assert.False(LayerChoices.In(state).Knows(release));
        Assert.Single(LayerChoices.In(state).Of(layer, release).Services);
        var reported = state.Apply(101, new UnitReported(Sample.Unit, new([Sample.Amd64], [], []), Sample.At));
        Assert.True(LayerChoices.In(reported).Knows(release));
        Assert.False(LayerChoices.In(reported.Apply(102, Sample.ServiceVersion("2.0.0", ">=1.0.0"))).Knows(release));
        Assert.False(LayerChoices.In(reported.Apply(102, Sample.LayerVersion("1.2.0"))).Knows(release));
    }

    [Fact]
    public void A_version_that_is_to_be_taken_instead_of_another_is_in_use()
    {
        var state = Start.Apply(100, Sample.LayerVersion("2.0.0")).Apply(101, new LayerVersionMoved(
            Sample.Oem, "lib", SemanticVersion.Parse("1.0.0"), new(ReleaseState.Deprecated) { Successor = SemanticVersion.Parse("2.0.0") }));
        Assert.Contains("instead of 1.0.0", Assert.Single(Uses(state, "2.0.0")), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_know_a_user_learns_its_owner_and_no_name()
    {
        var state = Planned(Start);
        var layer = state.Catalogue.Find(new LayerKey(Sample.Oem, "lib"))!;
        var other = new Caller("bert", ClientRole.ServiceProvider, "other-sp.localhost", Guid.Empty, null);
        var told = Assert.Single(Browsing(state, "1.0.0", other));
        Assert.Contains("a service of sp.localhost", told, StringComparison.Ordinal);
        Assert.DoesNotContain("app", told.Replace("about", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.Unit, told, StringComparison.Ordinal);
        Assert.Empty(new LayerUsage(state, other).AllOf(layer, layer.Releases[0]).Services);
        Assert.Single(new LayerUsage(state, Oem).AllOf(layer, layer.Releases[0]).Services);
    }

    private static IReadOnlyList<string> Uses(HubState state, string version) => Browsing(state, version, Oem);

    private static IReadOnlyList<string> Browsing(HubState state, string version, Caller caller)
    {
        var layer = state.Catalogue.Find(new LayerKey(Sample.Oem, "lib"))!;
        return Strata.Hub.Browsing.Uses.OfLayer(state, layer, layer.Find(SemanticVersion.Parse(version))!, caller);
    }

    /// <summary>The state after its units were planned, as the hub does it.</summary>
    private static HubState Planned(HubState state)
    {
        var plan = UnitPlan.For(state, state.Units[Sample.Unit], new());
        foreach (var composed in plan.Composed) state = state.Apply(state.Sequence + 1, new ServiceComposed(composed.Composition));
        return state.Apply(state.Sequence + 1, new UnitPlanned(Sample.Unit, plan.Desired));
    }

    private static LayerVersionMoved Moved(string version, ReleaseState to) => new(Sample.Oem, "lib", SemanticVersion.Parse(version), new(to) { Reason = "broken" });

    private static LayerPublished OnBase(string version, BaseIdentity @base)
    {
        var published = Sample.LayerVersion(version);
        return published with { Images = [published.Images[0] with { Base = @base }] };
    }
}
