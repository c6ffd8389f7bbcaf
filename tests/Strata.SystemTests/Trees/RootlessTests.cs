using CsCheck;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Trees;

/// <summary>parent + layer = child for a user without any right beyond its own files: it packs, umoci and GNU tar apply as that user.</summary>
public sealed class RootlessTests
{
    private const int Samples = 12;
    private const uint User = 1234;

    [Fact]
    public async Task A_user_packs_and_applies_what_it_owns() =>
        await RandomTree.Pairs.SampleAsync(async pair =>
        {
            using var folder = new TestFolder();
            RandomTree.Write(RandomTree.OwnedBy(pair.Parent, User), folder["parent"]);
            RandomTree.Write(RandomTree.OwnedBy(pair.Child, User), folder["child"]);
            await Tool.OutputAsync("sh", "-c", "cp -r \"$1\" \"$2/program\"; cp \"$3\" \"$2\"; chmod -R a+rX \"$2/program\"; chmod 0755 \"$2\"; chown 1234:1234 \"$2\"", "lend",
                Path.GetDirectoryName(Tool.Strata)!, folder.Path, TreeComparison.ApplyLayer);

            await AsUserAsync(folder, "program/strata layer diff parent child layer.tar.gz --keep-times");
            await AsUserAsync(folder, "python3 apply_layer.py parent layer.tar.gz by-tar");
            await AsUserAsync(folder, """
                tar --xattrs --xattrs-include='user.*' --format=posix -cf parent.tar -C parent .
                gzip -dc layer.tar.gz >layer.tar
                umoci init --layout image
                umoci new --image image:x
                umoci raw add-layer --image image:x parent.tar
                umoci raw add-layer --image image:x layer.tar
                umoci raw unpack --rootless --image image:x by-umoci
                """);

            await TreeComparison.AssertSameAsync(folder["child"], folder["by-tar"], TreeComparison.Everything);
            await TreeComparison.AssertSameAsync(folder["child"], folder["by-umoci"], TreeComparison.Everything);
        }, iter: Samples, threads: 1);

    [Fact]
    public async Task A_file_that_the_user_may_not_read_is_named()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["parent"]);
        Directory.CreateDirectory(folder["child"]);
        await File.WriteAllTextAsync(folder["child/secret"], "x", TestContext.Current.CancellationToken);
        await Tool.OutputAsync("sh", "-c", "cp -r \"$1\" \"$2/program\"; chmod -R a+rX \"$2\"; chmod 0777 \"$2\"; chmod 0600 \"$2/child/secret\"", "lend", Path.GetDirectoryName(Tool.Strata)!, folder.Path);

        var (code, _, error) = await RunAsUserAsync(folder, "program/strata layer diff parent child layer.tar.gz");

        Assert.Equal(1, code);
        Assert.Contains("secret", error, StringComparison.Ordinal);
        Assert.Contains("Permission denied", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["layer.tar.gz"]));
    }

    private static async Task AsUserAsync(TestFolder folder, string script)
    {
        var (code, _, error) = await RunAsUserAsync(folder, script);
        Assert.True(code == 0, error);
    }

    private static Task<(int Code, string Output, string Error)> RunAsUserAsync(TestFolder folder, string script) => Tool.RunAsync(
        "setpriv", "--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs",
        "sh", "-c", "set -e; cd \"$1\"; export HOME=\"$1\"\n" + script, "user", folder.Path);
}
