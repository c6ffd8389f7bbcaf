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
        Assert.Contains("ready", string.Join('\n', await oem.TextsAsync("[aria-label='Build log'] tbody tr")), StringComparison.Ordinal);
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

        // The connection breaks with the second piece: it goes on behind the first, and nothing is sent twice.
        var large = Path.Combine(folder, "large.tar.gz");
        await File.WriteAllBytesAsync(large, new byte[20 << 20], TestContext.Current.CancellationToken);
        await oem.BreakAsync("**/uploads/*", "PATCH", 2);
        await oem.ChooseAsync("input[type=file]", large);
        await oem.ClickAsync("button", "Upload");
        await oem.WaitForTextAsync("large.tar.gz goes on as soon as the hub is there again");
        await oem.WaitForTextAsync("large.tar.gz was received");
        Assert.Equal(["PATCH 0", "PATCH 8388608", "HEAD ", "PATCH 8388608", "PATCH 16777216"], await oem.PassedAsync());
        await oem.ComplaintsAsync(); // a browser notes the broken one
        await oem.WaitForTextAsync("21.0 MB");
        await oem.ClickAsync("tbody th a");
        await oem.ClickAsync("main .act summary");
        await oem.ClickAsync("button", "Delete it");
        await oem.WaitForAsync("heading", "Deployment bundles");
        Assert.DoesNotContain("21.0 MB", await oem.TextAsync("main"), StringComparison.Ordinal);

        // A proxy before the hub knows nothing of pieces: the bundle goes as a whole.
        var next = await rig.LayerFolderAsync("lib", "1.1.0", "two"u8.ToArray());
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", Path.Combine(next, "config.yaml"));
        await oem.AnswerAsync("**/uploads", 404);
        await oem.DropAsync("form.drop", Path.Combine(next, "batch.tar.gz"));
        await oem.WaitForTextAsync("batch.tar.gz was received");
        await oem.ComplaintsAsync(); // a browser notes each 404
        await oem.WaitForTextAsync("Bundle lib 1.1.0: done"); // as it is read out
        Assert.Equal(["POST /uploads 404"], await oem.PassedAsync()); // and no piece
    }
}
