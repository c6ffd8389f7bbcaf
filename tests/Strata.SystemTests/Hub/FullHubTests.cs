using System.Security.Cryptography;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Hub;

/// <summary>What ails the hub's own disk is no fault of a bundle.</summary>
public sealed class FullHubTests : IAsyncLifetime
{
    private readonly HubRig _rig = new();

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_rig.Data);
        await Tool.OutputAsync("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", _rig.Data);
        await _rig.StartHubAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.KillAsync();
        await Tool.OutputAsync("umount", _rig.Data);
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task A_bundle_for_which_there_is_no_room_is_kept_and_published_once_there_is()
    {
        var id = await _rig.UploadAsync(await _rig.LayerFolderAsync("lib", "1.0.0", RandomNumberGenerator.GetBytes(12_000_000)));
        var log = await HubRig.UntilAsync(() => _rig.GetAsync($"deployment-bundles/{id}/log/"), l => l.ToString().Contains("tried again", StringComparison.Ordinal));
        Assert.Contains("error", log.ToString(), StringComparison.Ordinal);
        Assert.Contains((await _rig.GetAsync($"deployment-bundles/{id}/")).GetProperty("state").GetString(), new[] { "uploaded", "processing" });

        await Tool.OutputAsync("mount", "-o", "remount,size=100m", _rig.Data);
        await _rig.PublishedAsync(id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_rig.Data, "scratch")));
    }
}
