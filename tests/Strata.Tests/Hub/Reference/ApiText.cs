using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub.Reference;

namespace Strata.Tests.Hub.Reference;

/// <summary>The API's description, as JSON, with what a reader of it needs.</summary>
internal sealed class ApiText(JsonNode root)
{
    private const string SchemaPrefix = "#/components/schemas/";

    public static async Task<ApiText> ReadAsync()
    {
        await using var hub = new TestHubApp();
        return new(JsonNode.Parse(await hub.App.Services.GetRequiredService<ApiDocument>().BytesAsync())!);
    }

    /// <summary>Method, path and operation.</summary>
    public IEnumerable<(string Method, string Path, JsonNode Operation)> Operations => root["paths"]!.AsObject()
        .SelectMany(p => p.Value!.AsObject().Select(o => (o.Key.ToUpperInvariant(), p.Key, o.Value!)));

    /// <summary>The operation that a request meets; the one with the fewest parameters when several do.</summary>
    public JsonNode? Find(string method, string path) => Operations.Where(o => o.Method == method && IsOf(o.Path, path)).OrderBy(o => o.Path.Count(c => c == '{')).FirstOrDefault().Operation;

    /// <summary>What a <c>$ref</c> means, and the non-null one of a choice.</summary>
    public JsonNode Resolve(JsonNode schema) =>
        schema["$ref"] is { } reference ? root["components"]!["schemas"]![reference.GetValue<string>()[SchemaPrefix.Length..]] ?? throw new InvalidDataException($"{reference} is nowhere.")
        : schema["oneOf"] is JsonArray choices ? Resolve(choices.First(c => c!["type"]?.ToJsonString() != "\"null\"")!)
        : schema;

    /// <summary>The types that a schema admits; empty for any.</summary>
    public static string[] Types(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
        JsonNode one => [one.GetValue<string>()],
        null => [],
    };

    public static bool IsNullable(JsonNode schema) =>
        schema["oneOf"] is JsonArray choices ? choices.Any(c => Types(c!).Contains("null")) : schema["$ref"] is null && Types(schema).Contains("null");

    /// <summary>The schema of the answer when all is well; null when there is no JSON in it.</summary>
    public static JsonNode? Answer(JsonNode operation) =>
        operation["responses"]!.AsObject().Where(r => r.Key[0] == '2').Select(r => r.Value!["content"]?["application/json"]?["schema"]).FirstOrDefault(s => s is not null);

    /// <summary>All <c>$ref</c> in it.</summary>
    public IEnumerable<string> References() => References(root);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>()] : References(p.Value)),
        JsonArray all => all.SelectMany(References),
        _ => [],
    };

    private static bool IsOf(string template, string path)
    {
        var (expected, actual) = (template.Split('/'), path.Split('/'));
        return expected.Length == actual.Length && expected.Zip(actual).All(s => s.First.StartsWith('{') ? s.Second.Length > 0 : s.First == s.Second);
    }
}
