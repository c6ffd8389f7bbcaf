using Strata.SystemTests.Running;
using Strata.SystemTests.Whole;

namespace Strata.SystemTests.Targets;

/// <summary>The hub is told what a base is, not what it is kept as.</summary>
public sealed class TargetPublishTests(RunningHub hub) : IClassFixture<RunningHub>, IDisposable
{
    private readonly SmallBase _base = new();

    public void Dispose() => _base.Dispose();

    [Fact]
    public async Task A_target_can_be_published_from_any_form_of_its_base_and_is_the_same()
    {
        var script = "umoci init --layout image && umoci new --image image:one && umoci unpack --image image:one work && cp -a root/. work/rootfs/ && umoci repack --image image:one work";
        await Tool.OutputAsync("sh", "-euc", $"cd '{_base.Folder.Path}'; tar -C root --xattrs --xattrs-include='*' -cf root.tar .; truncate -s 16M root.ext4; mkfs.ext4 -q -F -d root root.ext4; {script}");
        var identity = await _base.IdentityAsync("root");

        foreach (var form in new[] { "root", "root.tar", "root.ext4", "image" })
        {
            var said = await Tool.OutputAsync(Tool.Strata, ["target", "publish", _base.Target(form), "--cache", _base.Cache, .. hub.As("oem")]);
            Assert.Contains($"small is published; the hub knows its base as {identity}", said, StringComparison.Ordinal);
        }
    }
}
