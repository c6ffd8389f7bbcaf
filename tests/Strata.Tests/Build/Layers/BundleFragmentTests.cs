using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Recipes;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Xunit;

namespace Strata.Tests.Build.Layers;

public sealed class BundleFragmentTests
{
    private static readonly DiffId SomeDiffId = DiffId.Parse("sha256:" + new string('c', 64));

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.0-rc.1")]
    [InlineData("2.0.0+build.7")]
    public void A_child_needs_exactly_the_version_of_its_parent_that_it_was_built_from(string version)
    {
        var parent = Layer("aos-pylibs-layer", "pylibs", version, null);
        var child = Layer("aos-numlibs-layer", "numlibs", "1.0.0", new("aos-pylibs-layer", parent.Description.Version, SomeDiffId));

        var config = Assert.IsType<Reading<BundleConfig>.Good>(BundleConfigReader.Read(BundleFragment.Text([parent, child]), "config.yaml")).Value;

        Assert.Empty(config.Items[0].Needs);
        var need = Assert.Single(config.Items[1].Needs);
        Assert.Equal("pylibs", need.Layer);
        Assert.True(need.Range.IsExact);
        Assert.True(need.Range.Contains(parent.Description.Version));
    }

    [Fact]
    public void Names_that_mean_something_in_YAML_stay_names()
    {
        var config = Assert.IsType<Reading<BundleConfig>.Good>(BundleConfigReader.Read(BundleFragment.Text([Layer("1.0", "1.0", "1.0.0", null)]), "config.yaml")).Value;
        Assert.Equal("1.0", config.Items[0].Codename);
    }

    private static BuiltLayer Layer(string name, string codename, string version, ParentLayer? parent)
    {
        var description = new LayerDescription
        {
            Name = name,
            Codename = codename,
            Version = SemanticVersion.Parse(version),
            Summary = "Has a \"quote\" and: a colon",
            Parent = parent,
            Platform = new("amd64"),
            Archive = new(MediaTypes.LayerGzip, Digest.Parse("sha256:" + new string('d', 64)), SomeDiffId, 1, 1),
        };
        var recipe = new Recipe { File = name + ".bb", Name = name, Version = "1.0" };
        return new(recipe, description, $"/deploy/layers/{name}/linux-amd64-{version}.tar.gz", false, default, default, [], new PackageLock(FeedKind.Debian, "bookworm", "amd64", []));
    }
}
