using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Layers;

namespace Strata.Tests.Artifacts.Inspection;

public sealed class LinkAndNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("usr/bin/a", "../../etc", "")]
    [InlineData("usr/bin/a", "../../../etc", "escaping-link")]
    [InlineData("usr/bin/a", "/etc", "")]
    [InlineData("usr/bin/a", "/../etc", "escaping-link")]
    [InlineData("usr/bin/a", "x/../../../../y", "escaping-link")]
    [InlineData("a", ".", "")]
    [InlineData("a", "..", "escaping-link")]
    [InlineData("a", "a", "looping-link")]
    [InlineData("a", "./a/b", "looping-link")]
    [InlineData("a", "nowhere", "")]
    public async Task A_link_is_followed_as_far_as_the_layer_leads(string name, string target, string rule) =>
        Assert.Equal(rule.Length == 0 ? [] : [rule], (await FindingsAsync(new TarEntry { Name = name, Kind = TarEntryKind.SymbolicLink, LinkTarget = target })).Select(f => f.Rule).Where(r => r != "empty-layer"));

    [Fact]
    public async Task Links_that_lead_to_each_other_are_found_through_folders_too()
    {
        var findings = await FindingsAsync(
            new TarEntry { Name = "a", Kind = TarEntryKind.SymbolicLink, LinkTarget = "b/c" },
            new TarEntry { Name = "b", Kind = TarEntryKind.SymbolicLink, LinkTarget = "/d" },
            new TarEntry { Name = "d", Kind = TarEntryKind.Directory },
            new TarEntry { Name = "d/c", Kind = TarEntryKind.SymbolicLink, LinkTarget = "../a" });
        Assert.Equal(["a", "d/c"], findings.Where(f => f.Rule == "looping-link").Select(f => f.Path));
    }

    [Fact]
    public void A_path_that_is_no_text_is_written_so_that_no_byte_is_lost()
    {
        // Attributes cannot carry lone surrogates, which is what such bytes are.
        (string Path, string Expected)[] cases =
        [
            ("plain", "plain"), ("ü", "ü"), ("back\\slash", "back\\slash"), ("bad\uDCE4", "bad\\xE4"), ("back\\bad\uDCFF", "back\\\\bad\\xFF"), ("😀\uDC80", "😀\\x80"),
        ];
        Assert.All(cases, c => Assert.Equal(c.Expected, Printable.Path(c.Path)));
    }

    private static async Task<IReadOnlyList<LayerFinding>> FindingsAsync(params TarEntry[] entries)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var entry in entries) await writer.WriteAsync(entry with { Mode = 0x1ED }, null, Cancellation);
        await writer.FinishAsync(Cancellation);
        return (await LayerInspector.InspectFileAsync(new MemoryStream(file.ToArray()), null, Cancellation)).Content.Findings;
    }
}
