using Strata.Build.Targets;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Targets;

public sealed class BasePackagesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_database_is_read_whole_and_split_and_each_package_once()
    {
        Write("var/lib/dpkg/status", "Package: six\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n");
        Write("var/lib/dpkg/status.d/yaml", "Package: yaml\nVersion: 2\nArchitecture: amd64\n");
        Write("var/lib/dpkg/status.d/six", "Package: six\nVersion: 1\nArchitecture: all\n");
        Write("var/lib/opkg/status", "Package: busybox\nStatus: install user installed\nVersion: 3\nArchitecture: core2-64\n\n");

        Assert.Equal([("busybox", "opkg"), ("six", "deb"), ("yaml", "deb")], BasePackages.Of(_folder.Path).Select(p => (p.Name, p.Type)));
        Assert.Equal(PackageManager.Dpkg, BaseFacts.Of(_folder.Path, [], TestContext.Current.CancellationToken).Packages);
    }

    [Fact]
    public void No_link_of_the_base_is_followed()
    {
        Write("elsewhere/status", "Package: six\nStatus: install ok installed\nVersion: 1\n\n");
        Write("elsewhere/os-release", "VERSION_ID=1\n");
        Directory.CreateDirectory(_folder["base/var/lib"]);
        Directory.CreateDirectory(_folder["base/etc"]);
        File.CreateSymbolicLink(_folder["base/var/lib/dpkg"], _folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["base/etc/os-release"], _folder["elsewhere/os-release"]);

        Assert.Empty(BasePackages.Of(_folder["base"]));
        var facts = BaseFacts.Of(_folder["base"], ["etc"], TestContext.Current.CancellationToken);
        Assert.Null(facts.Version);
        Assert.Equal(PackageManager.None, facts.Packages);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }
}
