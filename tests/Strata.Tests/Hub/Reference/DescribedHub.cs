using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Strata.Tests.Hub.Reference;

/// <summary>Answers as the API's description says that a hub does, and remembers what was asked and was not in it.</summary>
internal sealed class DescribedHub(ApiText api) : HttpMessageHandler
{
    private static readonly string[] Ordinary = ["Accept", "Authorization", "Expect", "Content-Type", "Content-Length"];

    /// <summary>What the last request met; null before the first.</summary>
    public JsonNode? Met { get; private set; }

    /// <summary>Requests that the description does not know, or knows otherwise.</summary>
    public List<string> Wrong { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var name = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        Met = api.Find(request.Method.Method, request.RequestUri.AbsolutePath);
        if (Met is null)
        {
            Wrong.Add($"{name} is not described.");
            return new(HttpStatusCode.NotFound);
        }
        var parameters = (Met["parameters"]?.AsArray() ?? []).Select(p => $"{p!["in"]} {p["name"]}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var query in request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(q => q.Split('=')[0]))
            if (!parameters.Contains($"query {query}")) Wrong.Add($"{name}: the query parameter {query} is not described.");
        foreach (var (header, _) in request.Headers)
            if (!Ordinary.Contains(header) && !parameters.Contains($"header {header}")) Wrong.Add($"{name}: the header {header} is not described.");
        if (request.Content is not null) await JudgeAsync(name, request.Content, cancellationToken);
        return Answer(Met);
    }

    private async Task JudgeAsync(string name, HttpContent content, CancellationToken cancellation)
    {
        var type = content.Headers.ContentType!.MediaType!;
        if (Met!["requestBody"]?["content"]?[type]?["schema"] is not { } schema) Wrong.Add($"{name}: a body of the type {type} is not described.");
        else if (type == "application/json") Judge(name, JsonNode.Parse(await content.ReadAsStringAsync(cancellation)), schema);
        else if (content is MultipartFormDataContent form)
        {
            var parts = form.Select(p => p.Headers.ContentDisposition!.Name!.Trim('"')).ToList();
            foreach (var part in schema["required"]?.AsArray() ?? [])
                if (!parts.Contains(part!.GetValue<string>())) Wrong.Add($"{name}: the form has no part {part}.");
        }
    }

    private void Judge(string where, JsonNode? value, JsonNode schema)
    {
        var shape = api.Resolve(schema);
        var kind = value?.GetValueKind() switch
        {
            null => "null",
            System.Text.Json.JsonValueKind.Object => "object",
            System.Text.Json.JsonValueKind.Array => "array",
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => "integer",
            _ => "boolean",
        };
        if (value is null ? !ApiText.IsNullable(schema) : ApiText.Types(shape) is { Length: > 0 } types && !types.Contains(kind)) Wrong.Add($"{where}: {kind} is sent where {shape["type"]?.ToJsonString()} is described.");
        if (value is JsonArray items) foreach (var item in items) Judge($"{where}[]", item, shape["items"]!);
        if (value is not JsonObject fields) return;
        foreach (var (field, content) in fields)
        {
            if (shape["properties"]?[field] is { } described) Judge($"{where}.{field}", content, described);
            else Wrong.Add($"{where}: the field {field} is not described.");
        }
        foreach (var required in shape["required"]?.AsArray() ?? [])
            if (!fields.ContainsKey(required!.GetValue<string>()) && !ApiText.IsNullable(shape["properties"]![required.GetValue<string>()]!)) Wrong.Add($"{where}: the field {required} is not sent.");
    }

    private HttpResponseMessage Answer(JsonNode operation)
    {
        var (status, response) = operation["responses"]!.AsObject().First(r => r.Key[0] == '2');
        var answer = new HttpResponseMessage((HttpStatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)) { Content = new ByteArrayContent([]) };
        if (response!["content"]?.AsObject() is { } contents)
        {
            answer.Content = contents["application/json"]?["schema"] is { } schema
                ? new StringContent(schema["type"] is null && schema["$ref"] is null ? "{}" : Sample(schema)!.ToJsonString(), Encoding.UTF8, "application/json")
                : new StringContent("", Encoding.UTF8, contents.First().Key);
        }
        foreach (var (header, _) in response["headers"]?.AsObject() ?? [])
            answer.Headers.Add(header, header switch { "Location" => "/api/v11/uploads/0", "Upload-Offset" or "Upload-Length" => "1", _ => "x" });
        return answer;
    }

    /// <summary>A document of a shape, with everything in it; only a list's end is its end.</summary>
    private JsonNode? Sample(JsonNode schema)
    {
        var shape = api.Resolve(schema);
        return ApiText.Types(shape).FirstOrDefault(t => t != "null") switch
        {
            "object" => new JsonObject((shape["properties"]?.AsObject() ?? []).Where(p => p.Key != "next_cursor").Select(p => KeyValuePair.Create(p.Key, Sample(p.Value!)))),
            "array" => new JsonArray(Sample(shape["items"]!)),
            "integer" or "number" => 1,
            "boolean" => true,
            "string" when shape["enum"] is JsonArray values => values[0]!.DeepClone(),
            "string" => shape["format"]?.GetValue<string>() switch
            {
                "date-time" => "2026-01-31T12:00:00Z",
                "date" => "2026-01-31",
                "uuid" => "00000000-0000-0000-0000-000000000001",
                _ => shape["pattern"] is null ? "1.0.0" : $"sha256:{new string('0', 64)}",
            },
            _ => new JsonObject(),
        };
    }
}
