using Strata.SystemTests.Running;
using Strata.Store.Files;

namespace Strata.SystemTests.Targets;

/// <summary>The same content is the same base, whatever tool wrote it down and however.</summary>
public sealed class BaseFormTests : IDisposable
{
    private const int Refused = 3, NoSpace = 5;
    private readonly SmallBase _base = new();

    public void Dispose() => _base.Dispose();

    [Fact]
    public async Task Every_form_of_a_base_has_the_identity_of_the_folder()
    {
        var folder = await _base.IdentityAsync("root");
        await Shell("tar --xattrs --xattrs-include='*' --numeric-owner -C root -cpf root.tar . && gzip -k root.tar && xz -k root.tar && zstd -q root.tar");
        await Shell("truncate -s 16M root.ext4 && mkfs.ext4 -q -F -d root root.ext4");
        await Shell("mksquashfs root root.squashfs -quiet -no-progress");
        await Shell("mkfs.erofs --quiet root.erofs root");

        foreach (var form in new[] { "root.tar", "root.tar.gz", "root.tar.xz", "root.tar.zst", "root.ext4", "root.squashfs", "root.erofs" })
            Assert.True(folder == await _base.IdentityAsync(form), form);
        Assert.DoesNotContain(_base.Folder.Path, await File.ReadAllTextAsync("/proc/mounts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_several_layers_with_deletions_has_the_identity_of_the_tree_that_it_gives()
    {
        await Shell("""
            umoci init --layout image && umoci new --image image:one && umoci unpack --image image:one work
            cp -a root/. work/rootfs/ && mkdir work/rootfs/usr/gone && touch work/rootfs/usr/gone/a work/rootfs/usr/gone/b work/rootfs/etc/removed
            umoci repack --image image:two work && rm -r work && umoci unpack --image image:two work
            rm -r work/rootfs/usr/gone work/rootfs/etc/removed && echo changed > work/rootfs/usr/share/shared && rm work/rootfs/usr/share/linked && mkdir work/rootfs/usr/new
            umoci repack --image image:three work && rm -r work && umoci unpack --image image:three work
            skopeo copy -q oci:image:three oci:copied:only
            skopeo copy -q --dest-decompress oci:image:three dir:plain && skopeo copy -q --dest-compress-format zstd dir:plain oci:zstd:only
            """);
        var tree = await _base.IdentityAsync("work/rootfs");

        Assert.Equal(tree, await _base.IdentityAsync("image", "image: three\n"));
        Assert.Equal(tree, await _base.IdentityAsync("copied"));
        Assert.Equal(tree, await _base.IdentityAsync("zstd"));
        Assert.NotEqual(tree, await _base.IdentityAsync("image", "image: two\n"));

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "show", _base.Target("image"), "--cache", _base.Cache);
        Assert.Equal(Refused, code);
        Assert.Contains("say which one with 'image:'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo '{}' > image/oci-layout", "layout version")]
    [InlineData("find image/blobs -size +100k -exec sh -c 'printf x >> \"$1\"' sh {} ';'", "longer than its")]
    [InlineData("rm -r image/blobs && ln -s /etc image/blobs", "is not there")]
    [InlineData("echo '{\"manifests\":[null]}' > image/index.json", "null")]
    [InlineData("echo '{\"manifests\":[{\"digest\":\"sha256:../../../etc/passwd\",\"size\":1}]}' > image/index.json", "only sha256")]
    public async Task A_layout_that_is_not_what_it_says_is_refused(string damage, string said)
    {
        await Shell("umoci init --layout image && umoci new --image image:one && umoci unpack --image image:one work && cp -a root/. work/rootfs/ && umoci repack --image image:one work");
        await Shell(damage);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "show", _base.Target("image"), "--cache", _base.Cache);

        Assert.Equal(Refused, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tar --transform='s,^x,../x,' -Pcf bad x", "leads out")]
    [InlineData("mkdir t && ln -s /tmp t/bin && tar -cf bad -C t bin && rm t/bin && mkdir t/bin && touch t/bin/x && tar -rf bad -C t bin/x", "below 'bin'")]
    [InlineData("head -c 400000 root.tar > bad", "breaks off")]
    [InlineData("head -c 200000 root.tar.zst > bad", "zstd ended")]
    [InlineData("printf 'nothing at all' > bad", "no tar and no ext4")]
    [InlineData("head -c 510 /dev/zero > bad; printf '\\125\\252' >> bad", "a disk with partitions")]
    [InlineData("mkfifo bad", "neither a folder nor a file")]
    [InlineData("head -c 3000000 root.ext4 > bad", "as ext4 did not work")]
    public async Task A_file_that_is_no_sound_base_is_refused(string make, string said)
    {
        await Shell("touch x; tar -C root -cf root.tar . && zstd -q root.tar && truncate -s 16M root.ext4 && mkfs.ext4 -q -F -d root root.ext4");
        await Shell(make);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "show", _base.Target("bad"), "--cache", _base.Cache);

        Assert.True(code is Refused or 1, error);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_base.Cache, "tmp")));
    }

    [Fact]
    public async Task Killing_it_while_it_reads_an_image_leaves_no_mount()
    {
        await Tool.OutputAsync("dd", "if=/dev/urandom", $"of={_base["root/usr/share/random"]}", "bs=1M", "count=150", "status=none");
        await Shell("truncate -s 200M root.ext4 && mkfs.ext4 -q -F -d root root.ext4");
        using (var process = Tool.Start(Tool.Strata, "target", "show", _base.Target("root.ext4"), "--cache", _base.Cache))
        {
            while (!process.HasExited && !IsCopying()) await Task.Delay(5, TestContext.Current.CancellationToken);
            Assert.False(process.HasExited);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        for (var tries = 0; tries < 100 && (await Tool.OutputAsync("losetup", "-a")).Contains(_base.Folder.Path, StringComparison.Ordinal); tries++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(_base.Folder.Path, await Tool.OutputAsync("losetup", "-a"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_base["cache/roots-2"]));

        await _base.IdentityAsync("root.ext4");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_base["cache/tmp"]));

        bool IsCopying() => Directory.Exists(_base["cache/tmp"]) && Directory.EnumerateDirectories(_base["cache/tmp"]).Any(scratch => Directory.Exists(Path.Combine(scratch, "root/usr")));
    }

    [Theory]
    [InlineData("root.tar")]
    [InlineData("root.ext4")]
    public async Task A_full_disk_leaves_nothing_and_says_where(string form)
    {
        await Tool.OutputAsync("dd", "if=/dev/urandom", $"of={_base["root/usr/share/random"]}", "bs=1M", "count=8", "status=none");
        await Shell("tar -C root -cf root.tar . && truncate -s 24M root.ext4 && mkfs.ext4 -q -F -d root root.ext4 && mkdir cache && mount -t tmpfs -o size=5m tmpfs cache");
        try
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "show", _base.Target(form), "--cache", _base.Cache);

            Assert.Equal(NoSpace, code);
            Assert.Contains(_base.Cache, error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_base["cache/tmp"]));
            Assert.False(Directory.Exists(_base["cache/roots-2"]));
        }
        finally
        {
            await Tool.OutputAsync("umount", _base.Cache);
        }
    }

    [Fact]
    public async Task A_folder_of_overlay_marks_is_no_base()
    {
        using (var root = DirectoryHandle.Open(_base["root/usr"])) root.CreateDevice("deleted", block: false, 0, 0);

        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "target", "show", _base.Target("root"), "--cache", _base.Cache);

        Assert.Equal(Refused, code);
        Assert.Contains("marks a deletion", error, StringComparison.Ordinal);
    }

    private Task<string> Shell(string script) => Tool.OutputAsync("sh", "-euc", $"cd '{_base.Folder.Path}'\n{script}");
}
