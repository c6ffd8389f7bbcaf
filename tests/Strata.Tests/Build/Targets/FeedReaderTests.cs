using Strata.Artifacts.Yaml;
using Strata.Build.Feeds;
using Strata.Build.Targets;
using Strata.Model.Identity;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Targets;

public sealed class FeedReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public FeedReaderTests()
    {
        foreach (var name in new[] { "rootfs", "debs", "ipks" }) Directory.CreateDirectory(_folder[name]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Packages_are_installed_unless_the_feed_says_unpack()
    {
        var feeds = Good("""
            - type: debian
              suite: bookworm
            - type: deb
              path: debs
            """);
        Assert.Equal(
            [new PackageFeed { Kind = FeedKind.Debian, Suite = "bookworm" }, new PackageFeed { Kind = FeedKind.Deb, Folder = _folder["debs"] }],
            feeds);
        Assert.All(feeds, f => Assert.Equal(FeedMode.Install, f.Mode));
        Assert.Equal(FeedMode.Unpack, Assert.Single(Good("- {type: ipk, path: ipks, mode: unpack, architectures: [all, core2-64]}")).Mode);
    }

    [Fact]
    public void Everything_that_is_wrong_with_feeds_is_said_at_once()
    {
        var mistakes = Bad("""
            - type: debian
              suite: Book Worm
              path: debs
            - type: dep
              path: debs
            - type: deb
              mode: unpak
              path: nowhere
            - type: ipk
              path: ipks
            - type: deb
              suite: bookworm
              architectures: ["a/b"]
            """);
        (int Line, string Said)[] expected =
        [
            (7, "no suite"), (8, "type: deb"), (9, "did you mean 'deb'"), (12, "did you mean 'unpack'"), (13, "nowhere"),
            (14, "one package database"), (16, "needs 'path'"), (17, "no suites"),
        ];
        Assert.Equal(expected.Select(e => e.Line), mistakes.Select(m => m.Line));
        foreach (var (mistake, (_, said)) in mistakes.Zip(expected)) Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_feeds_have_the_same_mode()
    {
        var mistake = Assert.Single(Bad("""
            - type: debian
              suite: bookworm
            - type: deb
              path: debs
              mode: unpack
            """));
        Assert.Contains("same mode", mistake.Message, StringComparison.Ordinal);
        Assert.Equal((10, 9), (mistake.Line, mistake.Column));
    }

    private EquatableList<PackageFeed> Good(string feeds) => Assert.IsType<Reading<Target>.Good>(Read(feeds)).Value.Feeds;

    private EquatableList<Mistake> Bad(string feeds) => Assert.IsType<Reading<Target>.Bad>(Read(feeds)).Mistakes;

    private Reading<Target> Read(string feeds)
    {
        File.WriteAllText(_folder["target.yaml"], $"schemaVersion: 1\nname: a\nrootfs: rootfs\narchitecture: amd64\nfeeds:\n{feeds.ReplaceLineEndings("\n")}\n");
        return TargetReader.Read(_folder.Path);
    }
}
