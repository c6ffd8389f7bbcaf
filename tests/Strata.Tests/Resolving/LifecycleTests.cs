using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;

namespace Strata.Tests.Resolving;

public sealed class LifecycleTests
{
    private const string Oem = "oem.localhost";
    private static readonly Platform Amd64 = new("amd64");
    private static readonly LayerKey Lib = new(Oem, "lib");

    [Fact]
    public void A_candidate_is_taken_only_by_a_need_for_exactly_it()
    {
        var catalogue = Move("1.1.0", new(ReleaseState.Candidate));
        Assert.Equal("lib 1.0.0", Chosen(catalogue, ">=1.0.0").Layer);
        Assert.Contains("1.1.0 is a candidate", Chosen(catalogue, ">=1.0.0").Reason, StringComparison.Ordinal);
        Assert.Equal("lib 1.1.0", Chosen(catalogue, "=1.1.0").Layer);
    }

    [Fact]
    public void A_deprecated_version_is_taken_as_before_and_the_explanation_says_what_comes()
    {
        var (layer, reason) = Chosen(Move("1.1.0", new(ReleaseState.Deprecated) { Successor = SemanticVersion.Parse("2.0.0"), EndsOn = new(2027, 1, 2), Reason = "end of support" }), ">=1.0.0");
        Assert.Equal("lib 1.1.0", layer);
        Assert.Contains("is deprecated and goes on 2027-01-02, take 2.0.0 instead: end of support", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_yanked_version_goes_to_nobody_new_and_stays_where_it_is_until_another_fits()
    {
        var catalogue = Move("1.1.0", new(ReleaseState.Yanked) { Reason = "broken" });
        Assert.Equal("lib 1.0.0", Chosen(catalogue, ">=1.0.0").Layer);
        var (layer, reason) = Chosen(catalogue, ">=1.0.0", Content("1.1.0"));
        Assert.Equal("lib 1.0.0", layer); // older, and not taken back
        Assert.Contains("1.1.0 is yanked: broken", reason, StringComparison.Ordinal);
        (layer, reason) = Chosen(catalogue, ">=1.1.0", Content("1.1.0"));
        Assert.Equal("lib 1.1.0", layer);
        Assert.Contains("it is yanked: broken, and stays only where it is until another fits", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retired_version_goes_to_nobody_and_stays_nowhere()
    {
        var catalogue = Move("1.1.0", new(ReleaseState.Retired));
        Assert.Equal("lib 1.0.0", Chosen(catalogue, ">=1.0.0", Content("1.1.0")).Layer);
    }

    [Fact]
    public void A_child_does_not_bring_a_yanked_parent_to_anybody_new()
    {
        var catalogue = Move("1.1.0", new(ReleaseState.Yanked) { Reason = "broken" });
        var child = new LayerImage(Amd64, File("child"), Content("child"), 1, 1) { Parent = new("lib", SemanticVersion.Parse("1.1.0"), Content("1.1.0")) };
        catalogue = Add(catalogue, new(new(Oem, "child"), SemanticVersion.Parse("1.0.0"), [child]));
        var needs = new ServiceNeeds("app", [new("child", VersionRange.Any)]);
        var unmet = Assert.IsType<Resolution.Unmet>(Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs]));
        Assert.Contains("needs its parent lib 1.1.0, which is yanked: broken", unmet.Services[0].Reasons[0], StringComparison.Ordinal);
        Assert.IsType<Resolution.Resolved>(Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs with { Held = [Content("child")] }]));
    }

    [Fact]
    public void What_stands_below_a_layer_and_is_hidden_from_a_provider_is_not_named_to_it_nor_why_it_was_taken_back()
    {
        var parent = new ParentLayer("lib", SemanticVersion.Parse("1.1.0"), Content("1.1.0"));
        var child = new LayerImage(Amd64, File("child"), Content("child"), 1, 1) { Parent = parent };
        var other = new LayerImage(Amd64, File("other"), Content("other"), 1, 1) { Parent = new("lib", SemanticVersion.Parse("1.0.0"), Content("1.0.0")) };
        var open = Move("1.1.0", Lifecycle.Released);
        open = Add(open, new(new(Oem, "child"), SemanticVersion.Parse("1.0.0"), [child]));
        open = Add(open, new(new(Oem, "other"), SemanticVersion.Parse("1.0.0"), [other]));
        var hidden = open.Share(Lib, new() { HiddenFrom = ["sp"] }, 9);
        var yanked = hidden.Move(Lib, parent.Version, new(ReleaseState.Yanked) { Reason = "broken" }, 10);
        var needs = new ServiceNeeds("app", [new("child", VersionRange.Any)]) { Owner = "sp" };

        Assert.Contains("1.0.0 needs its parent, which was taken back", Told(yanked, needs), StringComparison.Ordinal);
        Assert.Contains("needs its parent lib 1.1.0, which is yanked: broken", Told(yanked, needs with { Owner = "friend" }), StringComparison.Ordinal);
        var held = needs with { Held = [Content("child")] };
        Assert.DoesNotContain("broken", Told(Add(yanked, new(new(Oem, "child"), SemanticVersion.Parse("0.9.0"), [new(Amd64, File("old"), Content("old"), 1, 1)])), held), StringComparison.Ordinal);
        Assert.Contains($"needs its parent ({Content("1.1.0")}), which is not published", Told(yanked.Remove(Lib, parent.Version, 11), needs), StringComparison.Ordinal);
        Assert.Contains($"needs its parent lib 1.1.0 ({Content("1.1.0")})", Told(yanked.Remove(Lib, parent.Version, 11), needs with { Owner = Oem }), StringComparison.Ordinal);
        var both = needs with { Needs = [new("child", VersionRange.Any), new("other", VersionRange.Any)] };
        Assert.Contains("brings lib 1.1.0 as a parent", Told(open, both), StringComparison.Ordinal);
        Assert.Contains("brings a layer that is not shared with the service's provider as a parent", Told(hidden, both), StringComparison.Ordinal);

        static string Told(Catalogue catalogue, ServiceNeeds needs)
        {
            var told = string.Join('\n', Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs]).Match(r => r.Stacks[0].Reasons, u => u.Services[0].Reasons));
            if (needs.Owner == "sp" && !catalogue.Find(Lib)!.IsSharedWith("sp")) Assert.DoesNotContain("lib", told, StringComparison.Ordinal);
            return told;
        }
    }

    [Fact]
    public void An_exported_catalogue_names_no_parent_that_its_reader_may_not_see_and_keeps_its_content()
    {
        var child = new LayerImage(Amd64, File("child"), Content("child"), 1, 1) { Parent = new("lib", SemanticVersion.Parse("1.1.0"), Content("1.1.0")) };
        var catalogue = Add(Move("1.1.0", new(ReleaseState.Yanked) { Reason = "broken" }), new(new(Oem, "child"), SemanticVersion.Parse("1.0.0"), [child]));
        var text = JsonSerializer.Serialize(CatalogueDocument.Of(catalogue, l => l.Key != Lib), ModelJson.Default.CatalogueDocument);
        Assert.DoesNotContain("lib", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1.1.0", text, StringComparison.Ordinal);
        var again = CatalogueDocument.Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(Content("1.1.0"), Assert.Single(again.Layers).Releases[0].Images[0].Parent!.DiffId);
        Assert.Equal(catalogue.Layers, CatalogueDocument.Of(catalogue, _ => true).ToCatalogue().Layers);
    }

    [Fact]
    public void Resolving_ends_when_what_several_may_cost_together_is_spent()
    {
        var (catalogue, needs) = (Move("1.1.0", Lifecycle.Released), new ServiceNeeds("app", [new("lib", VersionRange.Any)]));
        var budget = new StepBudget(2); // both versions are looked at, and then one more step is wanted
        Assert.IsType<Resolution.Unmet>(Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs], budget));
        Assert.True(budget.IsSpent);
        budget = new(6);
        Assert.IsType<Resolution.Resolved>(Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs, needs], budget));
        Assert.False(budget.IsSpent);
    }

    [Fact]
    public void A_layer_serves_those_that_it_is_shared_with_and_always_its_owner()
    {
        var layer = new Layer(Guid.Empty, Lib) { Sharing = new() { IsOpen = false, SharedWith = ["a", "b"], HiddenFrom = ["b"], IsRecommended = true } };
        Assert.Equal([true, false, false, true], new[] { "a", "b", "c", Oem }.Select(layer.IsSharedWith));
        Assert.Equal([true, false, false], new[] { "a", "b", "c" }.Select(layer.Sharing.Recommends));
        Assert.True(LayerSharing.Everyone.Includes("a"));
        Assert.False(LayerSharing.Everyone.Recommends("a"));
    }

    [Fact]
    public void A_version_moves_on_and_back_only_where_nobody_is_deceived()
    {
        var states = Enum.GetValues<ReleaseState>();
        var allowed = states.SelectMany(from => states.Where(to => to != from && new Lifecycle(from).Obstacle(new(to) { Reason = "why" }) is null).Select(to => $"{from} {to}"));
        Assert.Equal(
            [
                "Candidate Released", "Candidate Retired", "Candidate Yanked", "Deprecated Released", "Deprecated Yanked", "Released Deprecated",
                "Released Yanked", "Yanked Deprecated", "Yanked Released", "Yanked Retired",
            ],
            allowed.Order(StringComparer.Ordinal));
        Assert.Contains("needs a reason", Lifecycle.Released.Obstacle(new(ReleaseState.Yanked)), StringComparison.Ordinal);
        Assert.Contains("belong to a deprecated", Lifecycle.Released.Obstacle(new(ReleaseState.Yanked) { Reason = "why", EndsOn = new(2027, 1, 2) }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exported_catalogue_says_where_versions_stand()
    {
        var catalogue = Move("1.1.0", new(ReleaseState.Yanked) { Reason = "broken" });
        var text = JsonSerializer.Serialize(CatalogueDocument.Of(catalogue), ModelJson.Default.CatalogueDocument);
        Assert.Contains("\"state\": \"yanked\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("released", text, StringComparison.Ordinal);
        Assert.Equal(catalogue.Layers, JsonSerializer.Deserialize(text, ModelJson.Default.CatalogueDocument)!.ToCatalogue().Layers);
    }

    private static (string Layer, string Reason) Chosen(Catalogue catalogue, string versions, params DiffId[] held)
    {
        var needs = new ServiceNeeds("app", [new("lib", VersionRange.FromComparators(versions).Range!)]) { Held = held.ToEquatableList() };
        var stack = Assert.IsType<Resolution.Resolved>(Resolver.Resolve(catalogue, new(Oem, Amd64, null), [needs])).Stacks[0];
        return (stack.Layers[0].ToString(), stack.Reasons[0]);
    }

    private static Catalogue Move(string version, Lifecycle lifecycle)
    {
        var catalogue = Catalogue.Empty;
        foreach (var each in new[] { "1.0.0", "1.1.0" })
            catalogue = Add(catalogue, new(Lib, SemanticVersion.Parse(each), [new(Amd64, File(each), Content(each), 1, 1)]));
        return catalogue.Move(Lib, SemanticVersion.Parse(version), lifecycle, 3);
    }

    private static Catalogue Add(Catalogue catalogue, LayerRelease release) =>
        Assert.IsType<Publication.Accepted>(catalogue.Publish(release, Guid.Empty, null, [], catalogue.Sequence + 1)).Catalogue;

    private static Digest File(string text) => Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static DiffId Content(string text) => DiffId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes("content of " + text)));
}
