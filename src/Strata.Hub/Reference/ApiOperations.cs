using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;

namespace Strata.Hub.Reference;

/// <summary>Writes into each operation what <see cref="ApiSayings"/> and <see cref="ApiRoutes"/> left at its endpoint.</summary>
internal sealed class ApiOperations : IOpenApiOperationTransformer
{
    /// <summary>Names of the two ways to show who one is.</summary>
    public const string Certificate = "clientCertificate", Token = "invitationToken";

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var path = metadata.OfType<ApiPath>().Single().Path[ApiRoutes.Base.Length..];
        var segments = path.TrimEnd('/').Split('/');
        operation.OperationId = $"{context.Description.HttpMethod!.ToLowerInvariant()}_{string.Join('_', segments.Select(s => s.Trim('{', '}').Replace('-', '_').Replace('.', '_')))}";
        operation.Tags = new HashSet<OpenApiTagReference> { new(segments[0], context.Document) };
        operation.Parameters = [.. Path(segments), .. metadata.OfType<ApiParameter>().Select(Of)];
        Secure(operation, metadata.OfType<Needs>().Single(), context.Document!);
        Answer(operation, metadata);
        Ask(operation, metadata);
        return Task.CompletedTask;
    }

    private static IEnumerable<IOpenApiParameter> Path(string[] segments)
    {
        for (var i = 1; i < segments.Length; i++)
        {
            if (segments[i][0] != '{') continue;
            yield return new OpenApiParameter
            {
                In = ParameterLocation.Path, Name = segments[i].Trim('{', '}'), Required = true, Description = PathParameters.Meaning(segments[i - 1], segments[i]), Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }

    private static OpenApiParameter Of(ApiParameter parameter) => new()
    {
        In = parameter.In,
        Name = parameter.Name,
        Description = parameter.Description,
        Required = parameter.IsRequired,
        Schema = new OpenApiSchema
        {
            Type = parameter.Type,
            Minimum = parameter.Type == JsonSchemaType.Integer ? "0" : null,
            Enum = parameter.Values is { } values ? [.. values.Select(v => (JsonNode)v)] : null,
        },
    };

    /// <summary>Which permission it needs: for people in the text, for programs as <c>x-permissions</c>.</summary>
    private static void Secure(OpenApiOperation operation, Needs needs, OpenApiDocument document)
    {
        var isOpen = needs.Kinds.Count == 0;
        var permissions = needs.Kinds.Select(kind => Permissions.Name(needs.Verb, kind)).ToList();
        var roles = needs.Kinds.SelectMany(kind => Policy.RolesFor(needs.Verb, kind)).Distinct().Order().Select(ClientIdentity.NameOf).ToList();
        var sentence = isOpen ? "Needs no certificate, but the token of an invitation."
            : $"Needs the permission {string.Join(" or ", permissions.Select(p => $"`{p}`"))}, which the {(roles.Count == 1 ? "role" : "roles")} {string.Join(", ", roles)} {(roles.Count == 1 ? "has" : "have")}.";
        operation.Description = operation.Description is { Length: > 0 } said ? $"{said}\n\n{sentence}" : sentence;
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(isOpen ? Token : Certificate, document)] = [] }];
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-permissions"] = new JsonNodeExtension(new JsonArray([.. permissions.Select(p => (JsonNode)p)]));
    }

    private static void Answer(OpenApiOperation operation, IList<object> metadata)
    {
        operation.Responses ??= [];
        foreach (var content in metadata.OfType<ApiContent>().Where(c => c.Status is not null))
        {
            if (!operation.Responses.ContainsKey($"{content.Status}")) operation.Responses[$"{content.Status}"] = new OpenApiResponse();
            var response = (OpenApiResponse)operation.Responses[$"{content.Status}"];
            if (content.Type is { } type) (response.Content ??= new Dictionary<string, OpenApiMediaType>())[type] = new() { Schema = new OpenApiSchema { Description = content.Description } };
        }
        foreach (var header in metadata.OfType<ApiAnswerHeader>())
        {
            var response = (OpenApiResponse)operation.Responses[$"{header.Status}"];
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] =
                new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
        var ordered = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            ((OpenApiResponse)response).Description = ReasonPhrases.GetReasonPhrase(int.Parse(status, CultureInfo.InvariantCulture));
            ordered.Add(status, response);
        }
        operation.Responses = ordered;
    }

    private static void Ask(OpenApiOperation operation, IList<object> metadata)
    {
        var parts = metadata.OfType<ApiFormPart>().ToList();
        if (parts.Count > 0)
        {
            var form = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = parts.ToDictionary(p => p.Name, p => (IOpenApiSchema)new OpenApiSchema { Description = p.Description }, StringComparer.Ordinal),
                Required = parts.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(),
            };
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = form } } };
        }
        foreach (var content in metadata.OfType<ApiContent>().Where(c => c.Status is null))
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true, Content = new Dictionary<string, OpenApiMediaType> { [content.Type!] = new() { Schema = new OpenApiSchema { Description = content.Description } } },
            };
        }
    }
}
