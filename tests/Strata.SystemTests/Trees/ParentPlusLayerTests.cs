using System.IO.Compression;
using CsCheck;
using Strata.Artifacts.Tar;
using Strata.Build.Trees;
using Strata.Store;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Trees;

/// <summary>parent + layer = child, judged by tools that are not ours: umoci, GNU tar and overlayfs apply the layer, mtree and GNU tar compare the trees.</summary>
public sealed class ParentPlusLayerTests
{
    private const int Samples = 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Umoci_makes_the_child_of_parent_and_layer() =>
        await RandomTree.Pairs.SampleAsync(async pair =>
        {
            using var folder = new TestFolder();
            var layer = await PackAsync(folder, pair, new() { KeepTimes = true });
            await Tool.OutputAsync("tar", "--xattrs", "--xattrs-include=*", "--format=posix", "-cf", folder["parent.tar"], "-C", folder["parent"], ".");
            await using (var packed = new GZipStream(File.OpenRead(layer), CompressionMode.Decompress))
            await using (var plain = File.Create(folder["layer.tar"])) await packed.CopyToAsync(plain, Cancellation);

            await Tool.OutputAsync("umoci", "init", "--layout", folder["image"]);
            await Tool.OutputAsync("umoci", "new", "--image", folder["image:x"]);
            await Tool.OutputAsync("umoci", "raw", "add-layer", "--image", folder["image:x"], folder["parent.tar"]);
            await Tool.OutputAsync("umoci", "raw", "add-layer", "--image", folder["image:x"], folder["layer.tar"]);
            await Tool.OutputAsync("umoci", "raw", "unpack", "--image", folder["image:x"], folder["result"]);

            await TreeComparison.AssertSameAsync(folder["child"], folder["result"], TreeComparison.Everything);
        }, iter: Samples, threads: 1);

    [Fact]
    public async Task Gnu_tar_makes_the_child_of_parent_and_layer() =>
        await RandomTree.Pairs.SampleAsync(async pair =>
        {
            using var folder = new TestFolder();
            var layer = await PackAsync(folder, pair, new() { KeepTimes = true });

            await Tool.OutputAsync("python3", TreeComparison.ApplyLayer, folder["parent"], layer, folder["result"]);

            await TreeComparison.AssertSameAsync(folder["child"], folder["result"], TreeComparison.Everything);
        }, iter: Samples, threads: 1);

    [Fact]
    public async Task Overlayfs_shows_the_child_over_the_parent() =>
        await RandomTree.Pairs.SampleAsync(async pair =>
        {
            using var folder = new TestFolder();
            // Device nodes are refused on a unit, so here the trees have none.
            pair = (WithoutDevices(pair.Parent), WithoutDevices(pair.Child));
            var layer = await PackAsync(folder, pair, new() { KeepTimes = true, Workers = 1 });
            var archive = await LayerPackerArchiveAsync(folder, layer);
            await using var file = File.OpenRead(layer);
            var held = await new LayerStore(folder["s"]).UnpackAsync(archive.DiffId, archive.Digest, archive.Size, file, Cancellation);

            Directory.CreateDirectory(folder["m"]);
            await Tool.OutputAsync("mount", "-t", "overlay", "-o", $"ro,lowerdir={held.Directory}:{folder["parent"]}", "overlay", folder["m"]);
            try
            {
                await TreeComparison.AssertSameAsync(folder["child"], folder["m"], TreeComparison.WithoutLinkCounts);
            }
            finally
            {
                await Tool.OutputAsync("umount", folder["m"]);
            }
        }, iter: Samples, threads: 1);

    [Fact]
    public async Task A_layer_unpacked_and_packed_again_has_its_diff_id() =>
        await RandomTree.Pairs.SampleAsync(async pair =>
        {
            using var folder = new TestFolder();
            Directory.CreateDirectory(folder["empty"]);
            RandomTree.Write(WithoutDevices(pair.Child), folder["child"]);
            var first = await LayerPacker.PackAsync(folder["empty"], folder["child"], new(), folder["one.tar.gz"], null, Cancellation);
            await using var file = File.OpenRead(folder["one.tar.gz"]);
            var held = await new LayerStore(folder["s"]).UnpackAsync(first.Archive.DiffId, first.Archive.Digest, first.Archive.Size, file, Cancellation);

            var again = await LayerPacker.PackAsync(folder["empty"], held.Directory, new(), folder["two.tar.gz"], null, Cancellation);

            Assert.Equal(first.Archive, again.Archive);
        }, iter: Samples, threads: 1);

    private static async Task<string> PackAsync(TestFolder folder, (Node.Folder Parent, Node.Folder Child) pair, PackOptions options)
    {
        RandomTree.Write(pair.Parent, folder["parent"]);
        RandomTree.Write(pair.Child, folder["child"]);
        await LayerPacker.PackAsync(folder["parent"], folder["child"], options, folder["layer.tar.gz"], null, Cancellation);
        return folder["layer.tar.gz"];
    }

    private static async Task<Model.Layers.LayerArchive> LayerPackerArchiveAsync(TestFolder folder, string layer)
    {
        var again = await LayerPacker.PackAsync(folder["parent"], folder["child"], new() { KeepTimes = true, Workers = 3 }, folder["again.tar.gz"], null, Cancellation);
        Assert.Equal(await File.ReadAllBytesAsync(layer, Cancellation), await File.ReadAllBytesAsync(folder["again.tar.gz"], Cancellation));
        return again.Archive;
    }

    private static Node.Folder WithoutDevices(Node.Folder folder) => folder with
    {
        Children = folder.Children
            .Where(child => child.Value is not Node.Special { Kind: > 0 })
            .ToDictionary(child => child.Key, child => child.Value is Node.Folder below ? WithoutDevices(below) : child.Value),
    };
}
