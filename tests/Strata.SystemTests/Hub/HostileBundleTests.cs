using System.Text;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>Bundles that a publisher with a good certificate made to do harm. Each is refused with its reason, and the hub goes on.</summary>
public sealed class HostileBundleTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_folder_that_stands_twice_does_not_end_the_hub()
    {
        var (state, reason) = await RawBundle.JudgeAsync(
            _rig, PkiFiles.ServiceProviderUser, RawBundle.ServiceConfig("app"),
            RawBundle.Folder("app/opt"), RawBundle.Folder("app/opt"), RawBundle.File("app/opt/main", [1]));
        Assert.Equal("error", state);
        Assert.Contains("twice", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_json_full_of_nulls_does_not_end_the_hub()
    {
        var claims = """{"name":null,"codename":null,"version":null,"platform":null,"archive":null}""";
        var (state, reason) = await RawBundle.JudgeAsync(
            _rig, PkiFiles.OemUser, RawBundle.LayerConfig("lib"),
            RawBundle.File("lib/layer.tar.gz", RawBundle.Pack(RawBundle.File("usr/lib/a", [1]))),
            RawBundle.File("lib/layer.json", Encoding.UTF8.GetBytes(claims)));
        Assert.Equal("error", state);
        Assert.Contains("lib/layer.json cannot be read", reason, StringComparison.Ordinal);
    }
}
