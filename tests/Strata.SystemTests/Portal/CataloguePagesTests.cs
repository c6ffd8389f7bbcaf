namespace Strata.SystemTests.Portal;

/// <summary>The catalogue's pages in a real browser.</summary>
[Collection(PortalCollection.Name)]
public sealed class CataloguePagesTests(Browser browser, CatalogueGround ground)
{
    [Fact]
    public async Task Layers_are_found_browsed_and_compared_on_pages_that_everybody_can_read()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.JudgeAsync("layers");

        await visitor.FillAsync("Name", "PYL");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("1–1 of 1");
        Assert.Equal(0, await visitor.CountAsync("link", "zlib"));
        await visitor.ClickAsync("link", "pylibs");
        await visitor.WaitForAsync("heading", "pylibs");
        Assert.Equal(["2.0.0", "1.1.0", "1.0.0"], await visitor.TextsAsync(".timeline tbody th"));
        Assert.Equal(["major", "minor", "first"], await visitor.TextsAsync("td[data-name=Step]"));
        await visitor.JudgeAsync("layer");

        await visitor.ClickAsync("button", "Compare the two");
        await visitor.WaitForAsync("heading", "pylibs: 1.1.0 to 2.0.0");
        Assert.Contains("The version step is honest", await visitor.TextAsync(".verdict"), StringComparison.Ordinal);
        Assert.Equal(["six (python)\tremoved 1.16.0\tmajor", "requests (python)\t2.28.1 to 2.31.0\tpatch"], await visitor.TextsAsync("[aria-label='Changed libraries'] tbody tr"));
        await visitor.JudgeAsync("compare");
        await visitor.ClickAsync("link", "11 files");
        await visitor.WaitForTextAsync("usr/lib/python3/dist-packages/six.py");
        await visitor.JudgeAsync("compare-files");

        await visitor.ClickAsync("link", "1.1.0");
        await visitor.WaitForAsync("heading", "pylibs 1.1.0");
        foreach (var pane in new[] { "Detailed information", "Metadata", "OS features", "Provenance", "Download" }) await visitor.WaitForAsync("heading", pane);
        await visitor.WaitForTextAsync("with pylibs 1.0.0");
        await visitor.WaitForTextAsync("Saved on units");
        await visitor.JudgeAsync("version");
        var (name, text) = await visitor.DownloadAsync("link", "SBOM as SPDX");
        Assert.Equal("pylibs-1.1.0-linux-amd64.sbom.spdx.json", name);
        Assert.Contains("SPDX-2.3", text, StringComparison.Ordinal);
        Assert.Contains("\"bomFormat\"", (await visitor.DownloadAsync("link", "SBOM as CycloneDX")).Text, StringComparison.Ordinal);

        await visitor.ClickAsync("link", "Libraries");
        await visitor.FillAsync("Name, version, licence or soname", "2.28");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("1–1 of 1");
        Assert.StartsWith("requests", Assert.Single(await visitor.TextsAsync("table.stacks tbody th")), StringComparison.Ordinal);
        await visitor.JudgeAsync("libraries");
        await visitor.ClickAsync("link", "Used by");
        await visitor.WaitForAsync("heading", "Layers built on it");
        Assert.Equal("telematics\t3.0.0\tdemo-sp.localhost\tunit-1", Assert.Single(await visitor.TextsAsync("table.stacks tbody tr")));
        await visitor.JudgeAsync("used-by");
    }

    [Fact]
    public async Task The_symbols_of_a_shared_object_are_searched_and_paged()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.ClickAsync("link", "zlib");
        await visitor.ClickAsync("link", "1.2.13");
        await visitor.ClickAsync("link", "Symbols");
        await visitor.ClickAsync("link", "Next");
        await visitor.WaitForTextAsync("51–100 of");
        await visitor.FillAsync("Symbol, soname or path", "deflateInit");
        await visitor.SelectAsync("Side", "gives to others");
        await visitor.ClickAsync("button", "Search");
        await visitor.WaitForTextAsync("1–2 of 2");
        Assert.Equal(["deflateInit2_", "deflateInit_"], (await visitor.TextsAsync("table.stacks tbody th")).Order(StringComparer.Ordinal));
        await visitor.JudgeAsync("symbols");
    }

    [Fact]
    public async Task The_files_of_a_version_are_listed_with_their_rights_and_found_by_path_or_digest()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.ClickAsync("link", "zlib");
        await visitor.ClickAsync("link", "1.2.13");
        await visitor.ClickAsync("link", "Files");
        await visitor.WaitForTextAsync("/usr/lib/libz.so.1");
        await visitor.JudgeAsync("files");
        await visitor.SelectAsync("Kind", "file");
        await visitor.FillAsync("Path, link, package or SHA-256", "LIBZ.so");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("1–1 of 1");
        var row = Assert.Single(await visitor.TextsAsync("table.files tbody tr"));
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync("/usr/lib/x86_64-linux-gnu/libz.so.1", TestContext.Current.CancellationToken)));
        Assert.Contains(digest[..12], row, StringComparison.Ordinal);
        await visitor.FillAsync("Path, link, package or SHA-256", digest[..20]);
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("1–1 of 1");
        await visitor.FillAsync("Path, link, package or SHA-256", "no such file");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("No entry of this version fits.");
    }

    [Theory]
    [InlineData("REQUESTS", "requests\tlibrary\t2.31.0\tMIT\t-\tpylibs 2.0.0\t2.0.0\tdemo-oem.localhost")]
    [InlineData("libz.so.1", "usr/lib/libz.so.1\tfile\t-\t-\tlibz.so.1\tzlib 1.2.13\t1.2.13\tdemo-oem.localhost")]
    public async Task A_library_is_found_across_layers_by_name_or_soname(string text, string row)
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.OpenAsync(ground.Rig.Address("portal") + "search");
        await visitor.FillAsync("Name, version, licence, soname or path", text);
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync(text.ToLowerInvariant());
        Assert.Contains(row, await visitor.TextsAsync("table.stacks tbody tr"));
        await visitor.JudgeAsync($"search-{text.ToLowerInvariant()}");
    }

    [Fact]
    public async Task The_graph_is_drawn_walked_by_keys_and_told_by_a_table()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.ClickAsync("link", "pylibs");
        await visitor.ClickAsync("link", "Graph: what it stands on, and what stands on it");
        await visitor.WaitForAsync("heading", "Graph of pylibs");
        Assert.Equal("telematics\tuses\tpylibs", Assert.Single(await visitor.TextsAsync("#graph-edges tbody tr")));
        await visitor.WaitForTextAsync("pylibs: telematics uses pylibs");
        Assert.True(await visitor.CountAsync("#graph canvas") > 0);
        await visitor.JudgeAsync("graph");
        await visitor.ClickAsync("#graph-at"); // off the picture, so that only the keyboard acts
        for (var i = 0; i < 20 && !(await visitor.FocusedAsync()).StartsWith("Picture of the graph", StringComparison.Ordinal); i++) await visitor.PressAsync("Shift+Tab");
        await visitor.PressAsync("ArrowUp");
        await visitor.WaitForTextAsync("telematics: telematics uses pylibs");
        await visitor.PressAsync("ArrowDown");
        await visitor.PressAsync("Enter");
        await visitor.WaitForAsync("heading", "pylibs");
    }

    [Fact]
    public async Task A_target_shows_its_base_and_gives_its_documents()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.ClickAsync("link", "Targets");
        await visitor.WaitForAsync("heading", "Targets");
        await visitor.JudgeAsync("targets");
        await visitor.ClickAsync("link", "small");
        await visitor.WaitForAsync("heading", "small");
        Assert.Contains("No layer that you may see was built on this base.", await visitor.TextAsync("main"), StringComparison.Ordinal);
        await visitor.JudgeAsync("target");
        Assert.Equal("elf.json", (await visitor.DownloadAsync("link", "elf.json")).Name);
    }

    [Fact]
    public async Task What_is_not_there_says_so()
    {
        var visitor = await ground.ConsoleAsync(browser);
        await visitor.FillAsync("Name", "nothing has this name");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("No layer fits these filters.");
        await visitor.JudgeAsync("layers-none");
        foreach (var path in new[] { $"layers/{Guid.NewGuid()}", $"layers/{Guid.NewGuid()}/1.0.0", $"targets/{Guid.NewGuid()}" })
        {
            Assert.Equal(404, (await visitor.OpenAsync(ground.Rig.Address("portal") + path)).Status);
            await visitor.WaitForAsync("heading", "Not found");
        }
        await visitor.ComplaintsAsync(); // a browser notes each 404
        await visitor.JudgeAsync("not-found");
    }
}
