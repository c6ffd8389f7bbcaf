using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Tests.Artifacts.Json;

public sealed class ModelJsonTests
{
    private static readonly Digest Some = Digest.FromHash(SHA256.HashData("some"u8));
    private static readonly DiffId Content = DiffId.FromHash(SHA256.HashData("content"u8));

    [Fact]
    public void A_layer_description_is_read_back_as_it_was_written()
    {
        var description = new LayerDescription
        {
            Name = "aos-numlibs-layer",
            Codename = "numlibs",
            Version = SemanticVersion.Parse("1.0.0"),
            Parent = new("aos-pylibs-layer", SemanticVersion.Parse("1.0.0"), Content),
            Base = new("demo", Some),
            Platform = new("amd64") { OsVersion = "12", OsFeatures = ["python3-numpy"] },
            Libraries = [new("numpy", "1.24.2", "python") { Purl = "pkg:pypi/numpy@1.24.2", Files = 3 }],
            Archive = new(MediaTypes.LayerGzip, Some, Content, 10, 20) { Entries = 4 },
        };
        var bytes = LayerDescriptionJson.Write(description);
        Assert.Equal(description, LayerDescriptionJson.Read(bytes));
        Assert.Contains("\"os.version\": \"12\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.EndsWith("}\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_that_is_none_is_refused_with_its_reason()
    {
        var text = Encoding.UTF8.GetString(LayerDescriptionJson.Write(new()
        {
            Name = "a",
            Codename = "a",
            Version = SemanticVersion.Parse("1.0.0"),
            Platform = new("amd64"),
            Archive = new(MediaTypes.LayerGzip, Some, Content, 1, 1),
        })).Replace(Some.ToString(), "sha512:0", StringComparison.Ordinal);
        var refused = Assert.Throws<JsonException>(() => LayerDescriptionJson.Read(Encoding.UTF8.GetBytes(text)));
        Assert.Contains("'sha512:0' is not a digest", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalogue_written_by_hand_needs_only_what_resolution_needs()
    {
        var catalogue = JsonSerializer.Deserialize(
            $$"""
            {"sequence":0,"layers":[{"owner":"oem","codename":"pylibs","id":"00000000-0000-0000-0000-000000000000","aliases":["a","b"],"versions":[
            {"version":"1.0.0","images":[{"platform":{"architecture":"amd64"},"digest":"{{Some}}","diffId":"{{Content}}","size":1,"unpackedSize":2}]},
            {"version":"1.1.0","images":[]}]}]}
            """,
            ModelJson.Default.CatalogueDocument)!.ToCatalogue();
        Assert.Equal(["1.1.0", "1.0.0"], catalogue.Find("b", "oem")!.Releases.Select(r => r.Version.ToString()));
        var again = CatalogueDocument.Of(catalogue).ToCatalogue();
        Assert.Equal(catalogue.Layers, again.Layers);
    }

    [Theory]
    [InlineData("""{"sequence":0}""", "layers is missing.")]
    [InlineData("""{"layers":[null]}""", "layers[0] is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a"}]}""", "layers[0].versions is missing.")]
    [InlineData("""{"layers":[{"codename":"a","versions":[]}]}""", "layers[0].owner is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[]},{"owner":"oem","versions":[]}]}""", "layers[1].codename is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[{"images":[]}]}]}""", "layers[0].versions[0].version is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[{"version":"1.0.0"}]}]}""", "layers[0].versions[0].images is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[{"version":"1.0.0","images":[{}]}]}]}""", "layers[0].versions[0].images[0].platform is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[{"version":"1.0.0","images":[{"platform":{"architecture":"amd64"}}]}]}]}""", "layers[0].versions[0].images[0].digest is missing.")]
    [InlineData("""{"layers":[{"owner":"oem","codename":"a","versions":[{"version":"1"}]}]}""", "layers[0].versions[0].version: '1' is a partial version; write 1.0.0.")]
    [InlineData("null", "The document is null.")]
    public void What_a_catalogue_lacks_is_named_by_its_place(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<JsonException>(() => CatalogueDocument.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Canonical_bytes_depend_on_the_value_alone()
    {
        using var one = JsonDocument.Parse("""{ "b": [1, {"z":"é","a":null}], "a": true }""");
        using var two = JsonDocument.Parse("""{"a":true,"b":[1,{"a":null,"z":"\u00e9"}]}""");
        Assert.Equal("""{"a":true,"b":[1,{"a":null,"z":"é"}]}""", Encoding.UTF8.GetString(CanonicalJson.Write(one.RootElement)));
        Assert.Equal(CanonicalJson.Write(one.RootElement), CanonicalJson.Write(two.RootElement));
    }
}
