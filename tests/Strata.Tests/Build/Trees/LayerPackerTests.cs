using System.Text;
using Strata.Build.Trees;
using Strata.Store.Files;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Trees;

public sealed class LayerPackerTests : IDisposable
{
    /// <summary>Changing it means that every layer there is would get another name: do that in a major version only.</summary>
    private const string GoldenDiffId = "sha256:c5040b19af81e33f5a8d530331cb739be20ae207b180a6e4f2973f27676316ac";

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_small_fixed_tree_has_its_golden_diff_id()
    {
        Directory.CreateDirectory(_folder["parent"]);
        Directory.CreateDirectory(_folder["child"]);
        await System.IO.File.WriteAllTextAsync(_folder["parent/gone"], "x", Cancellation);
        using (var root = DirectoryHandle.Open(_folder["child"]))
        {
            root.CreateDirectory("usr", 0x1ED);
            using (var usr = root.OpenDirectory("usr"))
            {
                File(usr, "tool", "#!/bin/sh\n", 0x9ED, 0, 1_700_000_000);
                usr.CreateHardLink("alias", usr, "tool");
                usr.SetModifiedAt("", 1_600_000_000);
            }
            File(root, new string('l', 180), "long", 0x1A4, 3_000_000, 1);
            File(root, "é\n", "", 0x180, 1000, -1);
            root.SetAttribute("é\n", "user.k", "v"u8);
            root.SetModifiedAt("é\n", -1);
            root.CreateSymbolicLink("link", "/usr/tool");
            root.SetModifiedAt("link", 2);
            root.SetMode("usr", 0x1ED);
            root.SetMode("", 0x1ED);
            root.SetModifiedAt("", 3);
        }

        var packed = await LayerPacker.PackAsync(_folder["parent"], _folder["child"], new(), _folder["out.tar.gz"], null, Cancellation);

        Assert.True(GoldenDiffId == packed.Archive.DiffId.ToString(), $"It is {packed.Archive.DiffId}.");
        Assert.Equal(8, packed.Archive.Entries);
    }

    [Fact]
    public async Task Two_at_once_do_not_write_the_same_file()
    {
        Directory.CreateDirectory(_folder["parent"]);
        Directory.CreateDirectory(_folder["child"]);
        await using var other = new FileStream(_folder[".out.tar.gz.partial"], FileMode.Create, FileAccess.Write, FileShare.None);

        var refused = await Assert.ThrowsAsync<TreeRefusedException>(
            () => LayerPacker.PackAsync(_folder["parent"], _folder["child"], new(), _folder["out.tar.gz"], null, Cancellation));

        Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(_folder[".out.tar.gz.partial"]));
    }

    private static void File(DirectoryHandle directory, string name, string content, int mode, uint owner, long time)
    {
        using (var file = directory.CreateFile(name)) file.Write(Encoding.ASCII.GetBytes(content));
        directory.SetOwner(name, owner, owner);
        directory.SetMode(name, mode);
        directory.SetModifiedAt(name, time);
    }
}
