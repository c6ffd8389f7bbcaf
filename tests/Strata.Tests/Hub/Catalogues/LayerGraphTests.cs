using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Deploying;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>What a layer stands on and what stands on it, as each reader may know it.</summary>
public sealed class LayerGraphTests
{
    private static readonly Caller Oem = new("anna", ClientRole.Oem, Sample.Oem, Guid.Empty, null);
    private static readonly Caller Provider = new("bert", ClientRole.ServiceProvider, "sp.localhost", Guid.Empty, null);

    [Fact]
    public void Parents_come_first_and_nearest_first_then_children_by_name_then_services()
    {
        var state = With(Sample.State, ("base", null), ("middle", "base"), ("top", "middle"), ("zebra", "top"), ("apple", "top"), ("aside", "base"));
        Assert.Equal(
            ["top is built on middle", "middle is built on base", "apple is built on top", "zebra is built on top"],
            Edges(state, "top", Oem));
        Assert.Equal(["aside is built on base", "middle is built on base"], Edges(state, "base", Oem));
        Assert.Empty(Edges(state, "lib", Oem));
    }

    [Fact]
    public void The_layer_whose_graph_it_is_is_told_from_the_others_and_each_has_its_page()
    {
        var state = With(Sample.State, ("base", null), ("top", "base"));
        var edge = Assert.Single(Graph(state, "top", Oem).Edges);
        Assert.Equal(("this", "layer"), (edge.Upper.Kind, edge.Lower.Kind));
        Assert.Equal($"/layers/{state.Catalogue.Find(new LayerKey(Sample.Oem, "base"))!.Id}", edge.Lower.Path);
    }

    [Fact]
    public void Only_the_newest_version_of_each_layer_says_what_it_is_built_on()
    {
        var state = With(Sample.State, ("old", null), ("new", null), ("top", "old"));
        state = state.Apply(200, Published("top", "2.0.0", "new"));
        Assert.Equal(["top is built on new"], Edges(state, "top", Oem));
        Assert.Empty(Edges(state, "old", Oem));
    }

    [Fact]
    public void A_service_stands_on_it_once_however_many_units_have_it_and_not_before_one_has()
    {
        Assert.Empty(Edges(Sample.State, "lib", Oem));
        var state = Planned(Planned(Sample.State
            .Apply(100, new UnitAdded(Guid.NewGuid(), "unit-2", Sample.Oem, null))
            .Apply(101, new UnitReported("unit-2", new([Sample.Amd64], [], []), Sample.At))
            .Apply(102, new SubjectJoined(Sample.Subject, [], ["unit-2"])), Sample.Unit), "unit-2");
        Assert.Equal(["app uses lib"], Edges(state, "lib", Oem));
        Assert.Equal($"/services/{Sample.Service}", Assert.Single(Graph(state, "lib", Oem).Edges).Upper.Path);
        Assert.Equal(["app uses lib"], Edges(state, "lib", Provider));
        // Another provider's own services only.
        Assert.Empty(Edges(state.Apply(state.Sequence + 1, new LayerShared(Sample.Oem, "lib", new())), "lib", new("carl", ClientRole.ServiceProvider, "other.localhost", Guid.Empty, null)));
    }

    [Theory]
    [InlineData("base", new[] { "top is built on middle", "apple is built on top" })]
    [InlineData("middle", new[] { "apple is built on top" })] // nor what is beneath it: the way there would tell of it
    [InlineData("apple", new[] { "top is built on middle", "middle is built on base" })]
    public void A_layer_that_is_hidden_from_a_provider_leaves_no_trace_in_its_graphs(string hidden, string[] left)
    {
        var open = With(Sample.State, ("base", null), ("middle", "base"), ("top", "middle"), ("apple", "top"));
        var state = open.Apply(200, new LayerShared(Sample.Oem, hidden, new() { HiddenFrom = [Provider.Owner] }));
        Assert.Equal(left, Edges(state, "top", Provider));
        Assert.Equal(0, Graph(state, "top", Provider).More);
        Assert.Equal(Edges(open, "top", Oem), Edges(state, "top", Oem));
    }

    [Fact]
    public void Another_owners_layer_of_the_same_name_is_no_parent()
    {
        var foreign = Published("base", "1.0.0", null) with { Owner = "other-oem.localhost" };
        Assert.Empty(Edges(With(Sample.State, ("top", "base")).Apply(200, foreign), "top", Oem));
    }

    [Fact]
    public void Layers_that_were_built_on_one_another_in_turn_are_told_once()
    {
        var state = With(Sample.State, ("one", "two"), ("two", "one"), ("top", "one"), ("alone", "alone"));
        Assert.Empty(Edges(state, "alone", Oem));
        Assert.Equal(["top is built on one", "one is built on two", "two is built on one"], Edges(state, "top", Oem));
        Assert.Equal(["one is built on two", "two is built on one", "top is built on one"], Edges(state, "one", Oem));
    }

    [Fact]
    public void No_more_is_told_than_the_eye_can_follow_and_how_much_is_left_out()
    {
        (string, string?)[] all = [("base", null), .. Enumerable.Range(0, 130).Select(i => ($"child-{i:D3}", (string?)"base"))];
        var graph = Graph(With(Sample.State, all), "base", Oem);
        Assert.Equal((100, 30), (graph.Edges.Length, graph.More));
        Assert.Equal("child-099", graph.Edges[^1].Upper.Name);

        var deep = With(Sample.State, [("l0", null), .. Enumerable.Range(1, 20).Select(i => ($"l{i}", (string?)$"l{i - 1}"))]);
        Assert.Equal(16, Edges(deep, "l20", Oem).Count);
    }

    private static LayerGraph Graph(HubState state, string layer, Caller caller) => LayerGraph.Of(state, state.Catalogue.Find(new LayerKey(Sample.Oem, layer))!, caller);

    private static List<string> Edges(HubState state, string layer, Caller caller) => [.. Graph(state, layer, caller).Edges.Select(e => $"{e.Upper.Name} {e.Verb} {e.Lower.Name}")];

    private static HubState With(HubState state, params (string Name, string? Parent)[] layers) =>
        layers.Aggregate(state, (known, layer) => known.Apply(known.Sequence + 1, Published(layer.Name, "1.0.0", layer.Parent)));

    private static LayerPublished Published(string name, string version, string? parent) => new(
        new Guid(Sample.Digest(name).Hex[..32]), Sample.Oem, name, SemanticVersion.Parse(version), null, [],
        [new(Sample.Amd64, Sample.Digest($"{name} {version}"), Sample.Content($"{name} {version}"), 1, 1) { Parent = parent is null ? null : new(parent, SemanticVersion.Parse("1.0.0"), Sample.Content($"{parent} 1.0.0")) }],
        [Sample.Digest("description")]);

    /// <summary>The state after a unit was planned, as the hub does it.</summary>
    private static HubState Planned(HubState state, string unit)
    {
        var plan = UnitPlan.For(state, state.Units[unit], new());
        foreach (var composed in plan.Composed) state = state.Apply(state.Sequence + 1, new ServiceComposed(composed.Composition));
        return state.Apply(state.Sequence + 1, new UnitPlanned(unit, plan.Desired));
    }
}
