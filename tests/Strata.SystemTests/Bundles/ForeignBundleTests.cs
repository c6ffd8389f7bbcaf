using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary>Bundles that others made from docs/formats/bundle.md are published as ours are.</summary>
public sealed class ForeignBundleTests : IAsyncLifetime
{
    private static readonly string[] Made = ["pax", "gnu-signature-first", "pax-with-dots", "gnu-with-dots", "ustar"];
    private readonly TestFolder _folder = new();
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Bundles_made_by_python_and_openssl_are_published_whatever_their_tar_and_gzip_look_like()
    {
        Directory.CreateDirectory(_folder["made"]);
        await Tool.OutputAsync("openssl", "pkcs12", "-in", _rig.Pki.PathOf(PkiFiles.OemUser), "-passin", "pass:", "-clcerts", "-nokeys", "-out", _folder["leaf.pem"]);
        await Tool.OutputAsync("openssl", "pkcs12", "-in", _rig.Pki.PathOf(PkiFiles.OemUser), "-passin", "pass:", "-nocerts", "-nodes", "-out", _folder["key.pem"]);
        await Tool.OutputAsync("python3", Path.Combine(Repository.Root, "tests/Strata.SystemTests/Bundles/make_bundles.py"), _folder["made"], _folder["key.pem"], _folder["leaf.pem"]);
        foreach (var name in Made)
        {
            var (state, reason) = await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, await File.ReadAllBytesAsync(_folder[$"made/{name}"], Cancellation));
            Assert.True(state == "done", $"{name}: {reason}");
        }
        var layer = await _rig.GetAsync("layers/foreign/");
        Assert.Equal(["1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"], layer.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetString()));

        // The same maker, one word changed after it signed.
        var (verdict, why) = await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, await File.ReadAllBytesAsync(_folder["made/tampered"], Cancellation));
        Assert.Equal("error", verdict);
        Assert.Contains("config.yaml in the bundle is not the one that was signed", why, StringComparison.Ordinal);
    }
}
