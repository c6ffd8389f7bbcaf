using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Oci;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Xunit;

namespace Strata.Tests.Artifacts.Oci;

public sealed class OciLayoutReaderTests
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal) { ["oci-layout"] = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray() };

    [Fact]
    public async Task The_one_image_is_found_with_its_layers_bottom_first()
    {
        var image = Image("a", "b");
        Top($"[{image}]");
        var found = await ReadAsync();
        Assert.Equal([Hash("a"), Hash("b")], found.Layers.Select(l => l.Digest.ToString()));
        Assert.Equal(Hash("diff a"), found.Layers[0].DiffId.ToString());
    }

    [Fact]
    public async Task An_index_in_the_index_gives_the_image_of_the_architecture()
    {
        var inner = Blob($$"""{"manifests":[{{Image("a").Replace("}", ""","platform":{"architecture":"amd64"}}""", StringComparison.Ordinal)}},{{Image("b").Replace("}", ""","platform":{"architecture":"arm64"}}""", StringComparison.Ordinal)}}]}""", Index);
        Top($"[{inner}]");
        Assert.Equal(Hash("b"), Assert.Single((await ReadAsync(architecture: "arm64")).Layers).Digest.ToString());
        await RefusedAsync(ArchiveFault.Misplaced, "has no image for riscv64", architecture: "riscv64");
    }

    [Fact]
    public async Task Of_several_images_the_named_one_is_taken()
    {
        Top($"[{Named(Image("a"), "one")},{Named(Image("b"), "two")}]");
        Assert.Equal(Hash("b"), Assert.Single((await ReadAsync("two")).Layers).Digest.ToString());
        await RefusedAsync(ArchiveFault.Misplaced, "2 images that fit: one, two");
        await RefusedAsync(ArchiveFault.Misplaced, "no image 'three'; it has one, two", name: "three");
    }

    [Fact]
    public async Task Indexes_that_lead_on_for_ever_are_stopped()
    {
        var next = Image("a");
        for (var depth = 0; depth < 8; depth++) next = Blob($$"""{"manifests":[{{next}}]}""", Index);
        Top($"[{next}]");
        await RefusedAsync(ArchiveFault.TooLarge, "more than 4 deep");

        var many = string.Join(',', Enumerable.Range(0, 300).Select(i => Blob($$"""{"manifests":[],"x":{{i}}}""", Index)));
        Top($"[{many}]");
        await RefusedAsync(ArchiveFault.TooLarge, "more than 256 documents");
    }

    [Theory]
    [InlineData("""{"rootfs":{"diff_ids":[]}}""", "0 diff ids and its image has 1 layers")]
    [InlineData("""{"rootfs":{"diff_ids":["md5:1"]}}""", "diff id 'md5:1'")]
    [InlineData("""{"rootfs":{"diff_ids":[null]}}""", "null")]
    [InlineData("[]", "is not the document")]
    public async Task A_configuration_that_does_not_fit_its_image_is_refused(string config, string said)
    {
        Top($"[{Manifest(config, "a")}]");
        await RefusedAsync(ArchiveFault.Damaged, said);
    }

    [Fact]
    public async Task A_document_that_is_not_what_its_name_says_or_too_long_is_refused()
    {
        var image = Image("a");
        Top($"[{image}]");
        _files[_files.Keys.First(k => k.StartsWith("blobs/", StringComparison.Ordinal))] = "other"u8.ToArray();
        await RefusedAsync(ArchiveFault.Damaged, "does not hold what its name says");

        _files["index.json"] = new byte[(4 << 20) + 1];
        await RefusedAsync(ArchiveFault.TooLarge, "longer than the 4194304 bytes");
        _files.Remove("index.json");
        await RefusedAsync(ArchiveFault.Damaged, "'index.json' of the OCI layout is not there");
    }

    private string Image(params string[] layers) =>
        Manifest($$$"""{"rootfs":{"diff_ids":[{{{string.Join(',', layers.Select(l => $"\"{Hash("diff " + l)}\""))}}}]}}""", layers);

    private string Manifest(string config, params string[] layers)
    {
        var described = string.Join(',', layers.Select(l => $$"""{"digest":"{{Hash(l)}}","size":{{l.Length}}}"""));
        return Blob($$"""{"config":{{Blob(config, "application/vnd.oci.image.config.v1+json")}},"layers":[{{described}}]}""", "application/vnd.oci.image.manifest.v1+json");
    }

    private static string Named(string descriptor, string name) => $$$"""{{{descriptor[..^1]}}},"annotations":{"org.opencontainers.image.ref.name":"{{{name}}}"}}""";

    private void Top(string manifests) => _files["index.json"] = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":{{manifests}}}""");

    private string Blob(string text, string mediaType)
    {
        _files[$"blobs/sha256/{Hash(text)["sha256:".Length..]}"] = Encoding.UTF8.GetBytes(text);
        return $$"""{"mediaType":"{{mediaType}}","digest":"{{Hash(text)}}","size":{{text.Length}}}""";
    }

    private static string Hash(string text) => Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToString();

    private Task<OciLayoutImage> ReadAsync(string? name = null, string architecture = "amd64") =>
        new OciLayoutReader(path => _files.TryGetValue(path, out var bytes) ? new MemoryStream(bytes) : null).ReadAsync(name, architecture, TestContext.Current.CancellationToken);

    private async Task RefusedAsync(ArchiveFault fault, string said, string? name = null, string architecture = "amd64")
    {
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => ReadAsync(name, architecture));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }
}
