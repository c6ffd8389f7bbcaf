using Strata.Hub.Portal.Catalogue;

namespace Strata.Tests.Hub;

/// <summary>Addresses of the portal's lists.</summary>
public sealed class PageQueryTests
{
    [Fact]
    public void A_list_says_which_rows_it_shows_and_where_the_others_are()
    {
        var all = Enumerable.Range(0, 120).ToArray();
        var (first, middle, last, beyond) = (Part("0"), Part("50"), Part("100"), Part("5000"));
        Assert.Equal((50, null, 50), (first.Rows.Length, first.Previous, first.Next));
        Assert.Equal((50, 0, 100), (middle.Rows[0], middle.Previous, middle.Next));
        Assert.Equal((20, 50, null), (last.Rows.Length, last.Previous, last.Next));
        Assert.Equal((0, null, 120), (beyond.Rows.Length, beyond.Next, beyond.Total));

        PagePart<int> Part(string offset) => new PageQuery("/layers", new Dictionary<string, string> { ["offset"] = offset }).Part(all);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("first")]
    public void A_place_that_is_none_is_the_first(string offset) =>
        Assert.Equal(0, new PageQuery("/layers", new Dictionary<string, string> { ["offset"] = offset }).Offset);

    [Fact]
    public void Another_filter_begins_at_the_first_row_again_and_keeps_the_others()
    {
        var query = new PageQuery("/layers", new Dictionary<string, string> { ["q"] = "a&b", ["offset"] = "50" });
        Assert.Equal("/layers?q=a%26b&use=used", query.With("use", "used"));
        Assert.Equal("/layers?q=a%26b&offset=100", query.With("offset", "100"));
        Assert.Equal("/layers", query.With("q", null));
    }
}
