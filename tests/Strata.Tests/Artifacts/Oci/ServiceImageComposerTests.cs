using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Oci;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;

namespace Strata.Tests.Artifacts.Oci;

public sealed class ServiceImageComposerTests
{
    private static readonly ServiceImageParts Parts = new(
        new("amd64"), Blob("own"), [Blob("numlibs"), Blob("pylibs")],
        new(["python3", "/opt/service/main.py"], ["SERVICE=numbers"], "/opt/service"));

    [Fact]
    public void The_same_parts_give_the_same_digests_on_every_machine() =>
        Assert.Equal(
            "sha256:42331f35",
            ServiceImageComposer.Compose([Parts], ImageOrder.TopFirst).Index.ToString()[..15]);

    [Fact]
    public void A_unit_gets_layers_and_diff_ids_top_first()
    {
        var (manifest, config) = Documents(ImageOrder.TopFirst);
        Assert.Equal(new[] { "own", "numlibs", "pylibs" }.Select(n => Blob(n).Digest), manifest.Layers.Select(l => l.Digest));
        Assert.Equal(new[] { "own", "numlibs", "pylibs" }.Select(n => Blob(n).DiffId), config.Rootfs.DiffIds);
    }

    [Fact]
    public void Every_other_tool_gets_them_bottom_first()
    {
        var (manifest, config) = Documents(ImageOrder.BottomFirst);
        Assert.Equal(new[] { "pylibs", "numlibs", "own" }.Select(n => Blob(n).Digest), manifest.Layers.Select(l => l.Digest));
        Assert.Equal(new[] { "pylibs", "numlibs", "own" }.Select(n => Blob(n).DiffId), config.Rootfs.DiffIds);
    }

    [Fact]
    public void A_unit_always_gets_an_item_configuration() => Assert.NotNull(Documents(ImageOrder.TopFirst).Manifest.AosItemConfig);

    [Fact]
    public void More_layers_than_a_unit_takes_are_refused()
    {
        var many = Parts with { SharedLayers = Enumerable.Range(0, 16).Select(i => Blob($"layer {i}")).ToEquatableList() };
        Assert.Throws<ArgumentException>(() => ServiceImageComposer.Compose([many], ImageOrder.TopFirst));
    }

    private static (ImageManifest Manifest, ImageConfig Config) Documents(ImageOrder order)
    {
        var image = ServiceImageComposer.Compose([Parts], order);
        byte[] Bytes(Digest digest) => image.Documents.Single(d => d.Digest == digest).Bytes.ToArray();
        var index = JsonSerializer.Deserialize(Bytes(image.Index), OciJson.Default.ImageIndex)!;
        var manifest = JsonSerializer.Deserialize(Bytes(Assert.Single(index.Manifests).Digest), OciJson.Default.ImageManifest)!;
        Assert.All(image.Documents, d => Assert.Equal(d.Digest, Digest.FromHash(SHA256.HashData(d.Bytes.Span))));
        return (manifest, JsonSerializer.Deserialize(Bytes(manifest.Config.Digest), OciJson.Default.ImageConfig)!);
    }

    private static LayerBlob Blob(string name) => new(
        Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(name + ".gz"))),
        DiffId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(name))),
        name.Length,
        MediaTypes.LayerGzip);
}
