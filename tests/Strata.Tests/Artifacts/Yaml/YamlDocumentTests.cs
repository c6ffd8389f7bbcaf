using CsCheck;
using Strata.Artifacts.Yaml;
using Xunit;

namespace Strata.Tests.Artifacts.Yaml;

public sealed class YamlDocumentTests
{
    private readonly MistakeList _mistakes = new("config.yaml");

    [Fact]
    public void Nodes_know_their_line_and_column()
    {
        var root = Assert.IsType<YamlMapping>(YamlDocument.Read("a: 1\nlist:\n  - 'x'\n  - {b: c}\n", _mistakes));
        Assert.True(_mistakes.IsEmpty);
        var list = Assert.IsType<YamlSequence>(root.Entries[1].Value);
        Assert.Equal(new YamlScalar(new(3, 5), "x", IsPlain: false), list.Items[0]);
        Assert.Equal(new YamlMark(4, 5), list.Items[1].Mark);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "config.yaml:2:1: The key 'a' stands here again, after line 1")]
    [InlineData("a: &x 1\n", "config.yaml:1:4: The anchor '&x' is not read")]
    [InlineData("b: *x\n", "config.yaml:1:4: The alias '*x' is not read")]
    [InlineData("a: !!int 1\n", "config.yaml:1:4: The tag ")]
    [InlineData("a: 1\n---\nb: 2\n", "config.yaml:2:1: A second document begins here")]
    [InlineData("[a]: 1\n", "config.yaml:1:1: A key must be a text, and this is a list.")]
    [InlineData("a: [1\nb: 2\n", "This is not YAML")]
    [InlineData("", "config.yaml:1:1: The file is empty.")]
    [InlineData("a:\tb\n\t- c", "This is not YAML")]
    public void What_a_configuration_does_not_need_is_refused_by_name(string text, string expected)
    {
        YamlDocument.Read(text, _mistakes);
        Assert.Contains(_mistakes.All, m => m.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        Assert.Null(YamlDocument.Read([0x61, 0x3a, 0x20, 0xff], _mistakes));
        Assert.Equal("config.yaml:1:1: The file is not UTF-8 text; save it as UTF-8.", Assert.Single(_mistakes.All).ToString());
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Null(YamlDocument.Read(new string('[', 5000), _mistakes));
        Assert.Contains("more than 32 levels", Assert.Single(_mistakes.All).Message, StringComparison.Ordinal);
        Assert.Null(YamlDocument.Read(new string('a', (1 << 20) + 1), new("big.yaml")));
    }

    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        var piece = Gen.OneOf("a", ":", " ", "\n", "- ", "[", "]", "{", "}", ",", "&x", "*x", "!t", "!!", "'", "\"", "|", ">", "#", "%", "---", "...", "?", "\t", "é", "\u2028", "\\", "\0", "<<", "@", "`");
        piece.Array[0, 40].Sample(pieces => YamlDocument.Read(string.Concat(pieces), new("x.yaml")), iter: 20_000);
    }

    [Fact]
    public void Fields_report_every_mistake_with_its_place_and_the_nearest_key()
    {
        var fields = YamlFields.Of(YamlDocument.Read("nmae: x\ncount: many\nflag: maybe\ntexts: one\ninner: text\nempty:\n", _mistakes), "a thing", _mistakes)!;
        Assert.Null(fields.Text("name"));
        Assert.Null(fields.Integer("count", 0, 5));
        Assert.Null(fields.Boolean("flag"));
        Assert.Empty(fields.Texts("texts"));
        Assert.Null(fields.Fields("inner", "the inner part"));
        Assert.Null(fields.RequiredText("empty"));
        Assert.Null(fields.RequiredText("missing"));
        fields.Close();
        Assert.Equal(
        [
            "config.yaml:1:1: A thing has no key 'nmae'; did you mean 'name'?",
            "config.yaml:1:1: A thing needs 'missing'.",
            "config.yaml:2:8: 'count' must be a whole number from 0 to 5, not 'many'.",
            "config.yaml:3:7: 'flag' must be true or false, not 'maybe'.",
            "config.yaml:4:8: 'texts' must be a list, and this is a text; begin each entry with '- '.",
            "config.yaml:5:8: The inner part must be a mapping of keys to values, and this is a text.",
            "config.yaml:6:7: A thing needs 'empty', and it is empty.",
        ], _mistakes.All.Select(m => m.ToString()).Order(StringComparer.Ordinal));
    }
}
