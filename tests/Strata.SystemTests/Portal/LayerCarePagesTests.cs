using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Portal;

/// <summary>What an OEM decides about its layers in the portal, and what a service provider sees of it.</summary>
[Collection(PortalCollection.Name)]
public sealed class LayerCarePagesTests(Browser browser, CatalogueGround ground)
{
    [Fact]
    public async Task An_OEM_recommends_deprecates_hides_and_deletes_and_a_service_provider_sees_what_is_meant_for_it()
    {
        foreach (var (version, content) in new[] { ("1.0.0", "one"), ("1.1.0", "two"), ("2.0.0", "three") }) Assert.Equal(0, (await ground.Rig.PublishLayerAsync("codec", version, content)).Code);
        var layers = ground.Rig.Address("portal") + "layers";
        var page = $"{layers}/{(await ground.Rig.GetAsync("layers/codec/")).GetProperty("id").GetString()}";
        var oem = await ground.VisitorAsync(browser, "careful oem", PkiFiles.OemUser);
        var provider = await ground.VisitorAsync(browser, "careful provider", PkiFiles.ServiceProviderUser);

        await oem.OpenAsync(page);
        await oem.ClickAsync("summary >> text=Say something of one");
        await oem.FillAsync("Its domain", "demo-sp.localhost");
        await oem.SelectAsync("The layer is", "shared with it");
        await oem.ClickAsync("button", "Save for this one");
        await oem.WaitForTextAsync("demo-sp.localhost shared");
        // What is not asked for stays.
        await oem.ClickAsync("summary >> text=Say something of one");
        await oem.FillAsync("Its domain", "demo-sp.localhost");
        await oem.SelectAsync("Recommendation", "recommended to it");
        await oem.ClickAsync("button", "Save for this one");
        await oem.WaitForTextAsync("demo-sp.localhost shared, recommended");
        await oem.WaitForTextAsync("recommended to 1 provider");
        await oem.ClickAsync("summary >> text=Add a name");
        await oem.FillAsync("Name that needs may use", "codecs");
        await oem.ClickAsync("button", "Add");
        await oem.WaitForAsync("button", "Remove the name codecs");
        await oem.JudgeAsync("layer-of-its-owner");
        await provider.OpenAsync(layers);
        await provider.WaitForTextAsync("recommended to you");
        await provider.JudgeAsync("layers-recommended");

        await oem.OpenAsync($"{page}/1.0.0");
        await oem.ClickAsync("summary >> text=Deprecate");
        await oem.SelectAsync("Take instead", "1.1.0");
        await oem.FillAsync("Goes on", "2027-01-31");
        await oem.JudgeAsync("version-of-its-owner");
        await oem.ClickAsync("button", "Deprecate 1.0.0");
        await oem.WaitForTextAsync("is deprecated and goes on 2027-01-31, take 1.1.0 instead");
        await provider.OpenAsync($"{page}/1.0.0");
        await provider.WaitForTextAsync("take 1.1.0 instead");
        Assert.Equal(0, await provider.CountAsync("summary >> text=Yank"));
        await provider.JudgeAsync("version-deprecated");

        // What others are told to take cannot go, and the page says so.
        await oem.OpenAsync($"{page}/1.1.0");
        await oem.ClickAsync("summary >> text=Delete");
        await oem.ClickAsync("button", "Delete 1.1.0");
        await oem.WaitForTextAsync("It is named as what to take instead of 1.0.0.");
        await oem.ComplaintsAsync(); // a browser notes the 409
        await oem.JudgeAsync("delete-refused");
        await oem.ClickAsync("link", "Back");
        await oem.ClickAsync("summary >> text=Yank");
        await oem.FillAsync("What is wrong with it", "it loses data");
        await oem.ClickAsync("button", "Yank 1.1.0");
        await oem.WaitForTextAsync("codec 1.1.0 is yanked: it loses data");
        await oem.JudgeAsync("version-yanked");
        await oem.OpenAsync($"{page}/2.0.0");
        await oem.ClickAsync("summary >> text=Delete");
        await oem.ClickAsync("button", "Delete 2.0.0");
        await oem.WaitForAsync("heading", "Sharing and names");
        Assert.Equal(["1.1.0 yanked", "1.0.0 deprecated"], await oem.TextsAsync(".timeline tbody th"));

        await oem.ClickAsync("summary >> text=Say something of one");
        await oem.FillAsync("Its domain", "demo-sp.localhost");
        await oem.SelectAsync("The layer is", "hidden from it");
        await oem.ClickAsync("button", "Save for this one");
        await oem.WaitForTextAsync("hidden from 1 provider");
        await oem.JudgeAsync("layer-hidden");
        foreach (var path in new[] { page, $"{page}/1.0.0", $"{page}/1.0.0/libraries", $"{page}/1.0.0/files", $"{page}/1.0.0/symbols", $"{page}/1.0.0/used-by", $"{page}/graph", $"{page}/compare?from=1.0.0&to=1.1.0" })
            Assert.Equal(404, (await provider.OpenAsync(path)).Status);
        await provider.OpenAsync($"{layers}?q=codec");
        await provider.WaitForTextAsync("No layer fits these filters.");
        await provider.OpenAsync($"{ground.Rig.Address("portal")}search?q=codec");
        Assert.DoesNotContain("codec 1", await provider.TextAsync("main"), StringComparison.Ordinal);
        await provider.ComplaintsAsync();
    }
}
