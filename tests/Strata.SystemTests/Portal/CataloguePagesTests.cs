using Strata.SystemTests.Hub;

namespace Strata.SystemTests.Portal;

/// <summary>The catalogue's pages in a real browser.</summary>
public sealed class CataloguePagesTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_pages_can_be_read_by_everybody_in_light_and_dark_and_on_a_phone()
    {
        await using var rig = await HubRig.StartAsync();
        await rig.PublishLayerAsync("lib", "1.0.0", "one");
        var oem = browser.Visitor("oem");
        await oem.OpenAsync(rig.Address("signIn"));
        await oem.WaitForAsync("heading", "Layers");
        await oem.JudgeAsync("layers");
        await oem.ClickAsync("link", "lib");
        await oem.WaitForAsync("heading", "lib");
        await oem.JudgeAsync("layer");
        await oem.ClickAsync("link", "1.0.0");
        await oem.WaitForAsync("heading", "lib 1.0.0");
        await oem.JudgeAsync("version");
        await oem.ClickAsync("link", "Deployment bundles");
        await oem.JudgeAsync("bundles");
        await oem.ClickAsync("link", "Units");
        await oem.JudgeAsync("units");
    }
}
