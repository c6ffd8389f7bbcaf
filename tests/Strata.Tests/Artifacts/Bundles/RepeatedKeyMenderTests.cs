using CsCheck;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;

namespace Strata.Tests.Artifacts.Bundles;

public sealed class RepeatedKeyMenderTests
{
    [Fact]
    public void A_list_whose_key_stands_again_becomes_one_list_and_every_other_byte_stays()
    {
        const string Before = """
            # ours
            items:
              - identity: {type: layer, codename: tools}   # a name
                version:   2.0.0
                images:  # for cars
                  # the first
                  - archInfo: {architecture: amd64}
                    path: a/linux-amd64-2.0.0.tar.gz

                # between
                images:   # for boards
                  - archInfo: {architecture: arm64}   # last
                    path: a/linux-arm64-2.0.0.tar.gz
            # the end

            """;
        const string After = """
            # ours
            items:
              - identity: {type: layer, codename: tools}   # a name
                version:   2.0.0
                images:  # for cars
                  # the first
                  - archInfo: {architecture: amd64}
                    path: a/linux-amd64-2.0.0.tar.gz

                # between
                  # for boards
                  - archInfo: {architecture: arm64}   # last
                    path: a/linux-arm64-2.0.0.tar.gz
            # the end

            """;
        var (text, done) = RepeatedKeyMender.Mend(Before);
        Assert.Equal(After, text);
        Assert.Equal("The entries of 'images' on line 11 were put into the list that begins on line 5.", Assert.Single(done));
        Assert.IsType<Reading<BundleConfig>.Good>(BundleConfigReader.Read(text, "config.yaml"));
        Assert.Same(text, RepeatedKeyMender.Mend(text).Text);
    }

    [Fact]
    public void Entries_move_up_past_other_keys_and_take_the_first_lists_indentation()
    {
        var (text, _) = RepeatedKeyMender.Mend("a:\n- 1\nb: 2\na:\n    - 3\n    - |\n      x\n       y\nc: 4");
        Assert.Equal("a:\n- 1\n- 3\n- |\n  x\n   y\nb: 2\nc: 4", text);
        Assert.Equal("a:\r\n  - 1\r\n  - 2\r\n", RepeatedKeyMender.Mend("a:\r\n  - 1\r\na:\r\n- 2\r\n").Text);
        Assert.Equal("a:\n- 1\n- 2\n- 3", RepeatedKeyMender.Mend("a:\n- 1\na:\n- 2\na:\n- 3").Text);
    }

    [Theory]
    [InlineData("a: [1]\na: [2]\n")]
    [InlineData("{a: [1], a: [2]}\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a:\n- 1\na: [2]\n")]
    [InlineData("a: {b: [1]\n")]
    [InlineData("")]
    public void What_it_does_not_understand_stays_as_it_is(string text)
    {
        Assert.Same(text, RepeatedKeyMender.Mend(text).Text);
        Assert.Empty(RepeatedKeyMender.Mend(text).Done);
    }

    [Fact]
    public void Mending_never_changes_what_the_lists_together_say()
    {
        var lines = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 4], Line).List[0, 4].Select(string.Concat);
        Gen.Select(lines, lines, lines, Gen.Int[0, 2]).Sample((first, middle, second, indent) =>
        {
            var text = $"r:\n{Pad(indent)}a:\n{first}{middle}{Pad(indent)}a:\n{second}";
            var (mended, done) = RepeatedKeyMender.Mend(text);
            var mistakes = new MistakeList("x");
            YamlDocument.Read(mended, mistakes);
            if (done.Count > 0) Assert.DoesNotContain(mistakes.All, m => m.Message.Contains("not YAML", StringComparison.Ordinal));
            else Assert.Equal(text, mended);
        });

        static string Line(int indent, int start, int value)
        {
            var head = new[] { "- ", "# c", "", "b: " }[start];
            return $"{Pad(indent)}{head}{(head.EndsWith(' ') ? new[] { "1", "{k: v}", "'q'", "[x, y]", "- n" }[value] : "")}\n";
        }

        static string Pad(int indent) => new(' ', indent);
    }
}
