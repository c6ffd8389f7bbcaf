using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Portal;

/// <summary>The whole way in a real browser: upload, ready, browse, compare, by those who do it.</summary>
public sealed class WholeWayTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task An_oem_publishes_two_versions_and_a_service_provider_reads_what_changed_between_them()
    {
        await using var rig = await HubRig.StartAsync();
        var oem = await SignedInAsync(rig, "oem", PkiFiles.OemUser);
        foreach (var (version, file) in new[] { ("1.0.0", "libold.so.1"), ("1.1.0", "libnew.so.2") })
        {
            var folder = await rig.LayerFolderAsync("media", version, new Dictionary<string, byte[]> { [$"usr/lib/{file}"] = await File.ReadAllBytesAsync("/usr/lib/x86_64-linux-gnu/libz.so.1", TestContext.Current.CancellationToken), ["usr/share/media/version"] = [.. version.Select(c => (byte)c)] });
            await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", Path.Combine(folder, "config.yaml"));
            await oem.ClickAsync("link", "Deployment bundles");
            await oem.DropAsync("form.drop", Path.Combine(folder, "batch.tar.gz"));
            await oem.WaitForTextAsync($"layer media {version}");
        }
        await oem.ClickAsync("link", "Layers");
        await CompareAsync(oem, "oem");
        // A service provider sees the same catalogue, and nothing of what is the OEM's own.
        var provider = await SignedInAsync(rig, "provider", PkiFiles.ServiceProviderUser);
        await CompareAsync(provider, "provider");
        Assert.Equal(0, await provider.CountAsync("link", "Units"));
        Assert.Equal(1, await provider.CountAsync("link", "Audit")); // of its own things
    }

    /// <summary>Finds the layer, reads its newest version, and compares it with the one before.</summary>
    private static async Task CompareAsync(Visitor visitor, string picture)
    {
        await visitor.FillAsync("Name", "media");
        await visitor.PressAsync("Enter");
        await visitor.WaitForTextAsync("1–1 of 1");
        await visitor.ClickAsync("link", "1.1.0");
        await visitor.WaitForAsync("heading", "media 1.1.0");
        await visitor.JudgeAsync($"{picture}-version");
        await visitor.ClickAsync("link", "Symbols");
        await visitor.WaitForTextAsync("usr/lib/libnew.so.2");
        await visitor.ClickAsync("link", "All versions of media");
        await visitor.ClickAsync("button", "Compare the two");
        await visitor.WaitForAsync("heading", "media: 1.0.0 to 1.1.0");
        Assert.Contains("The version step is not honest.", await visitor.TextAsync(".verdict"), StringComparison.Ordinal);
        await visitor.ClickAsync("main nav >> text=files");
        await visitor.WaitForTextAsync("usr/lib/libold.so.1");
        await visitor.JudgeAsync($"{picture}-compare");
    }

    private async Task<Visitor> SignedInAsync(HubRig rig, string name, string certificate)
    {
        var visitor = browser.Visitor(name);
        await visitor.HoldAsync(rig.Pki.PathOf(certificate), new(rig.Address("portalCertificate")));
        await visitor.OpenAsync(rig.Address("portal") + "sign-in");
        await visitor.ClickAsync("button", "Sign in with a certificate");
        await visitor.WaitForAsync("heading", "Layers");
        return visitor;
    }
}
