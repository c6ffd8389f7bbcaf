using Strata.Build.Targets;
using Strata.Store.Files;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Targets;

public sealed class TreeIdentityTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public TreeIdentityTests()
    {
        Directory.CreateDirectory(_folder["usr/lib"]);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["usr/lib/a"], "one");
        File.CreateSymbolicLink(_folder["lib"], "usr/lib");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Times_and_what_a_running_system_fills_do_not_count()
    {
        var before = Identity();
        File.SetLastWriteTimeUtc(_folder["usr/lib/a"], DateTime.UnixEpoch);
        File.WriteAllText(_folder["run/lock"], "");
        Assert.Equal(before, Identity());
    }

    [Fact]
    public void What_an_image_of_the_same_files_has_besides_does_not_count()
    {
        var before = Identity();
        Directory.CreateDirectory(_folder["lost+found"]);
        using (var usr = DirectoryHandle.Open(_folder["usr"])) usr.SetAttribute("lib", "security.selinux", "label"u8);
        Assert.Equal(before, Identity());

        Directory.CreateDirectory(_folder["usr/lost+found"]);
        Assert.NotEqual(before, Identity());
    }

    [Theory]
    [InlineData("content")]
    [InlineData("mode")]
    [InlineData("link")]
    [InlineData("name")]
    [InlineData("folder")]
    public void Everything_else_does(string what)
    {
        var before = Identity();
        switch (what)
        {
            case "content":
                File.WriteAllText(_folder["usr/lib/a"], "two");
                break;
            case "mode":
                File.SetUnixFileMode(_folder["usr/lib/a"], UnixFileMode.UserRead);
                break;
            case "link":
                File.Delete(_folder["lib"]);
                File.CreateSymbolicLink(_folder["lib"], "usr/lib64");
                break;
            case "name":
                File.Move(_folder["usr/lib/a"], _folder["usr/lib/b"]);
                break;
            default:
                Directory.CreateDirectory(_folder["usr/empty"]);
                break;
        }
        Assert.NotEqual(before, Identity());
    }

    private Model.Identity.Digest Identity() => TreeIdentity.Of(_folder.Path, TestContext.Current.CancellationToken);
}
