using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Trees;

/// <summary>Trees whose packages rpm itself installed.</summary>
public sealed class RpmTreeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_layer_names_its_own_packages_in_files_of_their_own_and_holds_no_database()
    {
        Directory.CreateDirectory(_folder["parent"]);
        Directory.CreateDirectory(_folder["parent/proc"]);
        await InstallAsync("parent", "base-tool", "1.0");
        await Tool.OutputAsync("cp", "-a", _folder["parent"], _folder["child"]);
        await InstallAsync("child", "own-tool", "2.1");

        await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["x.tar.gz"], "--normalise");

        var names = (await Tool.OutputAsync("tar", "-tzf", _folder["x.tar.gz"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["usr/share/own-tool", "var/lib/rpm/status.d/own-tool-2.1-3.noarch"], names.Where(name => !name.EndsWith('/')));
        var paragraph = await Tool.OutputAsync("tar", "-xzOf", _folder["x.tar.gz"], names[^1]);
        Assert.Contains("Package: own-tool\nVersion: 2.1-3\nArchitecture: noarch\n", paragraph, StringComparison.Ordinal);
        Assert.EndsWith("Files:\n /usr/share/own-tool\n", paragraph, StringComparison.Ordinal);
    }

    private async Task InstallAsync(string tree, string name, string version)
    {
        var specification = _folder[name + ".spec"];
        await File.WriteAllTextAsync(specification, $"""
            Name: {name}
            Version: {version}
            Release: 3
            Summary: For a test
            License: MIT
            BuildArch: noarch
            %description
            For a test.
            %install
            mkdir -p %buildroot/usr/share
            echo {name} >%buildroot/usr/share/{name}
            %files
            /usr/share/{name}

            """, TestContext.Current.CancellationToken);
        await Tool.OutputAsync("rpmbuild", "-bb", "--quiet", "--define", $"_topdir {_folder["build"]}", specification);
        await Tool.OutputAsync("rpm", "--root", _folder[tree], "--dbpath", "/var/lib/rpm", "--nodeps", "--ignorearch", "-i", _folder[$"build/RPMS/noarch/{name}-{version}-3.noarch.rpm"]);
    }
}
