using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Portal;

/// <summary>Publishing in a real browser, as an OEM does it.</summary>
public sealed class BundlePagesTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task An_oem_signs_in_by_certificate_drops_a_bundle_on_the_page_and_sees_it_become_ready()
    {
        await using var rig = await HubRig.StartAsync();
        var folder = await rig.LayerFolderAsync("lib", "1.0.0", "one"u8.ToArray());
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", Path.Combine(folder, "config.yaml"));
        var oem = browser.Visitor("oem");
        await oem.HoldAsync(rig.Pki.PathOf(PkiFiles.OemUser), new(rig.Address("portalCertificate")));
        await oem.OpenAsync(rig.Address("portal") + "sign-in");
        await oem.JudgeAsync("sign-in");
        await oem.ClickAsync("button", "Sign in with a certificate");
        await oem.WaitForAsync("heading", "Layers");
        await oem.ClickAsync("link", "Deployment bundles");
        await oem.WaitForTextAsync("No bundle was uploaded yet");
        await oem.JudgeAsync("bundles-empty");
        await oem.DropAsync("form.drop", Path.Combine(folder, "batch.tar.gz"));
        await oem.WaitForAsync("region", "Deployment bundles");
        await oem.WaitForTextAsync("layer lib 1.0.0"); // nobody loads the page anew
        await oem.WaitForTextAsync("done");
        await oem.JudgeAsync("bundles");
        await oem.ClickAsync("tbody th a");
        await oem.WaitForAsync("heading", "Items");
        await oem.JudgeAsync("bundle");
        await oem.ClickAsync("link", "lib");
        await oem.WaitForAsync("heading", "lib");
        await oem.ClickAsync("link", "Services");
        await oem.WaitForAsync("heading", "Services");
        await oem.JudgeAsync("services-empty");

        var junk = Path.Combine(folder, "junk.tar.gz");
        await File.WriteAllTextAsync(junk, "no bundle", TestContext.Current.CancellationToken);
        await oem.ClickAsync("link", "Deployment bundles");
        await oem.ChooseAsync("input[type=file]", junk);
        await oem.ClickAsync("button", "Upload");
        await oem.WaitForTextAsync("error");
        await oem.JudgeAsync("bundles-refused");
    }
}
