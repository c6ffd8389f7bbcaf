using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub.Browsing;

namespace Strata.Tests.Hub;

public sealed class ListingTests
{
    private static readonly Listing<Row> Rows = new(r => r.Id, "name", new("name", r => r.Name), new("size", r => $"{r.Size:D6}"));

    [Theory]
    [InlineData("")]
    [InlineData("&ordering=-name")]
    [InlineData("&ordering=size")]
    [InlineData("&ordering=-size")]
    public async Task A_cursor_meets_every_row_that_stays_once_whatever_is_made_and_removed_meanwhile(string ordering)
    {
        var rows = Enumerable.Range(0, 40).Select(i => new Row($"{i * 7 % 40:D2}", $"name {i % 5}\n", i % 3)).ToList();
        var (met, cursor) = (new List<string>(), (string?)null);
        for (var round = 0; round == 0 || cursor is not null; round++)
        {
            var page = await PageAsync(rows, $"?limit=7{ordering}{(cursor is null ? "" : $"&cursor={cursor}")}");
            met.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
            // What was met last goes, and others come, before and behind.
            rows.RemoveAll(r => r.Id == met[^1]);
            rows.Add(new($"new {round}", $"name {round % 5}\n", round % 3));
        }
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i:D2}"), met.Where(m => m.Length == 2).Order(StringComparer.Ordinal));
        Assert.Distinct(met);
    }

    [Fact]
    public async Task A_page_says_how_many_there_are_and_how_many_stand_before_it()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new Row($"{i}", "x", 0)).ToList();
        var page = await PageAsync(rows, "?limit=3&offset=4");
        Assert.Equal((10, 4, "4,5,6"), Shape(page));
        Assert.Equal((10, 7, "7,8,9"), Shape(await PageAsync(rows, $"?limit=3&cursor={page.GetProperty("next_cursor").GetString()}")));
        Assert.Equal(JsonValueKind.Null, (await PageAsync(rows, "?limit=3&offset=7")).GetProperty("next_cursor").ValueKind);
        Assert.Equal((10, 20, ""), Shape(await PageAsync(rows, "?offset=20")));
    }

    [Theory]
    [InlineData("?ordering=colour&limit=many", "limit: 'many' is no number", "ordering: 'colour' is none of name, -name, size, -size.")]
    [InlineData("?cursor=x&offset=1", "cursor: the next_cursor of an earlier answer", "offset: a cursor says already")]
    [InlineData("?cursor=bnVsbA&limit=-1", "cursor: the next_cursor of an earlier answer", "limit: '-1' is no number")]
    public async Task Every_mistake_in_how_a_list_is_asked_for_is_told_at_once(string query, params string[] mistakes)
    {
        var problem = await PageAsync([], query, StatusCodes.Status400BadRequest);
        var told = problem.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!).ToList();
        Assert.Equal(mistakes.Length, told.Count);
        Assert.All(mistakes, m => Assert.Contains(told, t => t.StartsWith(m, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cursor_of_one_order_is_not_taken_in_another()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new Row($"{i}", "x", 0)).ToList();
        var cursor = (await PageAsync(rows, "?limit=3")).GetProperty("next_cursor").GetString();
        var problem = await PageAsync(rows, $"?ordering=size&cursor={cursor}", StatusCodes.Status400BadRequest);
        Assert.Contains("goes on in the order 'name'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static (int, int, string) Shape(JsonElement page) =>
        (page.GetProperty("total").GetInt32(), page.GetProperty("offset").GetInt32(), string.Join(',', page.GetProperty("items").EnumerateArray().Select(i => i.GetString())));

    private static async Task<JsonElement> PageAsync(IEnumerable<Row> rows, string query, int status = StatusCodes.Status200OK)
    {
        using var body = new MemoryStream();
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.QueryString, context.Response.Body) = (new(query), body);
        await Rows.Page(context, rows, r => r.Id, PageJson.Default.PageString).ExecuteAsync(context);
        Assert.Equal(status, context.Response.StatusCode);
        return JsonDocument.Parse(body.ToArray()).RootElement;
    }

    private sealed record Row(string Id, string Name, int Size);
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(Page<string>))]
internal sealed partial class PageJson : System.Text.Json.Serialization.JsonSerializerContext;
