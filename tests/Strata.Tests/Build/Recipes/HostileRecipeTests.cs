using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Recipes;

/// <summary>Recipes of a stranger, a line long, that would take all memory or all day.</summary>
public sealed class HostileRecipeTests
{
    [Theory]
    [InlineData("['a' * 1000000 for x in 'b' * 100000]")]
    [InlineData("''.join(['a' * 1000 for x in 'b' * 10000])")]
    [InlineData("'b'.join(['a' * 100000 for x in 'b' * 100])")]
    [InlineData("('a' * 100000).replace('a', 'b' * 100000)")]
    [InlineData("('a' * 100000).replace('a', 'b' * 100000, 99999)")]
    [InlineData("('{0}' * 100000).format('x' * 100000)")]
    [InlineData("'%s%s%s%s' % (('x' * 1000000, 'x' * 1000000, 'x' * 1000000, 'x' * 1000000))")]
    [InlineData("str([x for y in 'b' * 20000 for x in ['a' * 100]])")]
    [InlineData("len(str([('a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000, 'a' * 100000)]))")]
    [InlineData("sorted('ab' * 100000)")]
    [InlineData("len([f + f for f in [e + e for e in [d + d for d in [c + c for c in [['a'] + ['b'] + list('x' * 1000000)]]]]])")]
    public void Inline_Python_that_grows_without_end_is_refused(string code)
    {
        var data = new DataStore();
        data.Assign("A", null, Operator.Set, $"${{@{code}}}");
        Assert.Contains("more than", Assert.Throws<ExpansionException>(() => data.Get("A")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_with_thousands_of_digits_is_refused()
    {
        var number = new string('9', 900);
        var data = new DataStore();
        data.Assign("A", null, Operator.Set, $"${{@[c * c for c in [b * b for b in [a * a for a in [int('{number}')]]]]}}");
        Assert.Contains("digits", Assert.Throws<ExpansionException>(() => data.Get("A")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_repeats_a_long_one_is_refused_before_it_is_made()
    {
        var data = new DataStore();
        data.Assign("B", null, Operator.Set, new string('b', 1_000_000));
        data.Assign("A", null, Operator.Set, string.Concat(Enumerable.Repeat("${B}", 100_000)));
        Assert.Contains("grows", Assert.Throws<ExpansionException>(() => data.Get("A")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/random")]
    public void A_file_that_leads_to_a_device_is_no_recipe(string device)
    {
        using var folder = new Strata.Tests.Store.TestFolder();
        File.CreateSymbolicLink(folder["x.inc"], device);
        Assert.Throws<IOException>(() => RecipePath.Read(folder["x.inc"]));
    }
}
