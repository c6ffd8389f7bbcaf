using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Strata.Artifacts.Json;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Garbage;
using Strata.Hub.Listeners;
using Strata.Hub.Publishing;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Reference;

/// <summary>Shapes of the documents: read off the very contexts that write them, with what their converters hide.</summary>
internal sealed class ApiSchemas : IOpenApiSchemaTransformer
{
    private const string Sha256Pattern = "^sha256:[0-9a-f]{64}$";

    /// <summary>Every context that the API's bodies and answers are written by. A document of another is not found, and the description fails.</summary>
    private static readonly JsonSerializerContext[] Contexts = [ApiJson.Default, LayerApiJson.Default, LayerCareJson.Default, AccessJson.Default, GarbageJson.Default, BuildLineJson.Default, ProblemJson.Default, ModelJson.Default];

    /// <summary>Sets what the description derives shapes by.</summary>
    public static void Configure(JsonOptions options)
    {
        var json = options.SerializerOptions;
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
        foreach (var converter in ModelJson.Default.Options.Converters) json.Converters.Add(converter);
        json.TypeInfoResolver = JsonTypeInfoResolver.Combine(Contexts).WithAddedModifier(KeepSpelling);
    }

    // One name for two shapes would let the first stand for both.
    private static readonly ConcurrentDictionary<string, Type> Named = new(StringComparer.Ordinal);
    private static readonly HashSet<string> ModelNames = [.. typeof(Platform).Assembly.GetTypes().Select(t => t.Name)];

    /// <summary>Name of a shape: <c>UnitDocument</c> is <c>Unit</c>, a page of them <c>UnitPage</c>.</summary>
    public static string? NameOf(JsonTypeInfo type)
    {
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return Name(type) is not { } name ? null
            : Named.GetOrAdd(name, bare) == bare ? name
            : throw new InvalidOperationException($"{bare} and {Named[name]} would both be described as {name}; rename one.");
    }

    private static string? Name(JsonTypeInfo type) =>
        type.Type is { IsGenericType: true } page && page.GetGenericTypeDefinition() == typeof(Page<>) ? $"{Short(page.GetGenericArguments()[0])}Page"
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null || type.Type.IsGenericType ? null
        : Short(type.Type);

    /// <inheritdoc/>
    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(Digest) || type == typeof(DiffId)) (schema.Type, schema.Pattern) = (JsonSchemaType.String, Sha256Pattern);
        else if (type == typeof(SemanticVersion)) schema.Type = JsonSchemaType.String;
        else if (type == typeof(ReleaseState)) (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. Enum.GetNames<ReleaseState>().Select(n => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(n))]);
        else if (type == typeof(Platform)) Describe(schema);
        else if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(EquatableList<>))
            (schema.Type, schema.Items) = (JsonSchemaType.Array, await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], cancellationToken: cancellationToken));
        else if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (type == typeof(DateTimeOffset?)) (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
    }

    /// <summary>Documents of the model keep their own spelling, camelCase: they are files.</summary>
    private static void KeepSpelling(JsonTypeInfo type)
    {
        if (type.Type.Assembly != typeof(Platform).Assembly && type.Type.Assembly != typeof(ModelJson).Assembly) return;
        foreach (var property in type.Properties)
            if (property.AttributeProvider is System.Reflection.MemberInfo member && property.Name == JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name))
                property.Name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
    }

    private static void Describe(OpenApiSchema schema)
    {
        static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["architecture"] = Text(), ["os"] = Text(), ["os.version"] = Text(), ["os.features"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() }, ["variant"] = Text(),
        };
        schema.Required = new HashSet<string> { "architecture", "os" };
    }

    private static string Short(Type type) =>
        type.Assembly == typeof(ApiSchemas).Assembly && type.Name.EndsWith("Document", StringComparison.Ordinal) && type.Name[..^"Document".Length] is var name && !ModelNames.Contains(name)
            ? name
            : type.Name;
}
