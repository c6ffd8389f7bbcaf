using CsCheck;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using static Strata.Tests.Catalogues.MadeCatalogue;

namespace Strata.Tests.Catalogues;

public sealed class CatalogueTests
{
    [Theory]
    [InlineData("py.libs", true, false)]
    [InlineData("recipe-libs", true, false)]
    [InlineData("py.libs.oem.example", true, true)]
    [InlineData("recipe-libs.oem.example", true, true)]
    [InlineData("urn:aos:layer:oem.example/py.libs", true, true)]
    [InlineData("urn:aos:layer:oem.example/recipe-libs", true, true)]
    [InlineData("6f1c2f6a-0d5a-4c50-8c51-0a0d3f7a2c11", true, true)]
    [InlineData("urn:aos:layer:oem.example.evil/py.libs", false, false)]
    [InlineData("urn:aos:layer:oem.examplepy.libs", false, false)]
    [InlineData("py.libs.other.example", false, false)]
    [InlineData(".oem.example", false, false)]
    [InlineData("py.libsx", false, false)]
    [InlineData("py", false, false)]
    [InlineData("", false, false)]
    public void A_layer_is_found_by_each_of_its_names_and_by_another_OEM_only_with_the_owner_in_it(string name, bool own, bool foreign)
    {
        var catalogue = Catalogue.Empty.With("py.libs", "1.0.0", Guid.Parse("6f1c2f6a-0d5a-4c50-8c51-0a0d3f7a2c11"), "recipe-libs");
        Assert.Equal(own ? "py.libs" : null, catalogue.Find(name, Oem)?.Key.Codename);
        Assert.Equal(foreign ? "py.libs" : null, catalogue.Find(name, "other.example")?.Key.Codename);
    }

    [Fact]
    public void A_second_layer_cannot_take_the_name_of_a_first()
    {
        var catalogue = Catalogue.Empty.With("libs", "1.0.0", Guid.NewGuid(), "recipe");
        var refused = Assert.IsType<Publication.Refused>(catalogue.Publish(Release("others", "1.0.0"), Guid.NewGuid(), null, ["recipe"], 2));
        Assert.Contains("'recipe' already means the layer libs", refused.Reason, StringComparison.Ordinal);
        // What others call their layers is not told by trying names.
        var foreign = new LayerRelease(new("other.example", "mine"), SemanticVersion.Parse("1.0.0"), Release("mine", "1.0.0").Images);
        refused = Assert.IsType<Publication.Refused>(catalogue.Publish(foreign, Guid.NewGuid(), null, [$"recipe.{Oem}"], 2));
        Assert.DoesNotContain("libs", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_stand_newest_first_and_are_found_in_whatever_order_they_came() =>
        Gen.Int[0, 30].Array[1, 20].Sample(minors =>
        {
            var catalogue = minors.Distinct().Aggregate(Catalogue.Empty, (c, minor) => c.With("libs", $"1.{minor}.0"));
            var layer = catalogue.Find(new LayerKey(Oem, "libs"))!;
            Assert.Equal(minors.Distinct().OrderDescending().Select(m => $"1.{m}.0"), layer.Releases.Select(r => r.Version.ToString()));
            for (var minor = 0; minor <= 30; minor++)
                Assert.Equal(minors.Contains(minor), layer.Find(SemanticVersion.Parse($"1.{minor}.0")) is not null);
            foreach (var minor in minors)
            {
                foreach (var hint in new[] { null, "libs", "wrong" })
                    Assert.Equal($"1.{minor}.0", catalogue.FindContent(Oem, Content("libs", $"1.{minor}.0"), hint)!.Value.Release.Version.ToString());
                Assert.Null(catalogue.FindContent("other.example", Content("libs", $"1.{minor}.0"), "libs"));
            }
        }, iter: 200);

    [Fact]
    public void The_same_again_is_no_change_and_other_content_is_refused()
    {
        var catalogue = Catalogue.Empty.With("libs", "1.0.0");
        Assert.IsType<Publication.AlreadyPublished>(catalogue.Publish(Release("libs", "1.0.0"), Guid.Empty, null, [], 2));
        var other = Release("libs", "1.0.0") with { Images = Release("libs", "1.1.0").Images };
        Assert.Contains("published already with other content", Assert.IsType<Publication.Refused>(catalogue.Publish(other, Guid.Empty, null, [], 2)).Reason, StringComparison.Ordinal);
    }
}
