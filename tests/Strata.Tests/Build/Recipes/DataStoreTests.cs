using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Recipes;

/// <summary>The rows give what the BitBake user manual says of its operators, most of them its own examples.</summary>
public sealed class DataStoreTests
{
    [Theory]
    // "Basic Syntax": values are expanded when they are used.
    [InlineData("A = \"${B} x\"\nB = \"later\"", "later x")]
    [InlineData("B = \"now\"\nA := \"${B}\"\nB = \"later\"", "now")]
    [InlineData("A = \"${NOWHERE}\"", "${NOWHERE}")]
    // "Setting a default value (?=)": the first of several counts.
    [InlineData("A ?= \"one\"\nA ?= \"two\"", "one")]
    [InlineData("A = \"set\"\nA ?= \"default\"", "set")]
    // "Setting a weak default value (??=)": the last of several counts, and anything else wins.
    [InlineData("A ??= \"one\"\nA ??= \"two\"", "two")]
    [InlineData("A ??= \"weak\"\nA ?= \"strong\"", "strong")]
    [InlineData("A ?= \"strong\"\nA ??= \"weak\"", "strong")]
    [InlineData("A ??= \"weak\"\nA += \"more\"", " more")]
    [InlineData("A ??= \"weak\"\nA:append = \"more\"", "weakmore")]
    // "Appending (+=) and prepending (=+) with spaces", "without spaces".
    [InlineData("A = \"b\"\nA += \"a\"", "b a")]
    [InlineData("A = \"b\"\nA =+ \"p\"", "p b")]
    [InlineData("A = \"b\"\nA .= \"a\"", "ba")]
    [InlineData("A = \"b\"\nA =. \"p\"", "pb")]
    [InlineData("A += \"a\"", " a")]
    // "Appending and prepending (override style syntax)": no blank of their own, done when the value is used.
    [InlineData("A = \"b\"\nA:append = \" a\"\nA:prepend = \"p \"", "p b a")]
    [InlineData("A:append = \" a\"\nA = \"b\"", "b a")]
    [InlineData("A = \"b\"\nA += \"plus\"\nA:append = \" a\"\nA += \"more\"", "b plus more a")]
    // "Removal (override style syntax)": whole words, blanks stay.
    [InlineData("A = \"123 456 789 123456 123 456 123 456\"\nA:remove = \"123\"\nA:remove = \"456\"", "  789 123456    ")]
    [InlineData("A:remove = \"x\"\nA = \"w x\"\nA:append = \" x y\"", "w   y")]
    [InlineData("A = \"keep drop\"\nB = \"drop\"\nA:remove = \"${B}\"", "keep ")]
    // "Conditional syntax (overrides)": a later override in OVERRIDES wins.
    [InlineData("OVERRIDES = \"one:two\"\nA = \"plain\"\nA:one = \"1\"\nA:two = \"2\"", "2")]
    [InlineData("OVERRIDES = \"one\"\nA = \"plain\"\nA:two = \"2\"", "plain")]
    [InlineData("OVERRIDES = \"one:two\"\nA:one:two = \"both\"\nA:one = \"1\"", "both")]
    [InlineData("OVERRIDES = \"one\"\nA = \"b\"\nA:append:one = \" 1\"\nA:append:two = \" 2\"", "b 1")]
    [InlineData("OVERRIDES = \"one\"\nA = \"b\"\nA:one = \"o\"\nA:one:append = \" x\"", "o x")]
    [InlineData("OVERRIDES = \"one\"\nA = \"b\"\nA:append = \" z\"\nA:one = \"o\"", "o z")]
    [InlineData("OVERRIDES = \"one\"\nA:one = \"o\"\nA:one += \"x\"", "o x")]
    [InlineData("X = \"one\"\nOVERRIDES = \"${X}\"\nA = \"b\"\nA:one = \"o\"", "o")]
    // Names that hold references are worked out at the end.
    [InlineData("OVERRIDES = \"one\"\nX = \"one\"\nA = \"b\"\nA:${X} = \"o\"", "o")]
    // "Unset variables", "Line joining", "Comments", quotes.
    [InlineData("A = \"b\"\nA:append = \" c\"\nunset A", null)]
    [InlineData("A = \" \\\n  one \\\n  two \\\n\"", "   one   two ")]
    [InlineData("# A = \"no\"\nA = 'it is \"quoted\"'", "it is \"quoted\"")]
    [InlineData("A[doc] = \"what it is\"\nexport A = \"b\"", "b")]
    public void Operators_act_when_the_manual_says(string text, string? expected)
    {
        var (statements, mistakes) = StatementParser.Parse("x.bb", text);
        Assert.Empty(mistakes);
        var data = new DataStore();
        foreach (var statement in statements)
        {
            if (statement is Statement.Assign a) data.Assign(a.Variable, a.Flag, a.Operator, a.Value);
            if (statement is Statement.Unset u) data.Unset(u.Variable, u.Flag);
        }
        data.ExpandNames();
        Assert.Equal(expected, data.Get("A"));
    }

    [Fact]
    public void A_value_that_refers_to_itself_is_refused()
    {
        var data = new DataStore();
        data.Assign("A", null, Operator.Set, "${B}");
        data.Assign("B", null, Operator.Set, "${A}");
        Assert.Contains("refers to itself", Assert.Throws<ExpansionException>(() => data.Get("A")).Message, StringComparison.Ordinal);
    }
}
