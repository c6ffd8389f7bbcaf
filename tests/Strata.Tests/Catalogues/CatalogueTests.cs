using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Catalogues;

public sealed class CatalogueTests
{
    private const string Oem = "oem.example";
    private static readonly Platform Amd64 = new("amd64");

    [Fact]
    public void A_layer_is_found_by_codename_alias_id_and_from_another_owner_with_the_domain_behind()
    {
        var id = Guid.Parse("6f1c2f6a-0d5a-4c50-8c51-0a0d3f7a2c11");
        var catalogue = Published(Catalogue.Empty, "py.libs", "1.0.0", id, "recipe-libs");
        foreach (var name in new[] { "py.libs", "recipe-libs", id.ToString(), "py.libs.oem.example" })
            Assert.Equal("py.libs", catalogue.Find(name, Oem)?.Key.Codename);
        foreach (var name in new[] { "py.libs.oem.example", "recipe-libs.oem.example", id.ToString() })
            Assert.Equal("py.libs", catalogue.Find(name, "other.example")?.Key.Codename);
        foreach (var name in new[] { "py.libs", "recipe-libs", "py", "py.libs.other.example", ".oem.example", "" }) Assert.Null(catalogue.Find(name, "other.example"));
    }

    [Fact]
    public void A_second_layer_cannot_take_the_name_of_a_first()
    {
        var catalogue = Published(Catalogue.Empty, "libs", "1.0.0", Guid.NewGuid(), "recipe");
        var refused = Assert.IsType<Publication.Refused>(catalogue.Publish(Release("others", "1.0.0"), Guid.NewGuid(), null, ["recipe"], 2));
        Assert.Contains("'recipe' already means the layer libs", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_stand_newest_first_and_are_found_in_whatever_order_they_came() =>
        Gen.Int[0, 30].Array[1, 20].Sample(minors =>
        {
            var catalogue = minors.Distinct().Aggregate(Catalogue.Empty, (c, minor) => Published(c, "libs", $"1.{minor}.0", Guid.Empty));
            var layer = catalogue.Find(new LayerKey(Oem, "libs"))!;
            Assert.Equal(minors.Distinct().OrderDescending().Select(m => $"1.{m}.0"), layer.Releases.Select(r => r.Version.ToString()));
            for (var minor = 0; minor <= 30; minor++)
                Assert.Equal(minors.Contains(minor), layer.Find(SemanticVersion.Parse($"1.{minor}.0")) is not null);
            foreach (var minor in minors)
            {
                foreach (var hint in new[] { null, "libs", "wrong" })
                    Assert.Equal($"1.{minor}.0", catalogue.FindContent(Oem, Content($"libs 1.{minor}.0"), hint)!.Value.Release.Version.ToString());
                Assert.Null(catalogue.FindContent("other.example", Content($"libs 1.{minor}.0"), "libs"));
            }
        }, iter: 200);

    [Fact]
    public void The_same_again_is_no_change_and_other_content_is_refused()
    {
        var catalogue = Published(Catalogue.Empty, "libs", "1.0.0", Guid.Empty);
        Assert.IsType<Publication.AlreadyPublished>(catalogue.Publish(Release("libs", "1.0.0"), Guid.Empty, null, [], 2));
        var other = Release("libs", "1.0.0") with { Images = Release("libs", "1.1.0").Images };
        Assert.Contains("published already with other content", Assert.IsType<Publication.Refused>(catalogue.Publish(other, Guid.Empty, null, [], 2)).Reason, StringComparison.Ordinal);
    }

    private static Catalogue Published(Catalogue catalogue, string codename, string version, Guid id, params string[] aliases) =>
        Assert.IsType<Publication.Accepted>(catalogue.Publish(Release(codename, version), id, null, aliases, catalogue.Sequence + 1)).Catalogue;

    private static LayerRelease Release(string codename, string version) => new(
        new(Oem, codename), SemanticVersion.Parse(version),
        [new(Amd64, Digest.FromHash(Hash($"file of {codename} {version}")), Content($"{codename} {version}"), 10, 20)]);

    private static DiffId Content(string name) => DiffId.FromHash(Hash(name));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
