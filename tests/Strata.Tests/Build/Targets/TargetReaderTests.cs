using Strata.Artifacts.Yaml;
using Strata.Build.Targets;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Targets;

public sealed class TargetReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public TargetReaderTests() => Directory.CreateDirectory(_folder["rootfs"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_target_is_read()
    {
        var target = Assert.IsType<Reading<Target>.Good>(Read("""
            schemaVersion: 1
            name: car-a
            rootfs: rootfs
            architecture: arm64
            osVersion: "12"
            features: [b, a]
            feeds:
              - type: debian
                suite: bookworm
            visible: [usr]
            names:
              python3-pyyaml: python3-yaml
            """)).Value;
        Assert.Equal(("car-a", _folder["rootfs"], "linux/arm64", "12", "bookworm"), (target.Name, target.RootFs, target.Platform.ToString(), target.Platform.OsVersion, Assert.Single(target.Feeds).Suite));
        Assert.Equal(["a", "b"], target.Platform.OsFeatures);
        Assert.Equal(["usr"], target.Visible);
        Assert.Equal("python3-yaml", target.Names["python3-pyyaml"]);
    }

    [Fact]
    public void What_services_see_is_what_AosCore_shows_unless_it_is_said()
    {
        var target = Assert.IsType<Reading<Target>.Good>(Read("schemaVersion: 1\nname: a\nrootfs: rootfs\narchitecture: amd64\n")).Value;
        Assert.Equal(["bin", "sbin", "lib", "lib64", "usr"], target.Visible);
        Assert.Empty(target.Feeds);
    }

    [Fact]
    public void What_the_base_is_held_to_is_read_with_its_place()
    {
        var target = Assert.IsType<Reading<Target>.Good>(Read($"schemaVersion: 1\nname: a\nrootfs: rootfs\nimage: stable\nidentity: sha256:{new string('a', 64)}\narchitecture: amd64\n")).Value;
        Assert.Equal(("stable", $"sha256:{new string('a', 64)}", new YamlMark(5, 11), false), (target.Image, target.Identity.ToString(), target.MarkOf("identity"), target.StatesVisible));

        var bad = Assert.IsType<Reading<Target>.Bad>(Read("schemaVersion: 1\nname: a\nrootfs: rootfs\nidentity: 1234\narchitecture: amd64\n"));
        Assert.Contains("'1234' is no identity", Assert.Single(bad.Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_with_their_places()
    {
        var bad = Assert.IsType<Reading<Target>.Bad>(Read("""
            name: "no good"
            rootfs: nowhere
            architecture: amd46
            feeds:
              - type: rmp
                suite: fedora
            visible: [usr/bin]
            visibel: []
            """));
        Assert.Equal(
            [(1, "schemaVersion"), (1, "no good"), (2, "nowhere"), (3, "amd64"), (5, "rpm"), (7, "usr/bin"), (8, "visibel")],
            bad.Mistakes.Select(m => m.Line).Zip(new[] { "schemaVersion", "no good", "nowhere", "amd64", "rpm", "usr/bin", "visibel" }));
        foreach (var (mistake, said) in bad.Mistakes.Zip(new[] { "schemaVersion", "no good", "nowhere", "amd64", "rpm", "usr/bin", "visibel" }))
            Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_not_there_is_refused() =>
        Assert.Contains("no such target", Assert.Single(Assert.IsType<Reading<Target>.Bad>(TargetReader.Read(_folder["none.yaml"])).Mistakes).Message, StringComparison.Ordinal);

    private Reading<Target> Read(string text)
    {
        File.WriteAllText(_folder["target.yaml"], text.ReplaceLineEndings("\n"));
        return TargetReader.Read(_folder.Path);
    }
}
