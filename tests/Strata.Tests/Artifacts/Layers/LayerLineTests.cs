using Strata.Artifacts.Layers;
using Strata.Artifacts.Tar;
using Xunit;

namespace Strata.Tests.Artifacts.Layers;

public sealed class LayerLineTests
{
    private static readonly TarEntry Program = new() { Name = "usr/bin/su", Kind = TarEntryKind.File, Mode = 0x9ED, Uid = 0, Gid = 1000, Size = 12, ModifiedAt = 86_400 };

    [Fact]
    public void A_line_shows_mode_numeric_owner_size_and_time() =>
        Assert.Equal("-rwsr-xr-x  0/1000           12 1970-01-02 00:00:00 usr/bin/su", LayerLine.Text(Program, isLong: true));

    [Fact]
    public void Extended_attributes_are_marked() =>
        Assert.StartsWith("-rwsr-xr-x+ ", LayerLine.Text(Program with { Attributes = [ExtendedAttribute.Of("user.x", [1])] }, isLong: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("usr/bin/.wh.su", "usr/bin/su (deleted)", "deleted", "usr/bin/su")]
    [InlineData("usr/bin/.wh..wh..opq", "usr/bin/ (emptied)", "emptied", "usr/bin")]
    public void A_whiteout_is_shown_as_what_it_does(string name, string text, string kind, string path)
    {
        var entry = new TarEntry { Name = name, Kind = TarEntryKind.File };
        Assert.Equal(text, LayerLine.Text(entry, isLong: false));
        Assert.Equal((kind, path), (LayerLine.Of(entry).Kind, LayerLine.Of(entry).Path));
        Assert.Equal(LayerLine.Text(Program, isLong: true).IndexOf("usr/", StringComparison.Ordinal), LayerLine.Text(entry, isLong: true).IndexOf("usr/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\nb\u001b[31m", "a\\nb\\033[31m")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("ünïcode", "ünïcode")]
    public void Nothing_in_a_name_acts_on_the_terminal(string name, string shown) =>
        Assert.Equal(shown, LayerLine.Text(Program with { Name = name }, isLong: false));

    [Fact]
    public void A_name_that_is_no_utf8_keeps_its_bytes()
    {
        Assert.Equal("n\\377me", LayerLine.Text(Program with { Name = "n\udcffme" }, isLong: false));
        Assert.Equal(("6eff", "n\ufffd"), (LayerLine.Of(Program with { Name = "n\udcff" }).PathHex, LayerLine.Of(Program with { Name = "n\udcff" }).Path));
        Assert.Null(LayerLine.Of(Program with { Name = "😀" }).PathHex);
    }
}
