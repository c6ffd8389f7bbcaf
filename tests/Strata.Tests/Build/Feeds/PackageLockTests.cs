using System.Text;
using System.Text.Json;
using Strata.Build.Feeds;
using Strata.Build.Recipes;
using Strata.Model.Identity;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Feeds;

public sealed class PackageLockTests : IDisposable
{
    private static readonly Digest SomeBase = Digest.Parse("sha256:" + new string('a', 64));
    private static readonly PackageLock Some = new(FeedKind.Debian, "bookworm", "amd64", [Package("pool/main/s/six/python3-six_1.16.0-4_all.deb")])
    {
        Base = SomeBase,
        Requests = ["python3-six"],
        Time = 7,
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_lock_comes_back_as_it_was_written()
    {
        var unpacked = Some with { Mode = FeedMode.Unpack, Packages = [Some.Packages[0] with { SkippedScripts = ["postinst"] }] };
        Assert.Equal(Some, PackageLockJson.Read(PackageLockJson.Write(Some)));
        Assert.Equal(unpacked, PackageLockJson.Read(PackageLockJson.Write(unpacked)));
        Assert.Contains("\"mode\": \"unpack\"", Encoding.UTF8.GetString(PackageLockJson.Write(unpacked)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.deb")]
    [InlineData("/etc/passwd")]
    [InlineData("pool//a.deb")]
    [InlineData("pool/./a.deb")]
    [InlineData("-o.deb")]
    [InlineData("")]
    [InlineData("a\nb.deb")]
    public void A_path_that_leads_out_of_the_feed_is_refused(string path) =>
        Assert.Throws<JsonException>(() => PackageLockJson.Read(PackageLockJson.Write(Some with { Packages = [Package(path)] })));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"feed\":\"debian\",\"architecture\":\"amd64\",\"packages\":null,\"requests\":[],\"formatVersion\":2}")]
    [InlineData("{\"feed\":\"debian\",\"architecture\":\"amd64\",\"packages\":[null],\"requests\":[],\"formatVersion\":2}")]
    [InlineData("{\"feed\":\"debian\",\"architecture\":\"amd64\",\"packages\":[],\"requests\":[],\"formatVersion\":99}")]
    [InlineData("{\"feed\":7,\"architecture\":\"amd64\",\"packages\":[],\"requests\":[],\"formatVersion\":2}")]
    public void What_is_no_lock_of_this_release_is_refused(string text) =>
        Assert.Throws<JsonException>(() => PackageLockJson.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task A_lock_serves_what_it_was_made_for() =>
        Assert.Equal(Some, Assert.IsType<FeedAnswer.Locked>(await ResolveAsync(Some, new() { Kind = FeedKind.Debian, Suite = "bookworm" })).Lock);

    [Fact]
    public async Task Every_way_in_which_a_lock_does_not_fit_is_told_at_once()
    {
        var other = Some with { Base = Digest.Parse("sha256:" + new string('b', 64)), Requests = ["python3-yaml"], Mode = FeedMode.Unpack, Feed = FeedKind.Rpm };
        var refused = Assert.IsType<FeedAnswer.Refused>(await ResolveAsync(other, new() { Kind = FeedKind.Deb, Folder = "/x" }));
        Assert.Equal(4, refused.Mistakes.Count);
        foreach (var (mistake, said) in refused.Mistakes.Zip(["python3-yaml", "bbbb", "'unpack'", "'rpm'"])) Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_is_damaged_or_missing_is_named()
    {
        var query = new PackageQuery("some-layer", new("some.bb", 0, 0), SomeBase, [], []);
        var missing = Assert.IsType<FeedAnswer.Refused>(await new LockFolder(_folder.Path, null).ResolveAsync(query, TestContext.Current.CancellationToken));
        Assert.Contains("layers/some-layer/packages.lock is not there", Assert.Single(missing.Mistakes).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(_folder["layers/some-layer"]);
        await File.WriteAllTextAsync(_folder["layers/some-layer/packages.lock"], "{\n  \"feed\": oops", TestContext.Current.CancellationToken);
        var damaged = Assert.IsType<FeedAnswer.Refused>(await new LockFolder(_folder.Path, null).ResolveAsync(query, TestContext.Current.CancellationToken));
        Assert.Equal(2, Assert.Single(damaged.Mistakes).At.Line);
    }

    private async Task<FeedAnswer> ResolveAsync(PackageLock locked, PackageFeed feed)
    {
        Directory.CreateDirectory(_folder["layers/some-layer"]);
        await File.WriteAllBytesAsync(_folder["layers/some-layer/packages.lock"], PackageLockJson.Write(locked), TestContext.Current.CancellationToken);
        var query = new PackageQuery("some-layer", new("some.bb", 0, 0), SomeBase, [new("python3-six", "python3-six", new SourcePosition("some.bb", 1, 1))], []);
        return await new LockFolder(_folder.Path, feed).ResolveAsync(query, TestContext.Current.CancellationToken);
    }

    private static LockedPackage Package(string path) => new("python3-six", "1.16.0-4", "all", Digest.Parse("sha256:" + new string('0', 64)), path, 10);
}
