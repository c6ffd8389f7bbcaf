using System.IO.Compression;
using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Trees;

public sealed class LayerDiffTests : IDisposable
{
    private const int Refused = 3, NoSpace = 5, Cancelled = 130;
    private readonly TestFolder _folder = new();

    public LayerDiffTests()
    {
        Directory.CreateDirectory(_folder["parent/etc"]);
        Directory.CreateDirectory(_folder["child/etc"]);
        Directory.CreateDirectory(_folder["out"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["parent/etc/gone"], "x");
        File.WriteAllText(_folder["parent/etc/same-size"], "aaa");
        File.WriteAllText(_folder["child/etc/same-size"], "bbb");
        File.WriteAllText(_folder["child/etc/ünïcode"], "new");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_bytes_do_not_depend_on_folder_locale_time_zone_umask_or_number_of_cores()
    {
        await Tool.OutputAsync("sh", "-c", "seq 3000000 >\"$1\"", "fill", _folder["child/several-blocks"]);
        var plain = await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/one.tar.gz"], "--json");
        await Tool.OutputAsync(
            "sh", "-c", "umask 077; cd \"$1\"; export TZ=Asia/Tokyo LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 TMPDIR=/var/tmp; exec taskset -c 0 \"$2\" layer diff ../parent ../child ../out/two.tar.gz",
            "other", _folder["elsewhere"], Tool.Strata);

        Assert.Equal(await File.ReadAllBytesAsync(_folder["out/one.tar.gz"], Cancellation), await File.ReadAllBytesAsync(_folder["out/two.tar.gz"], Cancellation));
        using var result = JsonDocument.Parse(plain);
        Assert.Equal((2, 1, 1), (Number("added"), Number("changed"), Number("removed")));

        int Number(string name) => result.RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_file_changed_to_the_same_size_through_an_overlay_is_found()
    {
        foreach (var name in new[] { "upper", "work", "merged" }) Directory.CreateDirectory(_folder[name]);
        await Tool.OutputAsync("mount", "-t", "overlay", "-o", $"lowerdir={_folder["parent"]},upperdir={_folder["upper"]},workdir={_folder["work"]}", "overlay", _folder["merged"]);
        try
        {
            await Tool.OutputAsync("sh", "-c", "cd \"$1\"; printf bbb >same-size; touch -r gone same-size; mv gone moved", "change", _folder["merged/etc"]);

            var result = await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["merged"], _folder["out/x.tar.gz"]);

            Assert.Contains("1 added, 1 changed, 1 removed", result, StringComparison.Ordinal);
            Assert.Equal(["./", "etc/", "etc/.wh.gone", "etc/moved", "etc/same-size"], (await Tool.OutputAsync("tar", "-tzf", _folder["out/x.tar.gz"])).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            await Tool.OutputAsync("umount", _folder["merged"]);
        }
    }

    [Theory]
    [InlineData("parent", "missing", "out/x.tar.gz", "missing")]
    [InlineData("parent", "parent", "out/x.tar.gz", "same directory")]
    [InlineData("parent", "child", "child/x.tar.gz", "inside the child tree")]
    [InlineData("parent", "child", "nowhere/x.tar.gz", "not there")]
    public async Task What_cannot_be_packed_is_refused_in_a_sentence(string parent, string child, string output, string said)
    {
        var (code, text, error) = await Tool.RunAsync(Tool.Strata, "layer", "diff", _folder[parent], _folder[child], _folder[output]);

        Assert.Equal(Refused, code);
        Assert.Empty(text);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["out"]));
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_and_says_where()
    {
        await Tool.OutputAsync("dd", "if=/dev/urandom", $"of={_folder["child/random"]}", "bs=1M", "count=12", "status=none");
        await Tool.OutputAsync("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", _folder["out"]);
        try
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"]);

            Assert.Equal(NoSpace, code);
            Assert.Contains($"No space in '{_folder["out"]}'", error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["out"]));
        }
        finally
        {
            await Tool.OutputAsync("umount", _folder["out"]);
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Being_stopped_leaves_nothing_and_a_second_run_works(string signal)
    {
        await Tool.OutputAsync("truncate", "-s", "6G", _folder["child/large"]);
        using (var process = Tool.Start(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"]))
        {
            while (!Directory.EnumerateFiles(_folder["out"]).Any() && !process.HasExited) await Task.Delay(10, Cancellation);
            Assert.False(process.HasExited);
            await Tool.OutputAsync("kill", $"-{signal}", $"{process.Id}");
            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(Cancelled, process.ExitCode);
        }
        Assert.Empty(Directory.EnumerateFiles(_folder["out"]));

        File.Delete(_folder["child/large"]);
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"]);
        Assert.Equal(_folder["out/x.tar.gz"], Assert.Single(Directory.EnumerateFiles(_folder["out"])));
    }

    [Fact]
    public async Task A_sparse_file_of_over_8_GiB_arrives_whole()
    {
        const long Size = (8L << 30) + 4097;
        using (var file = File.OpenHandle(_folder["child/large"], FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, "begin"u8, 0);
            RandomAccess.Write(file, "end"u8, Size - 3);
        }

        var said = await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"]);

        Assert.Contains("too-compressible", said, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_folder["out/x.tar.gz"]).Length, 1, 20_000_000);
        await Tool.OutputAsync("mkfifo", _folder["tar"]);
        var compared = Tool.OutputAsync("sh", "-c", "tar -B -xOf \"$1\" large | cmp - \"$2\"", "compare", _folder["tar"], _folder["child/large"]);
        try
        {
            await using var layer = new GZipStream(File.OpenRead(_folder["out/x.tar.gz"]), CompressionMode.Decompress);
            await using var pipe = File.OpenWrite(_folder["tar"]);
            await layer.CopyToAsync(pipe, 1 << 20, Cancellation);
        }
        finally
        {
            await compared; // says what differed, when that broke the pipe
        }
    }

    [Fact]
    public async Task Content_where_no_layer_may_have_any_is_refused_and_below_var_it_is_told()
    {
        Directory.CreateDirectory(_folder["child/var/www"]);
        await File.WriteAllTextAsync(_folder["child/var/www/page"], "x", Cancellation);
        string[] command = ["layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"], "--normalise"];
        using (var told = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, [.. command, "--json"])))
        {
            var note = Assert.Single(told.RootElement.GetProperty("notes").EnumerateArray());
            Assert.Equal(("content-in-var", "var/www/page"), (note.GetProperty("rule").GetString(), note.GetProperty("path").GetString()));
        }
        File.Delete(_folder["out/x.tar.gz"]);
        Directory.CreateDirectory(_folder["child/tmp"]);
        await File.WriteAllTextAsync(_folder["child/tmp/left"], "x", Cancellation);

        var (code, text, error) = await Tool.RunAsync(Tool.Strata, [.. command, "--verbose"]);

        Assert.Equal(Refused, code);
        Assert.Empty(text);
        Assert.Contains("content-in-tmp: '/tmp/left'", error, StringComparison.Ordinal);
        Assert.Contains("var/lib/dpkg/status", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["out"]));
    }

    [Fact]
    public async Task What_a_killed_run_left_does_not_stop_the_next()
    {
        await File.WriteAllTextAsync(_folder["out/.x.tar.gz.partial"], "half", Cancellation);

        await Tool.OutputAsync(Tool.Strata, "layer", "diff", _folder["parent"], _folder["child"], _folder["out/x.tar.gz"]);

        Assert.Equal(_folder["out/x.tar.gz"], Assert.Single(Directory.EnumerateFiles(_folder["out"])));
        await Tool.OutputAsync("gzip", "-t", _folder["out/x.tar.gz"]);
    }
}
