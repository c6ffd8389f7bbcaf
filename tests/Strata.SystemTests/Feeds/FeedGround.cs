using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Feeds;

/// <summary>For each format a feed, and a small base that has a shell and a package database; made once for all tests of a class.</summary>
public sealed class FeedGround : IAsyncLifetime
{
    private static readonly string[] Kinds = ["deb", "ipk", "rpm"];
    private readonly TestFolder _folder = new();

    public string this[string name] => _folder[name];

    /// <summary>What the script of <c>app</c> does.</summary>
    private const string Script = "echo made > /usr/lib/app/made";

    public async ValueTask InitializeAsync()
    {
        Add("aos-one-layer", "", "libone", "1.0.0");
        Add("aos-app-layer", "AOS_PARENT_LAYER = \"aos-one-layer\"\n", "application", "2.0.0");
        foreach (var kind in Kinds)
        {
            var (all, own, foreign) = kind switch { "deb" => ("all", "amd64", "arm64"), "ipk" => ("all", "core2-64", "cortexa53"), _ => ("noarch", "core2_64", "aarch64") };
            var newer = kind == "rpm" ? "libone >= 1.0" : "libone (>= 1.0)";
            var one = new TestPackage("libone", kind == "rpm" ? "1.0" : "1.0-r0", own);
            foreach (var package in new[] { one, new("app", "2.0", all, newer, Script), new("elsewhere", "1.0", foreign) })
                await TestFeed.MakeAsync(kind, _folder[$"{kind}/feed"], package);
            await BaseAsync(kind);
            foreach (var mode in new[] { "install", "unpack" }) Target(kind, mode, _folder[$"{kind}/feed"]);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    /// <summary>Writes a target of a format's base and another feed.</summary>
    public void Target(string kind, string mode, string feed, string name = "target") => File.WriteAllText(
        Path.Combine(Directory.CreateDirectory(_folder[$"{kind}/{name}-{mode}"]).FullName, "target.yaml"),
        $"schemaVersion: 1\nname: small\nrootfs: ../base\narchitecture: amd64\nfeeds:\n  - type: {kind}\n    path: {feed}\n    mode: {mode}\nnames:\n  application: app\n");

    public void Add(string name, string before, string features, string version)
    {
        var file = _folder[$"meta/recipes-aos-layers/{name}/{name}.bb"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"{before}require recipes-aos-layers/aos-base-layer/aos-base-layer.inc\nAOS_LAYER_FEATURES += \"{features}\"\nAOS_LAYER_VERSION = \"{version}\"\n");
    }

    public string[] Arguments(string kind, string mode, string recipe, string deploy, params string[] more) =>
        ["layer", "build", recipe, "--path", _folder["meta"], "--target", _folder[$"{kind}/{mode}"], "--deploy", _folder[deploy], "--cache", _folder["cache"], "--json", .. more];

    private async Task BaseAsync(string kind)
    {
        var root = _folder[$"{kind}/base"];
        await TestFeed.ShellAsync("""
            mkdir -p "$1/bin" "$1/usr/lib" "$1/etc" "$1/tmp" "$1/proc" "$1/run" "$1/dev" "$1/sys" "$1/var"
            cp "$(command -v busybox)" "$1/bin/busybox"
            for name in sh sleep cat mkdir ln; do ln -s busybox "$1/bin/$name"; done
            find "$1" -exec touch -h -d @1600000000 {} +
            """, root);
        const string Base = "Package: base-files\nVersion: 1.0-r0\nStatus: install ok installed\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: base\n\n";
        switch (kind)
        {
            case "deb":
                Directory.CreateDirectory(root + "/var/lib/dpkg/info");
                await File.WriteAllTextAsync(root + "/var/lib/dpkg/status", Base);
                break;
            case "ipk":
                Directory.CreateDirectory(root + "/var/lib/opkg/info");
                await File.WriteAllTextAsync(root + "/var/lib/opkg/status", Base);
                break;
            default:
                // Scripts of packages need a shell, and the database has to know of one.
                await TestFeed.MakeAsync(kind, _folder["rpm/shell"], new("shell", "1.0", "noarch") { Provides = "/bin/sh" });
                await Tool.OutputAsync("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--initdb");
                await Tool.OutputAsync("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--force-debian", "--install", "--justdb", _folder["rpm/shell/noarch/shell-1.0-r0.noarch.rpm"]);
                break;
        }
    }
}
