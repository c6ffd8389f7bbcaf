using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Strata.Hub.Access;

namespace Strata.Hub.Reference;

/// <summary>The description of the API: OpenAPI 3.1, derived from the endpoints, the same bytes from every hub of one release.</summary>
/// <remarks>Record 0033. Source: OpenAPI Specification 3.1.1.</remarks>
internal sealed class ApiDocument(IServiceProvider services)
{
    /// <summary>Its name among the descriptions of this program; there is one.</summary>
    public const string Name = "v11";

    private readonly Lazy<Task<(OpenApiDocument, byte[])>> _made = new(() => MakeAsync(services));

    /// <summary>As an object.</summary>
    public async Task<OpenApiDocument> ReadAsync() => (await _made.Value).Item1;

    /// <summary>As JSON.</summary>
    public async Task<byte[]> BytesAsync() => (await _made.Value).Item2;

    /// <summary>What makes it.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = ApiSchemas.NameOf;
        options.AddSchemaTransformer<ApiSchemas>();
        options.AddOperationTransformer<ApiOperations>();
        options.AddDocumentTransformer((document, context, _) =>
        {
            Complete(document, context);
            return Task.CompletedTask;
        });
    }

    private static async Task<(OpenApiDocument, byte[])> MakeAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return (document, json.ToArray());
    }

    private static void Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context)
    {
        document.Info = new()
        {
            Title = "Strata hub",
            Version = $"11, of {typeof(ApiDocument).Assembly.GetName().Version!.ToString(3)}",
            Description = "Bundles, layers, targets, services, units and users of a hub. Every refusal is problem details (RFC 9457): one sentence in `detail`, and all of them in `errors` when there are several.",
        };
        document.Servers = [];
        // Paths lose their last slash on the way here, and an order that depends on when something was mapped is none.
        var written = context.DescriptionGroups.SelectMany(g => g.Items).Select(i => i.ActionDescriptor.EndpointMetadata.OfType<ApiPath>().Single().Path).Distinct()
            .ToDictionary(path => path.TrimEnd('/'), StringComparer.Ordinal);
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => p.Key, StringComparer.Ordinal)) paths.Add(written[path.TrimEnd('/')], item);
        document.Paths = paths;
        document.Tags = document.Paths.Keys.Select(path => path[ApiRoutes.Base.Length..].Split('/')[0]).Distinct().Select(name => new OpenApiTag { Name = name }).ToHashSet();
        document.Components ??= new();
        document.Components.Schemas = (document.Components.Schemas ?? new Dictionary<string, IOpenApiSchema>()).OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiOperations.Certificate] = new OpenApiSecurityScheme { Type = SecuritySchemeType.MutualTLS, Description = "A user's certificate under the hub's users root." },
            [ApiOperations.Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Authorization", Description = "`Token` and the one-time token of an invitation." },
        };
    }
}
