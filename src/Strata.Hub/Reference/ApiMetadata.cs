using Microsoft.OpenApi;

namespace Strata.Hub.Reference;

/// <summary>The path of an endpoint as it was mapped: the description of an API loses its last slash.</summary>
internal sealed record ApiPath(string Path);

/// <summary>The JSON document that is an endpoint's body.</summary>
/// <remarks>The framework's own metadata for it would also turn away, without a word, whoever names another content type.</remarks>
internal sealed record ApiBody(Type Type);

/// <summary>What an endpoint takes in the query or in a header.</summary>
/// <param name="Values">The only values; null for any.</param>
internal sealed record ApiParameter(ParameterLocation In, string Name, string Description, JsonSchemaType Type = JsonSchemaType.String, bool IsRequired = false, IReadOnlyList<string>? Values = null);

/// <summary>A header of an answer.</summary>
internal sealed record ApiAnswerHeader(int Status, string Name, string Description);

/// <summary>A part of the multipart form that an endpoint takes.</summary>
internal sealed record ApiFormPart(string Name, string Description, bool IsRequired = true);

/// <summary>What an answer, or a body, is that is no JSON document.</summary>
/// <param name="Status">Of the answer; null for the request's body.</param>
/// <param name="Type">Its media type; null for an answer without a body.</param>
internal sealed record ApiContent(int? Status, string? Type, string Description);
