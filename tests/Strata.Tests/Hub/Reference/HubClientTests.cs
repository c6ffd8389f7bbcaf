using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Strata.Cli.Hub;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Tests.Hub.Reference;

public sealed class HubClientTests
{
    // What these give back comes from headers, or is passed on as bytes.
    private static readonly Type[] Untyped = [typeof(bool), typeof(byte[]), typeof(Uri), typeof(UploadState), typeof((UploadState?, string)), typeof(IAsyncEnumerable<BundleEvent>)];

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Every_call_of_the_client_is_in_the_description_and_what_it_sends_and_reads_is_as_described()
    {
        var api = await ApiText.ReadAsync();
        var calls = typeof(HubClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => typeof(Task).IsAssignableFrom(m.ReturnType) && !m.IsGenericMethod).ToList();
        Assert.True(calls.Count > 20);
        foreach (var call in calls)
        {
            using var hub = new DescribedHub(api);
            using var client = new HubClient(new("https://hub.example/"), hub);
            try
            {
                await (Task)call.Invoke(client, [.. call.GetParameters().Select(p => Sample(p.ParameterType))])!;
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                _wrong.Add($"{call.Name}: {(problem as TargetInvocationException)?.InnerException?.Message ?? problem.Message}");
            }
            _wrong.AddRange(hub.Wrong.Select(w => $"{call.Name}: {w}"));
            if (hub.Met is null) _wrong.Add($"{call.Name} asks nothing.");
            else if (call.ReturnType.IsGenericType) Read(api, call.Name, call.ReturnType.GetGenericArguments()[0], ApiText.Answer(hub.Met));
        }
        Assert.Empty(_wrong.Distinct());
    }

    [Fact]
    public async Task A_list_is_read_by_cursor_to_its_end()
    {
        string[] pages = ["""{"items":[],"total":3,"offset":0,"next_cursor":null}""", """{"items":[USER],"total":3,"offset":2,"next_cursor":null}""", """{"items":[USER,USER],"total":3,"offset":0,"next_cursor":"a+b"}"""];
        const string user = """{"serial":"01","kid":"k","name":"n","role":"oem","owner":"o","not_after":"2026-01-31T12:00:00Z","seen_at":"2026-01-31T12:00:00Z","revoked_at":null,"revoked_reason":null}""";
        var asked = new List<string>();
        using var client = new HubClient(new("https://hub.example/"), new Answering(request =>
        {
            asked.Add(request.RequestUri!.Query);
            return pages[asked.Count == 1 ? 2 : asked.Count == 2 ? 1 : 0].Replace("USER", user, StringComparison.Ordinal);
        }));
        Assert.Equal(3, (await client.UsersAsync(TestContext.Current.CancellationToken)).Count);
        Assert.Equal(["?limit=100", "?limit=100&cursor=a%2Bb"], asked);
    }

    /// <summary>What the client reads has to be there, of that type, and null only where the client takes null.</summary>
    private void Read(ApiText api, string call, Type type, JsonNode? answer)
    {
        var list = type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type);
        var item = list ? type.GetGenericArguments()[0] : type;
        if (Untyped.Contains(type)) return;
        if (answer is null) _wrong.Add($"{call}: no answer is described, and {item.Name} is read.");
        else Compare(api, $"{call}: {item.Name}", Shape(item) ?? throw new InvalidOperationException($"{item} is in no context of the client."), list ? api.Resolve(answer)["properties"]!["items"]!["items"]! : answer, []);
    }

    private void Compare(ApiText api, string where, JsonTypeInfo type, JsonNode schema, HashSet<Type> seen)
    {
        if (schema["$ref"]?.GetValue<string>().EndsWith($"/{type.Type.Name}", StringComparison.Ordinal) == true && type.Type.Assembly == typeof(Digest).Assembly) return; // one type, written and read by one converter
        var shape = api.Resolve(schema);
        var types = ApiText.Types(shape);
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (bare == typeof(JsonElement)) return;
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            if (!types.Contains("array")) _wrong.Add($"{where}: a list is read where {shape["type"]?.ToJsonString()} is described.");
            else Compare(api, $"{where}[]", Shape(type.ElementType!)!, shape["items"]!, seen);
        }
        else if (type.Kind == JsonTypeInfoKind.Object)
        {
            if (!seen.Add(bare)) return;
            foreach (var property in type.Properties)
            {
                if (property.Get is null && property.Set is null) continue;
                if (shape["properties"]?[property.Name] is not { } described)
                {
                    _wrong.Add($"{where}.{property.Name} is read and not described.");
                    continue;
                }
                var isSure = shape["required"]?.AsArray().Any(r => r!.GetValue<string>() == property.Name) == true && !ApiText.IsNullable(described);
                if (!isSure && !property.IsSetNullable && !(property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is not null)) _wrong.Add($"{where}.{property.Name} may be missing or null, and is read as if it could not be.");
                Compare(api, $"{where}.{property.Name}", Shape(property.PropertyType)!, described, seen);
            }
        }
        else if (Expected(bare) is { } expected && !types.Contains(expected)) _wrong.Add($"{where}: {expected} is read where {shape["type"]?.ToJsonString()} is described.");
        else if (bare == typeof(DateTimeOffset) && shape["format"]?.GetValue<string>() != "date-time") _wrong.Add($"{where}: a time is read where none is described.");
    }

    // Both contexts read alike; some types stand in one of them.
    private static JsonTypeInfo? Shape(Type type) => HubJson.Default.GetTypeInfo(type) ?? HubLayerJson.Default.GetTypeInfo(type);

    private static string? Expected(Type type) =>
        type == typeof(int) || type == typeof(long) ? "integer" : type == typeof(bool) ? "boolean" : type == typeof(LayerDescription) || type == typeof(Platform) ? "object" : "string";

    private static object? Sample(Type type)
    {
        if (type == typeof(string)) return "x";
        if (type == typeof(int) || type == typeof(int?)) return 1;
        if (type == typeof(long)) return 1L;
        if (type == typeof(bool) || type == typeof(bool?)) return true;
        if (type == typeof(Stream)) return new MemoryStream();
        if (type == typeof(Uri)) return new Uri("https://hub.example/api/v11/uploads/0");
        if (type == typeof(CancellationToken)) return TestContext.Current.CancellationToken;
        if (type == typeof(IReadOnlyDictionary<string, string?>)) return new Dictionary<string, string?> { ["kind"] = "unit-added" };
        if (type == typeof(string[]) || type == typeof(IEnumerable<string>) || type == typeof(IReadOnlyList<string>)) return new[] { "x" };
        if (type == typeof(SideDocument)) return new SideDocument("x", Digest.Parse($"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{}"u8))}", null), 2);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        if (type.IsInterface || Nullable.GetUnderlyingType(type) is not null) return null;
        if (type.IsValueType) return RuntimeHelpers.GetUninitializedObject(type);
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First(c => c.GetParameters() is not [{ } only] || only.ParameterType != type);
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Sample(p.ParameterType))]);
    }

    private sealed class Answering(Func<HttpRequestMessage, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(answer(request), System.Text.Encoding.UTF8, "application/json") });
    }
}
