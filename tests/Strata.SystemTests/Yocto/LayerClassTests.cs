using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Yocto;

/// <summary>The layer class's own functions, run over two prepared trees in a fakeroot session as BitBake would, by a user without rights.</summary>
public sealed class LayerClassTests : IDisposable
{
    private const string User = "1234", Time = "1520598896", Identity = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly string Class = Path.Combine(Repository.Root, "yocto/meta-strata/classes/layer-generator.bbclass");
    private static readonly string Runner = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Yocto/run_layer_class.py");
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_class_and_layer_diff_by_hand_give_the_same_bytes()
    {
        await PrepareAsync();

        await AsUserAsync("fakeroot sh -e -c 'python3 unpack.py; exec python3 run_layer_class.py layer-generator.bbclass variables.json'");
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["by-hand/linux-amd64-1.2.0.tar.gz"],
            "--normalise", "--latest-time", Time, "--describe", _folder["values.json"], "--whiteout", "/usr/share/doc/*", "--whiteout", "/etc/motd");

        foreach (var name in new[] { "linux-amd64-1.2.0.tar.gz", "layer.json" })
        {
            Assert.Equal(await File.ReadAllBytesAsync(_folder[$"by-hand/{name}"], Cancellation), await File.ReadAllBytesAsync(_folder[$"deploy/layers/aos-x-layer/{name}"], Cancellation));
        }
        Assert.False(Directory.Exists(_folder["work/parent-rootfs"]));
    }

    [Fact]
    public async Task Owners_and_devices_that_only_fakeroot_knows_are_in_the_layer()
    {
        await PrepareAsync();

        await AsUserAsync("fakeroot sh -e -c 'python3 unpack.py; exec python3 run_layer_class.py layer-generator.bbclass variables.json'");

        var list = await Tool.OutputAsync("tar", "--numeric-owner", "-tvzf", _folder["deploy/layers/aos-x-layer/linux-amd64-1.2.0.tar.gz"]);
        Assert.Matches(@"-rwsr-xr-x 0/0 .* usr/bin/tool\n", list);
        Assert.Matches(@"-rw-r----- 0/42 .* etc/secret\n", list);
        Assert.Contains("usr/share/doc/.wh..wh..opq", list, StringComparison.Ordinal);
        Assert.Contains("etc/.wh.motd", list, StringComparison.Ordinal);
        Assert.DoesNotContain("same", list, StringComparison.Ordinal);
    }

    // Both trees belong to root; the user gets them as archives, as the class keeps a parent's.
    private async Task PrepareAsync()
    {
        await Tool.OutputAsync("sh", "-e", "-c", """
            cd "$1"
            mkdir -p parent/etc parent/usr/bin parent/usr/share/doc/x by-hand deploy/layers/aos-x-layer work share/aos-image-qemu
            echo same >parent/etc/same; echo old >parent/etc/changed; echo motd >parent/etc/motd; echo doc >parent/usr/share/doc/x/y
            cp -a parent child
            echo new >child/etc/changed; echo secret >child/etc/secret; chown 0:42 child/etc/secret; chmod 640 child/etc/secret
            printf '#!/bin/sh\n' >child/usr/bin/tool; chmod 4755 child/usr/bin/tool; ln -s tool child/usr/bin/link
            for tree in parent child; do
                find $tree -exec touch -h -d @1600000000 {} +
                tar --sort=name --numeric-owner --format=pax --xattrs --xattrs-include='*' -cf $tree.tar -C $tree .
            done
            cp parent.tar share/aos-image-qemu/rootfs.tar
            cp -r "$2" program; cp "$3" "$4" .
            printf '%s\n' 'import subprocess' 'subprocess.run(["sh", "-ec", "mkdir rootfs; tar -xpf child.tar -C rootfs --same-owner --numeric-owner"], check=True)' >unpack.py
            chmod -R a+rX program; chmod 755 .; chown 1234:1234 . work deploy deploy/layers deploy/layers/aos-x-layer
            """, "prepare", _folder.Path, Path.GetDirectoryName(Tool.Strata)!, Class, Runner);
        await File.WriteAllTextAsync(_folder["variables.json"], JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["PN"] = "aos-x-layer",
            ["SUMMARY"] = "What \"x\" brings",
            ["LICENSE"] = "MIT",
            ["AOS_BASE_IMAGE"] = "aos-image",
            ["AOS_PARENT_LAYER"] = "${AOS_BASE_IMAGE}",
            ["AOS_LAYER_FEATURES"] = " one  two ",
            ["AOS_LAYER_VERSION"] = "1.2.0",
            ["AOS_LAYER_WHITEOUTS"] = " /usr/share/doc/* /etc/motd",
            ["AOS_LAYER_OS"] = "linux",
            ["AOS_LAYER_ARCH"] = "amd64",
            ["AOS_LAYER_ARCH_VARIANT"] = "",
            ["AOS_LAYER_TIME"] = Time,
            ["AOS_LAYER_DEPLOY_ROOT"] = _folder["deploy/layers"],
            ["AOS_TARGET_NAME"] = "${AOS_BASE_IMAGE}",
            ["AOS_TARGET_IDENTITY"] = Identity,
            ["DISTRO_VERSION"] = "nodistro.0",
            ["STRATA"] = _folder["program/strata"],
            ["IMAGE_ROOTFS"] = _folder["rootfs"],
            ["LAYER_VALUES"] = _folder["work/layer-values.json"],
            ["LAYER_PARENT_TAR"] = _folder["share/aos-image-qemu/rootfs.tar"],
            ["LAYER_PARENT_ROOTFS"] = _folder["work/parent-rootfs"],
            ["LAYER_ARCHIVE"] = _folder["deploy/layers/aos-x-layer/linux-amd64-1.2.0.tar.gz"],
        }), Cancellation);
        await File.WriteAllTextAsync(_folder["values.json"], $$$"""
            {"name":"aos-x-layer","version":"1.2.0","summary":"What \"x\" brings","license":"MIT","features":["one","two"],
             "whiteouts":["/usr/share/doc/*","/etc/motd"],"platform":{"architecture":"amd64","os":"linux","os.version":"nodistro.0"},
             "parent":null,"target":{"name":"aos-image","identity":"{{{Identity}}}"}}
            """, Cancellation);
    }

    private async Task AsUserAsync(string script)
    {
        var (code, output, error) = await Tool.RunAsync("setpriv", "--reuid", User, "--regid", User, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
            "sh", "-e", "-c", "cd \"$1\"; export HOME=\"$1\"\n" + script, "user", _folder.Path);
        Assert.True(code == 0, output + error);
    }
}
