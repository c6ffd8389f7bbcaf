using System.Text;
using Strata.Artifacts.Tar;
using Strata.Build.Trees;
using Strata.Store.Files;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Trees;

public sealed class TreeDifferenceTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly DirectoryHandle _parent, _child;

    public TreeDifferenceTests()
    {
        Directory.CreateDirectory(_folder["parent"]);
        Directory.CreateDirectory(_folder["child"]);
        (_parent, _child) = (DirectoryHandle.Open(_folder["parent"]), DirectoryHandle.Open(_folder["child"]));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _parent.Dispose();
        _child.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("aaaa", "bbbb")]
    [InlineData("aaaa", "bb")]
    [InlineData("aaaa", "")]
    [InlineData("a", "abc")]
    public void A_file_changed_to_the_same_or_another_size_is_in_the_layer_even_at_the_same_time(string before, string after)
    {
        Write(_parent, "f", before);
        Write(_child, "f", after);

        Assert.Equal(["f"], Names());
        Assert.Equal(new ChangeCounts(0, 1, 0), Difference().Counts);
    }

    [Fact]
    public void What_differs_in_time_alone_is_left_out_unless_asked_for()
    {
        Write(_parent, "f", "a", time: 1);
        Write(_child, "f", "a", time: 2);

        Assert.Empty(Names());
        Assert.Equal(["f"], Names(new() { KeepTimes = true }));
    }

    [Fact]
    public void Deletions_become_whiteouts_and_only_the_topmost_is_named()
    {
        Folders(_parent, "d", "d/e", "kept");
        Write(_parent, "d/e/f", "x");
        Write(_parent, "kept/g", "x");
        Folders(_child, "kept");

        Assert.Equal([".wh.d", "kept", "kept/.wh.g"], Names());
    }

    [Fact]
    public void A_file_that_replaces_a_directory_and_the_reverse_need_no_whiteout()
    {
        Folders(_parent, "was-folder", "was-folder/sub");
        Write(_parent, "was-folder/sub/x", "x");
        Write(_parent, "was-file", "x");
        Write(_child, "was-folder", "x");
        Folders(_child, "was-file");
        Write(_child, "was-file/y", "x");

        Assert.Equal(["was-file", "was-file/y", "was-folder"], Names());
    }

    [Fact]
    public void Empty_directories_dotfiles_links_and_special_files_are_there()
    {
        Folders(_child, "empty");
        Write(_child, ".dot", "x");
        _child.CreateSymbolicLink("dangling", "/no/where");
        _child.CreateFifo("pipe");
        _child.CreateDevice("null", block: false, 1, 3);

        var kinds = Difference().Items.Skip(1).Select(item => (item.Entry.Name, item.Entry.Kind));

        Assert.Equal(
            [
                (".dot", TarEntryKind.File), ("dangling", TarEntryKind.SymbolicLink), ("empty", TarEntryKind.Directory),
                ("null", TarEntryKind.CharacterDevice), ("pipe", TarEntryKind.Fifo),
            ],
            kinds);
    }

    [Fact]
    public void Mode_owner_and_attributes_count_as_change()
    {
        foreach (var name in new[] { "mode", "owner", "attribute", "same" })
        {
            Write(_parent, name, "x");
            Write(_child, name, "x");
        }
        _child.SetMode("mode", 0x9ED);
        _child.SetOwner("owner", 5, 6);
        _child.SetAttribute("attribute", "user.a", "b"u8);

        Assert.Equal(["attribute", "mode", "owner"], Names());
        Assert.Equal(0x9ED, Difference().Items.Single(item => item.Entry.Name == "mode").Entry.Mode);
    }

    [Fact]
    public void The_directories_above_a_change_keep_their_own_mode_and_owner()
    {
        Folders(_parent, "srv", "srv/private");
        Folders(_child, "srv", "srv/private");
        foreach (var tree in new[] { _parent, _child })
        {
            using var srv = tree.OpenDirectory("srv");
            srv.SetOwner("private", 33, 33);
            srv.SetMode("private", 0x1C0);
        }
        Write(_child, "srv/private/f", "x");

        var entry = Difference().Items.Single(item => item.Entry.Name == "srv/private").Entry;

        Assert.Equal(["srv", "srv/private", "srv/private/f"], Names());
        Assert.Equal((0x1C0, 33u), (entry.Mode, entry.Uid));
        Assert.Equal(new ChangeCounts(1, 0, 0), Difference().Counts);
    }

    [Fact]
    public void When_one_name_of_a_file_changes_all_its_names_are_written()
    {
        foreach (var tree in new[] { _parent, _child })
        {
            Write(tree, "a", "x");
            tree.CreateHardLink("b", tree, "a");
        }
        Assert.Empty(Names());

        _child.CreateHardLink("c", _child, "a");

        Assert.Equal([("a", TarEntryKind.File), ("b", TarEntryKind.HardLink), ("c", TarEntryKind.HardLink)], Difference().Items.Skip(1).Select(i => (i.Entry.Name, i.Entry.Kind)));
    }

    [Fact]
    public void Names_that_are_no_longer_linked_are_written_apart()
    {
        Write(_parent, "a", "x");
        _parent.CreateHardLink("b", _parent, "a");
        Write(_child, "a", "x");
        Write(_child, "b", "x");

        var item = Assert.Single(Difference().Items.Skip(1));
        Assert.Equal(TarEntryKind.File, item.Entry.Kind);
    }

    [Fact]
    public void Whiteouts_asked_for_by_hand_are_added()
    {
        Folders(_parent, "usr", "usr/share", "usr/share/doc");
        Folders(_child, "usr", "usr/share", "usr/share/doc");

        Assert.Equal(
            ["usr", "usr/.wh.games", "usr/share", "usr/share/doc", "usr/share/doc/.wh..wh..opq"],
            Names(new() { Whiteouts = ["/usr/share/doc/*", "/usr/games"] }));
    }

    [Fact]
    public void Every_bad_whiteout_is_named()
    {
        var refused = Assert.Throws<TreeRefusedException>(() => Difference(new() { Whiteouts = ["usr/x", "/ok", "/../etc", "/"] }));

        Assert.Equal(3, refused.Problems.Count);
        Assert.Contains("'usr/x'", refused.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_would_read_as_a_whiteout_is_refused()
    {
        Write(_child, ".wh.x", "x");

        Assert.Contains("'.wh.x'", Assert.Throws<TreeRefusedException>(() => Difference()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_can_the_deletion_of_such_a_file_be_in_a_layer()
    {
        Write(_parent, ".wh.x", "x");

        Assert.Contains($"'.wh.x' in '{_folder["parent"]}'", Assert.Throws<TreeRefusedException>(() => Difference()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_are_left_out()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["child/socket"]));

        Assert.Empty(Names());
    }

    private LayerContents Difference(PackOptions? options = null) => TreeDifference.Between(
        TreeScanner.Scan(_folder["parent"], Cancellation), TreeScanner.Scan(_folder["child"], Cancellation), options ?? new(), Cancellation);

    /// <summary>Names in the layer, without the root, which always is.</summary>
    private IEnumerable<string> Names(PackOptions? options = null) => Difference(options).Items.Select(item => item.Entry.Name).Skip(1);

    private static void Folders(DirectoryHandle root, params string[] paths)
    {
        foreach (var path in paths) root.CreateDirectory(path, 0x1ED);
    }

    private static void Write(DirectoryHandle root, string path, string content, long time = 1000)
    {
        using (var file = root.CreateFile(path, 0x1A4)) file.Write(Encoding.ASCII.GetBytes(content));
        root.SetMode(path, 0x1A4);
        root.SetModifiedAt(path, time);
    }
}
