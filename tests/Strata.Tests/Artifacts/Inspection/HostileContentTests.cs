using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Sbom;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Xunit;

namespace Strata.Tests.Artifacts.Inspection;

/// <summary>Layers that are small to upload and dear to look into, or that no package manager would write.</summary>
public sealed class HostileContentTests
{
    private const string Site = "usr/lib/python3/dist-packages/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // without its bound each takes many minutes or all memory

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copyright_file_that_is_no_packages_is_left_alone() =>
        Assert.Empty((await InspectAsync(("usr/share/doc/copyright", "Format: x\n\nFiles: *\nLicense: MIT\n"))).Libraries);

    [Theory]
    [InlineData("""{"name":"\ud800","version":"1"}""")]
    [InlineData("""{"name":"a","version":"\udc00"}""")]
    [InlineData("""{"name":"a","version":"1","license":"\ud800"}""")]
    [InlineData("""{"\ud800":"a","version":"1"}""")]
    public async Task A_Node_package_with_half_a_surrogate_pair_is_left_out(string json) =>
        Assert.Empty((await InspectAsync(("usr/share/nodejs/a/package.json", json))).Libraries);

    [Fact]
    public async Task A_name_of_a_million_characters_names_no_Node_or_Python_package()
    {
        var name = new string('n', 1_000_000);
        Assert.Empty((await InspectAsync(
            ("usr/share/nodejs/a/package.json", $$"""{"name":"{{name}}","version":"1"}"""),
            (Site + "a-1.dist-info/METADATA", $"Name: {name}\nVersion: 1\n"),
            (Site + "b-1.dist-info/METADATA", $"Name: b\nVersion: {name}\n"))).Libraries);
    }

    [Fact]
    public async Task A_package_database_with_a_name_of_a_million_characters_is_refused() =>
        await RefusedAsync(("var/lib/dpkg/status.d/a", $"Package: {new string('n', 1_000_000)}\nVersion: 1\nArchitecture: all\n"));

    [Fact]
    public async Task A_package_database_with_more_packages_than_any_distribution_is_refused() =>
        await RefusedAsync(("var/lib/dpkg/status.d/a", string.Concat(Enumerable.Range(0, 100_001).Select(i => $"Package: p{i}\nVersion: 1\n\n"))));

    [Fact]
    public async Task A_folder_that_is_named_a_million_times_is_not_looked_through_a_million_times() => await RefusedAsync(
    [
        (Site + "a-1.egg-info/PKG-INFO", "Name: a\nVersion: 1\n"),
        (Site + "a-1.egg-info/top_level.txt", string.Concat(Enumerable.Repeat("a\n", 1_000_000))),
        .. Enumerable.Range(0, 5000).Select(i => ($"{Site}a/{i}", "")),
    ]);

    [Fact]
    public async Task Long_paths_that_hundreds_of_packages_list_are_not_written_out_hundreds_of_times()
    {
        var folder = string.Join('/', Enumerable.Repeat(new string('l', 240), 15));
        var record = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\n"));
        await RefusedAsync(
        [
            .. Enumerable.Range(0, 1000).Select(i => ($"{folder}/{i}", "")),
            .. Enumerable.Range(0, 300).Select(i => ($"{folder}/d{i}.dist-info/METADATA", $"Name: d{i}\nVersion: 1\n")),
            .. Enumerable.Range(0, 300).Select(i => ($"{folder}/d{i}.dist-info/RECORD", record)),
        ]);
    }

    [Fact]
    public async Task Links_that_all_lead_through_a_long_one_are_followed_only_so_far()
    {
        var watch = Stopwatch.StartNew();
        var target = string.Join('/', Enumerable.Repeat("x", 2000));
        var content = await InspectAsync(
        [
            new() { Name = "l", Kind = TarEntryKind.SymbolicLink, LinkTarget = target },
            .. Enumerable.Range(0, 100_000).Select(i => new TarEntry { Name = $"l{i}", Kind = TarEntryKind.SymbolicLink, LinkTarget = "l" }),
        ], _ => Stream.Null);
        Assert.Equal(["not-read"], content.Findings.Select(f => f.Rule).Where(r => r != "empty-layer"));
        Assert.True(watch.Elapsed < Patience);
    }

    [Fact]
    public async Task Libraries_whose_names_and_versions_run_together_have_names_of_their_own_in_a_bill_of_materials()
    {
        var content = await InspectAsync(
            ("opt/x/a.dist-info/METADATA", "Name: a\nVersion: 1\n"),
            ("opt/y/a.dist-info/METADATA", "Name: a\nVersion: 1\n"),
            ("opt/z/a.dist-info/METADATA", "Name: a\nVersion: 1-2\n"));
        using var written = new MemoryStream();
        CycloneDxDocument.Write(written, About(content), content);
        var names = JsonDocument.Parse(written.ToArray()).RootElement.GetProperty("components").EnumerateArray().Select(c => c.GetProperty("bom-ref").GetString()).ToList();
        Assert.Equal(3, names.Distinct().Count());
    }

    [Fact]
    public async Task A_description_that_nobody_would_read_is_not_written()
    {
        var about = About(await InspectAsync(("a", "a")));
        Assert.True(LayerDescriptionJson.TryWrite(about, out var small));
        Assert.Equal(LayerDescriptionJson.Write(about), small);
        Assert.False(LayerDescriptionJson.TryWrite(about with { Summary = new string('s', LayerDescriptionJson.MaxBytes) }, out _));
        Assert.False(LayerDescriptionJson.TryWrite(about with { Libraries = [new("a", new string('v', LayerDescriptionJson.MaxBytes + 1), "deb")] }, out var nothing));
        Assert.Empty(nothing);
    }

    [Theory]
    [InlineData("A", false)] // half as many bytes as the bound
    [InlineData("\u0001", true)] // six for each
    public async Task What_is_described_of_an_ELF_file_can_always_be_read_again(string letter, bool isTooLong)
    {
        // Symbols of 8 MB, which only one file of some thousand libraries comes near.
        var file = MadeElf.WithSymbols(1 + 256, [.. Enumerable.Range(0, 64).Select(i => string.Concat(Enumerable.Repeat(letter, 32_000 + i)))]);
        var content = await InspectAsync([new() { Name = "usr/lib/x.so", Kind = TarEntryKind.File, Mode = 0x1A4, Size = file.Length }], _ => new MemoryStream(file));
        Assert.Equal(isTooLong ? ["not-read: it names so many symbols and libraries that its line of elf.json would be longer than 16777216 bytes, so what is in it is not listed."] : [], content.Findings.Select(f => $"{f.Rule}: {f.Message}"));

        using var index = new MemoryStream();
        ElfIndex.Write(index, content.Binaries);
        index.Position = 0;
        var read = new List<FoundBinary>();
        await foreach (var binary in ElfIndex.ReadEachAsync(index, Cancellation)) read.Add(binary);
        Assert.Equal(content.Binaries, read);
        Assert.Equal(isTooLong ? 0 : 256, read.Sum(b => b.Elf.Symbols.Count));
    }

    private static LayerDescription About(LayerInspection content) => LayerDescriber.Describe(
        new() { Name = "n", Codename = "n", Version = SemanticVersion.Parse("1.0.0"), Platform = new("linux", "amd64") },
        new("application/vnd.oci.image.layer.v1.tar", Digest.FromHash(new byte[32]), DiffId.Parse("sha256:" + new string('0', 64)), 1, 1),
        content).Description;

    private static async Task RefusedAsync(params (string Name, string Content)[] files)
    {
        var watch = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => InspectAsync(files));
        Assert.Equal(ArchiveFault.TooLarge, refused.Fault);
        Assert.True(watch.Elapsed < Patience);
    }

    private static Task<LayerInspection> InspectAsync(params (string Name, string Content)[] files)
    {
        var texts = files.ToDictionary(f => f.Name, f => f.Content);
        return InspectAsync(files.Select(f => new TarEntry { Name = f.Name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = Encoding.UTF8.GetByteCount(f.Content) }), name => new MemoryStream(Encoding.UTF8.GetBytes(texts[name])));
    }

    private static async Task<LayerInspection> InspectAsync(IEnumerable<TarEntry> entries, Func<string, Stream> content)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var entry in entries)
            await writer.WriteAsync(entry, entry.Kind == TarEntryKind.File ? content(entry.Name) : null, Cancellation);
        await writer.FinishAsync(Cancellation);
        file.Position = 0;
        return (await LayerInspector.InspectFileAsync(file, LayerDocuments.Inspection(null), Cancellation)).Content;
    }
}
