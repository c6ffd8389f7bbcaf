using CsCheck;
using Strata.Hub.Publishing;

namespace Strata.Tests.Hub;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a  b\tc ", "a|b|c")]
    [InlineData("""python3 -c 'print("x y")'""", """python3|-c|print("x y")""")]
    [InlineData("""a "b \" \\ \$ \n" c""", """a|b " \ $ \n|c""")]
    [InlineData("""a\ b '' "" """, "a b||")]
    [InlineData("""a'b'"c"d""", "abcd")]
    [InlineData("$HOME *", "$HOME|*")]
    public void A_line_is_split_as_a_shell_does_it(string line, string words) =>
        Assert.Equal(words, string.Join('|', ShellWords.Split(line).Words));

    [Theory]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("a \\")]
    public void What_is_not_closed_is_refused(string line) => Assert.NotNull(ShellWords.Split(line).Problem);

    [Fact]
    public void Any_words_that_are_quoted_come_back() => Gen.String.Array.Sample(words =>
        Assert.Equal(words, ShellWords.Split(string.Join(' ', words.Select(w => $"'{w.Replace("'", "'\\''", StringComparison.Ordinal)}'"))).Words));
}
