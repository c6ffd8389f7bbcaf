using System.Security.Cryptography;
using System.Text;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;

namespace Strata.Tests.Resolving;

public sealed class ResolverTests
{
    private const string Oem = "demo-oem.localhost";
    private static readonly Platform Amd64 = new("amd64");

    [Fact]
    public void One_need_gets_the_newest_version_that_fits()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null), ("pylibs", "1.1.0", null), ("pylibs", "2.0.0", null));
        Assert.Equal(["pylibs 1.1.0"], Resolved(catalogue, Need("pylibs", ">=1.0.0,<2.0.0")));
    }

    [Fact]
    public void A_child_brings_the_parent_it_was_built_on_even_when_a_newer_one_exists()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null), ("numlibs", "1.0.0", "pylibs 1.0.0"), ("pylibs", "1.1.0", null));
        Assert.Equal(["numlibs 1.0.0", "pylibs 1.0.0"], Resolved(catalogue, Need("numlibs", ">=1.0.0")));
    }

    [Fact]
    public void A_need_gives_way_to_the_version_that_another_layer_is_pinned_to()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null), ("numlibs", "1.0.0", "pylibs 1.0.0"), ("pylibs", "1.1.0", null));
        Assert.Equal(["numlibs 1.0.0", "pylibs 1.0.0"], Resolved(catalogue, Need("pylibs", ">=1.0.0,<2.0.0"), Need("numlibs", ">=1.0.0")));
    }

    [Fact]
    public void A_shared_parent_stands_once_and_beneath_all_its_children()
    {
        var catalogue = Publish(("py", "1.0.0", null), ("a", "1.0.0", "py 1.0.0"), ("b", "1.0.0", "py 1.0.0"), ("top", "1.0.0", "a 1.0.0"));
        Assert.Equal(["b 1.0.0", "top 1.0.0", "a 1.0.0", "py 1.0.0"], Resolved(catalogue, Need("b", ">=1.0.0"), Need("top", ">=1.0.0")));
    }

    [Fact]
    public void Declared_layers_stand_in_declared_order()
    {
        var catalogue = Publish(("a", "1.0.0", null), ("b", "1.0.0", null));
        Assert.Equal(["b 1.0.0", "a 1.0.0"], Resolved(catalogue, Need("b", ">=1.0.0"), Need("a", ">=1.0.0")));
    }

    [Fact]
    public void Two_versions_of_one_layer_in_a_stack_are_refused_with_both_needs_and_the_cure()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null), ("numlibs", "1.0.0", "pylibs 1.0.0"), ("pylibs", "1.1.0", null));
        var reason = Assert.Single(Unmet(catalogue, Need("pylibs", "=1.1.0"), Need("numlibs", ">=1.0.0")));
        Assert.Contains("'numlibs >=1.0.0' brings pylibs 1.0.0 as a parent", reason, StringComparison.Ordinal);
        Assert.Contains("'pylibs =1.1.0' takes pylibs 1.1.0", reason, StringComparison.Ordinal);
        Assert.Contains("Rebuild the child", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_need_that_nothing_meets_is_listed_with_what_there_is()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null), ("pylibs", "1.1.0", null));
        var reasons = Unmet(catalogue, Need("pylibs", ">=2.0.0") with { WrittenAt = "config.yaml:14" }, Need("pylib", ">=1.0.0"));
        Assert.Equal(2, reasons.Count);
        Assert.StartsWith("config.yaml:14: pylibs >=2.0.0 matches no published version; there are 1.1.0, 1.0.0.", reasons[0], StringComparison.Ordinal);
        Assert.Contains("no layer of demo-oem.localhost is called 'pylib'", reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_for_another_architecture_or_base_does_not_fit()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null));
        var needs = new ServiceNeeds("svc", [Need("pylibs", ">=1.0.0")]);
        Assert.IsType<Resolution.Unmet>(Resolver.Resolve(catalogue, new(Oem, new("arm64"), null), [needs]));
        var other = Digest.FromHash(SHA256.HashData("other base"u8));
        var unmet = Assert.IsType<Resolution.Unmet>(Resolver.Resolve(catalogue, new(Oem, Amd64, other), [needs]));
        Assert.Contains("does not say on which base", unmet.Services[0].Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_answers_to_its_alias_and_its_id_and_another_owners_only_by_its_full_name()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null));
        var layer = Assert.Single(catalogue.Layers);
        Assert.Equal(layer, catalogue.Find("aos-pylibs-layer", Oem));
        Assert.Equal(layer, catalogue.Find(layer.Id.ToString(), Oem));
        Assert.Null(catalogue.Find("pylibs", "other.localhost"));
        Assert.Equal(layer, catalogue.Find($"pylibs.{Oem}", "other.localhost"));
    }

    [Fact]
    public void What_is_published_never_changes()
    {
        var catalogue = Publish(("pylibs", "1.0.0", null));
        var same = Release("pylibs", "1.0.0", null, catalogue);
        Assert.IsType<Publication.AlreadyPublished>(catalogue.Publish(same, Guid.Empty, null, [], 9));
        var other = same with { Images = [same.Images[0] with { DiffId = Id("changed") }] };
        var refused = Assert.IsType<Publication.Refused>(catalogue.Publish(other, Guid.Empty, null, [], 9));
        Assert.Contains("pylibs 1.0.0 is published already", refused.Reason, StringComparison.Ordinal);
    }

    private static LayerNeed Need(string layer, string versions) => new(layer, VersionRange.FromComparators(versions).Range!);

    private static List<string> Resolved(Catalogue catalogue, params LayerNeed[] needs)
    {
        var resolution = Resolver.Resolve(catalogue, new(Oem, Amd64, null), [new("svc", needs.ToEquatableList())]);
        return [.. Assert.IsType<Resolution.Resolved>(resolution).Stacks[0].Layers.Select(l => l.ToString())];
    }

    private static EquatableList<string> Unmet(Catalogue catalogue, params LayerNeed[] needs)
    {
        var resolution = Resolver.Resolve(catalogue, new(Oem, Amd64, null), [new("svc", needs.ToEquatableList())]);
        return Assert.IsType<Resolution.Unmet>(resolution).Services[0].Reasons;
    }

    private static Catalogue Publish(params (string Name, string Version, string? Parent)[] releases)
    {
        var catalogue = Catalogue.Empty;
        foreach (var (name, version, parent) in releases)
        {
            var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16]);
            catalogue = Assert.IsType<Publication.Accepted>(
                catalogue.Publish(Release(name, version, parent, catalogue), id, null, [$"aos-{name}-layer"], catalogue.Sequence + 1)).Catalogue;
        }
        return catalogue;
    }

    private static LayerRelease Release(string name, string version, string? parent, Catalogue catalogue)
    {
        var pinned = parent is null ? null : catalogue.FindContent(Oem, Id(parent))!.Value.Release;
        var content = $"{name} {version}";
        var image = new LayerImage(Amd64, Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(content + " file"))), Id(content), 10, 20)
        {
            Parent = pinned is null ? null : new ParentLayer(pinned.Layer.Codename, pinned.Version, Id(parent!)),
        };
        return new(new(Oem, name), SemanticVersion.Parse(version), [image]);
    }

    private static DiffId Id(string content) => DiffId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
