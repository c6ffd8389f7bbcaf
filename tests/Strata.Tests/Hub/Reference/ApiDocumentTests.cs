using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub.Access;
using Strata.Hub.Reference;
using Strata.Tests.Hub.Access;

namespace Strata.Tests.Hub.Reference;

public sealed class ApiDocumentTests
{
    // They take nothing but what their path, query and headers say.
    private static readonly string[] WithoutBody = ["POST maintenance/garbage/", "POST uploads/"];

    // They answer with bytes, events, a page or headers.
    private static readonly string[] WithoutDocument = ["deployment-bundles/events/", "openapi.json", "docs", "targets/{name}/documents/{document}", "uploads/", "uploads/{id}"];

    [Fact]
    public async Task Every_row_of_the_matrix_is_described_with_its_permission_its_body_and_its_answer()
    {
        var api = await ApiText.ReadAsync();
        var described = api.Operations.ToDictionary(o => $"{o.Method} {o.Path[ApiRoutes.Base.Length..]}", o => o.Operation);
        var wrong = new List<string>();
        foreach (var row in ApiMatrix.Rows)
        {
            var name = $"{row.Method} {row.Path}";
            if (!described.TryGetValue(name, out var operation))
            {
                wrong.Add($"{name} is not described.");
                continue;
            }
            if (operation["summary"] is null) wrong.Add($"{name}: nothing is said of it. Say it where it is mapped, with .Says(\"…\") and what it takes, gives and refuses.");
            if (row.Method is "POST" or "PUT" or "PATCH" && !WithoutBody.Contains(name) && !name.EndsWith("/restore/", StringComparison.Ordinal) && operation["requestBody"] is null) wrong.Add($"{name}: its body is not described; .Takes<T>()");
            if (row.Method != "DELETE" && !WithoutDocument.Contains(row.Path) && ApiText.Answer(operation) is null) wrong.Add($"{name}: its answer is not described; .Gives<T>()");
            if (row.Method == "DELETE" && operation["responses"]!["204"] is null && ApiText.Answer(operation) is null) wrong.Add($"{name}: its answer is not described; .Removes()");
            var permissions = operation["x-permissions"]!.AsArray().Select(p => p!.GetValue<string>()).ToList();
            if (row.Needs.EndsWith(':') ? permissions.Count > 0 : permissions.Count == 0) wrong.Add($"{name}: its permission is not described.");
            foreach (var status in row.Statuses.Where(s => s is not ("-" or ".")).Append(row.Needs.EndsWith(':') ? "403" : "401").Distinct())
                if (operation["responses"]![status] is null) wrong.Add($"{name}: it answers {status}, which is not described; .Refuses({status})");
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                if (parameter!["description"] is null || parameter["schema"]?["type"] is null) wrong.Add($"{name}: the parameter {parameter["name"]} is not described.");
            foreach (var path in row.Path.Split('/').Where(s => s.StartsWith('{')))
                if (operation["parameters"]?.AsArray().Any(p => p!["in"]!.GetValue<string>() == "path" && p["name"]!.GetValue<string>() == path.Trim('{', '}')) != true) wrong.Add($"{name}: {path} is not described.");
        }
        Assert.Empty(wrong);
        Assert.Empty(described.Keys.Except(ApiMatrix.Rows.Select(r => $"{r.Method} {r.Path}")));
    }

    [Fact]
    public async Task Every_list_of_what_comes_and_goes_is_read_by_cursor()
    {
        var api = await ApiText.ReadAsync();
        bool Asks(JsonNode operation, string name) => operation["parameters"]?.AsArray().Any(p => p!["in"]!.GetValue<string>() == "query" && p["name"]!.GetValue<string>() == name) == true;
        // What is in a published version never changes; versions, who uses what, and what one collection removed are told at once.
        Assert.Equal(
            [
                "layers/{name}/compare/", "layers/{name}/used-by/", "layers/{name}/versions/",
                "layers/{name}/versions/{version}/files/", "layers/{name}/versions/{version}/libraries/", "layers/{name}/versions/{version}/symbols/", "layers/{name}/versions/{version}/used-by/",
                "maintenance/garbage/", "services/{name}/service-versions/",
            ],
            api.Operations.Where(o => Asks(o.Operation, "limit") && !Asks(o.Operation, "cursor")).Select(o => o.Path[ApiRoutes.Base.Length..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_refusal_is_problem_details_and_every_reference_leads_somewhere()
    {
        var api = await ApiText.ReadAsync();
        Assert.All(
            api.Operations.SelectMany(o => o.Operation["responses"]!.AsObject()).Where(r => r.Key[0] == '4' || r.Key[0] == '5'),
            r => Assert.Equal("#/components/schemas/Problem", r.Value!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>()));
        Assert.All(api.References().Where(r => r.Contains("/schemas/", StringComparison.Ordinal)).Distinct(), r => Assert.NotNull(api.Resolve(new JsonObject { ["$ref"] = r })));
        Assert.Equal(api.Operations.Count(), api.Operations.Select(o => o.Operation["operationId"]!.GetValue<string>()).Distinct().Count());
    }

    [Fact]
    public async Task Every_hub_of_one_release_describes_itself_in_the_same_bytes()
    {
        await using var one = new TestHubApp();
        await using var other = new TestHubApp();
        Assert.Equal(await one.App.Services.GetRequiredService<ApiDocument>().BytesAsync(), await other.App.Services.GetRequiredService<ApiDocument>().BytesAsync());
    }

    [Fact]
    public async Task The_page_shows_every_operation_and_every_document_and_runs_and_loads_nothing()
    {
        await using var hub = new TestHubApp();
        var page = await hub.App.Services.GetRequiredService<ApiReference>().PageAsync();
        var document = await hub.App.Services.GetRequiredService<ApiDocument>().ReadAsync();
        Assert.All(document.Paths.SelectMany(p => p.Value.Operations!.Values), o => Assert.Contains($"id=\"{o.OperationId}\"", page, StringComparison.Ordinal));
        Assert.All(document.Components!.Schemas!.Keys, name => Assert.Contains($"id=\"document-{name}\"", page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }
}
