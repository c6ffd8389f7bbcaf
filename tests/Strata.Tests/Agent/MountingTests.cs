using Strata.Agent;
using Strata.Agent.Mounting;

namespace Strata.Tests.Agent;

public sealed class MountingTests
{
    [Fact]
    public void A_stack_lists_its_folders_topmost_first() => Assert.Equal("lowerdir=/a:/b", OverlayStack.Of(["/a", "/b"]).Options);

    [Theory]
    [InlineData("/a:b")]
    [InlineData("/a,b")]
    [InlineData("/a\\b")]
    public void A_path_with_a_separator_of_the_options_is_refused_by_name(string path) =>
        Assert.Contains(path, Assert.Throws<StackRefusedException>(() => OverlayStack.Of(["/x", path])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stack_that_does_not_fit_one_page_is_refused_and_one_that_just_fits_is_not()
    {
        var fits = new string('a', OverlayStack.MaxOptionBytes - "lowerdir=".Length);
        Assert.Equal(OverlayStack.MaxOptionBytes, OverlayStack.Of([fits]).Options.Length);
        Assert.Throws<StackRefusedException>(() => OverlayStack.Of([fits + "a"]));
    }

    [Fact]
    public void Sixteen_layers_fit_under_a_root_of_usual_length() =>
        _ = OverlayStack.Of(Enumerable.Range(0, 20).Select(n => $"/var/lib/strata/a-long-name-for-the-unit/of-somebody/l/{n}00"));

    [Fact]
    public void Mounts_beneath_a_folder_are_listed_youngest_first_with_their_blanks()
    {
        string[] lines =
        [
            "25 1 8:1 / / rw - ext4 /dev/a rw",
            "30 25 0:5 / /unit/run/0/rootfs ro - overlay overlay ro",
            "31 30 0:6 / /unit/run/0/rootfs/my\\040tmp rw - tmpfs tmpfs rw",
            "32 25 0:7 / /unit2/x rw - tmpfs tmpfs rw",
        ];
        Assert.Equal(["/unit/run/0/rootfs/my tmp", "/unit/run/0/rootfs"], MountTable.Beneath("/unit", lines));
    }

    [Fact]
    public void Every_mistake_of_a_command_line_is_named_at_once()
    {
        var mistakes = Assert.Throws<FormatException>(() => AgentOptions.Parse(["--root", "/r", "--cert", "/no/such", "--base", "/no/base", "--what"])).Message;
        foreach (var part in new[] { "'/no/such' is no file", "'/no/base' is no folder", "'--what' is not known", "--ca is missing" })
            Assert.Contains(part, mistakes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--root", "", "--root is empty")]
    [InlineData("--visible", "usr,../x", "'../x' is no top folder")]
    [InlineData("--visible", "..", "'..' is no top folder")]
    public void A_value_that_does_not_do_is_named(string option, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => AgentOptions.Parse([option, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void Plain_http_discovery_is_refused() =>
        Assert.Contains("https", Assert.Throws<FormatException>(() => AgentOptions.Parse(["--discovery", "http://hub:9000/"])).Message, StringComparison.Ordinal);
}
