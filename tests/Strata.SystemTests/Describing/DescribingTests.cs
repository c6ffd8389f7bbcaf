using System.Security.Cryptography;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Describing;

/// <summary>The documents beside a layer, judged by what is not ours.</summary>
public sealed class DescribingTests(SbomChecker checker) : IClassFixture<SbomChecker>
{
    private const int Refused = 3;
    private static readonly string[] Documents = ["elf.json", "files.json", "layer.json", "sbom.cdx.json", "sbom.spdx.json"];

    [Fact]
    public async Task Documents_are_valid_by_official_schemas_and_by_parsers_of_others()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        using var described = await tree.DescribeAsync();

        Assert.Equal("", await checker.CycloneDxAsync(tree["out/sbom.cdx.json"]));
        Assert.Equal("", await checker.SpdxAsync(tree["out/sbom.spdx.json"]));
        Assert.Equal("", await checker.OwnAsync("layer.schema.json", tree["out/layer.json"]));
        Assert.Equal("", await checker.OwnAsync("elf.schema.json", tree["out/elf.json"]));
        Assert.Equal("", await checker.OwnAsync("files.schema.json", tree["out/files.json"]));
        var layer = LayerDescriptionJson.Read(File.ReadAllBytes(tree["out/layer.json"]));
        Assert.Equal(
            [
                "deb python3-six 1.16.0+ds-4 Expat 2 pkg:deb/debian/python3-six@1.16.0%2Bds-4?arch=all",
                "deb zlib1g 1:1.2.13.dfsg-1 Zlib 3 pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64",
                "npm @scope/left-pad 1.0.0 (MIT OR Apache-2.0) 2 pkg:npm/%40scope/left-pad@1.0.0",
                "opkg busybox 1.36.1-r0 GPL-2.0-only & bzip2-1.0.4 1 pkg:generic/busybox@1.36.1-r0?arch=core2-64",
                "python six 1.16.0 MIT 1 pkg:pypi/six@1.16.0 of python3-six",
                "python typing_extensions 4.0 Python Software Foundation License 2 pkg:pypi/typing-extensions@4.0",
            ],
            layer.Libraries.Select(l => $"{l.Type} {l.Name} {l.Version} {l.License} {l.Files} {l.Purl}{(l.Package is null ? "" : " of " + l.Package)}"));
        Assert.Equal("GPL-2.0-only AND LicenseRef-bzip2-1.0.4 AND MIT AND (MIT OR Apache-2.0) AND PSF-2.0 AND Zlib", layer.License);
        Assert.Equal("2023-11-14T22:13:20Z", JsonDocument.Parse(File.ReadAllBytes(tree["out/layer.json"])).RootElement.GetProperty("created").GetString());
        foreach (var document in layer.Documents)
            Assert.Equal(document.Digest.Hex, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(tree["out/" + document.Name]))));
    }

    [Theory]
    [InlineData("sbom.cdx.json", "\"type\": \"library\"", "\"type\": \"book\"")]
    [InlineData("sbom.cdx.json", "\"id\": \"MIT\"", "\"id\": \"MTI\"")]
    [InlineData("sbom.cdx.json", "pkg:deb/debian", "deb:debian")]
    [InlineData("sbom.spdx.json", "\"algorithm\": \"SHA1\"", "\"algorithm\": \"SHA0\"")]
    [InlineData("sbom.spdx.json", "GPL-2.0-only AND", "GPL-2.0-only ALSO")]
    [InlineData("sbom.spdx.json", "\"SPDXID\": \"SPDXRef-File-1\"", "\"SPDXID\": \"SPDXRef-File-2\"")]
    public async Task A_broken_document_would_be_found_out(string name, string right, string wrong)
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        using var described = await tree.DescribeAsync();
        var text = File.ReadAllText(tree["out/" + name]);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(tree["broken.json"], text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.NotEqual("", name == "sbom.cdx.json" ? await checker.CycloneDxAsync(tree["broken.json"]) : await checker.SpdxAsync(tree["broken.json"]));
    }

    [Fact]
    public async Task Every_file_stands_in_the_bill_with_its_own_hashes()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        using var described = await tree.DescribeAsync();
        using var bill = JsonDocument.Parse(File.ReadAllBytes(tree["out/sbom.spdx.json"]));

        var sums = bill.RootElement.GetProperty("files").EnumerateArray().ToDictionary(
            f => f.GetProperty("fileName").GetString()!,
            f => f.GetProperty("checksums").EnumerateArray().ToDictionary(c => c.GetProperty("algorithm").GetString()!, c => c.GetProperty("checksumValue").GetString()));
        var files = Directory.EnumerateFiles(tree["child"], "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).LinkTarget is null && !f.EndsWith("/libc.so.6", StringComparison.Ordinal)).ToList();
        Assert.Equal(files.Select(f => "./" + Path.GetRelativePath(tree["child"], f)).Order(StringComparer.Ordinal), sums.Keys.Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            var content = File.ReadAllBytes(file);
            var of = sums["./" + Path.GetRelativePath(tree["child"], file)];
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), of["SHA256"]);
#pragma warning disable CA5350 // SPDX asks for it
            Assert.Equal(Convert.ToHexStringLower(SHA1.HashData(content)), of["SHA1"]);
#pragma warning restore CA5350
        }
    }

    [Fact]
    public async Task The_same_trees_give_the_same_documents_wherever_and_whenever()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        using var described = await tree.DescribeAsync();
        var before = Documents.ToDictionary(d => d, d => File.ReadAllBytes(tree["out/" + d]));

        await Tool.OutputAsync("sh", ["-c", "umask 077; cd /; export TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 SOURCE_DATE_EPOCH=5 DOTNET_PROCESSOR_COUNT=1; exec \"$@\"", "other", Tool.Strata, .. tree.Arguments]);

        Assert.All(Documents, d => Assert.Equal(before[d], File.ReadAllBytes(tree["out/" + d])));
        Assert.All(Documents, d => Assert.Equal(before[d], File.ReadAllBytes(tree["out/linux-amd64-1.0.0." + d])));
    }

    [Fact]
    public async Task What_the_recipe_says_otherwise_is_reported_with_both_values()
    {
        using var tree = new DescribedTree();
        tree.FillWithLibraries();
        tree.Write("child/usr/lib/os-release", "ID=try\nVERSION_ID=\"13\"\nVERSION_CODENAME=new\n");
        tree.Write("values.json", """
            {"name":"aos-try-layer","version":"1.0.0","license":"MIT","features":["zlib1g","python3-yaml"],"platform":{"architecture":"arm64","os.version":"12"}}
            """);
        using var described = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, [.. tree.Arguments, "--json"]));

        var mismatches = described.RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("rule").GetString() == "mismatch").Select(f => f.GetProperty("message").GetString()!).ToList();
        Assert.Collection(
            mismatches,
            m => Assert.StartsWith("licence: the recipe says MIT, and its packages state GPL-2.0-only AND", m, StringComparison.Ordinal),
            m => Assert.Equal("architecture: the target says arm64, and its programs and libraries are for amd64.", m),
            m => Assert.Equal("os.version: the target says 12, and os-release says 13, new.", m),
            m => Assert.StartsWith("feature: the recipe says python3-yaml, and the layer brings no package of that name", m, StringComparison.Ordinal));
        var layer = LayerDescriptionJson.Read(File.ReadAllBytes(tree["out/layer.json"]));
        Assert.Equal(("amd64", "13"), (layer.Platform.Architecture, layer.Platform.OsVersion));
        Assert.DoesNotContain("finding", File.ReadAllText(tree["out/layer.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_the_values_is_said_at_once()
    {
        using var tree = new DescribedTree();
        tree.Write("values.json", """{"nmae":"x","version":"1.0","features":[1],"platform":{"os":"linux"},"parent":"nowhere.json","target":{"name":"t","identity":"sha256:0"}}""");

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, tree.Arguments);

        Assert.Equal(Refused, code);
        foreach (var mistake in new[] { "'nmae' is no key; did you mean 'name'?", "it has no 'name'", "version: ", "features: a list of texts was expected", "it has no 'platform.architecture'", "nowhere.json cannot be read", "target.identity: 'sha256:0' is not a digest" })
            Assert.Contains(mistake, error, StringComparison.Ordinal);
        Assert.False(File.Exists(tree.Archive));
    }
}
