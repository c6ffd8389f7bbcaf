using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;

namespace Strata.Hub.Reference;

/// <summary>Says of an endpoint, where it is mapped, what the API's description tells of it. An endpoint of which nothing is said fails a test.</summary>
/// <remarks>What follows from the mapping is not said: path, permission, 401, 403, and 404 where the path names an object.</remarks>
internal static class ApiSayings
{
    private const string Json = "application/json";

    /// <summary>What it is for, in one line; and what else there is to know.</summary>
    public static IEndpointConventionBuilder Says(this IEndpointConventionBuilder endpoint, string summary, string? more = null)
    {
        endpoint.WithSummary(summary);
        return more is null ? endpoint : endpoint.WithDescription(more);
    }

    /// <summary>Its body is JSON, which is refused with 400 when it cannot be read and 422 when it is wrong.</summary>
    public static IEndpointConventionBuilder Takes<T>(this IEndpointConventionBuilder endpoint) =>
        endpoint.WithMetadata(new ApiBody(typeof(T))).Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status422UnprocessableEntity);

    /// <summary>Its body is a form with these parts.</summary>
    public static IEndpointConventionBuilder TakesForm(this IEndpointConventionBuilder endpoint, params ApiFormPart[] parts) =>
        endpoint.WithMetadata([.. parts]).Refuses(StatusCodes.Status400BadRequest);

    /// <summary>Its body is bytes of this type.</summary>
    public static IEndpointConventionBuilder TakesBytes(this IEndpointConventionBuilder endpoint, string type, string description) =>
        endpoint.WithMetadata(new ApiContent(null, type, description));

    /// <summary>It answers with a document.</summary>
    public static IEndpointConventionBuilder Gives<T>(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [Json]));

    /// <summary>It makes something and answers with it.</summary>
    public static IEndpointConventionBuilder Makes<T>(this IEndpointConventionBuilder endpoint) => endpoint.Gives<T>(StatusCodes.Status201Created);

    /// <summary>It answers without a body.</summary>
    public static IEndpointConventionBuilder GivesNothing(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status204NoContent) =>
        endpoint.WithMetadata(new ApiContent(status, null, ""));

    /// <summary>It answers, also, with something that is not JSON.</summary>
    public static IEndpointConventionBuilder GivesBytes(this IEndpointConventionBuilder endpoint, string type, string description, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new ApiContent(status, type, description));

    /// <summary>It answers, also, with events as they happen.</summary>
    public static IEndpointConventionBuilder GivesEvents(this IEndpointConventionBuilder endpoint, string description) => endpoint.GivesBytes("text/event-stream", description);

    /// <summary>It answers with a part of a list that is read by <paramref name="listing"/>.</summary>
    public static IEndpointConventionBuilder Lists<TRow, T>(this IEndpointConventionBuilder endpoint, Listing<TRow> listing) => endpoint.ListsByOffset<T>()
        .Asks("ordering", $"The order, '-' before it turned round; {listing.Default} when it is not given.", values: listing.Orderings)
        .ReadsOn();

    /// <summary>The list goes on behind a row, whatever its number became.</summary>
    public static IEndpointConventionBuilder ReadsOn(this IEndpointConventionBuilder endpoint) => endpoint
        .Asks("cursor", "The next_cursor of the answer before: goes on there, whatever was made or removed meanwhile. Not with offset.")
        .Refuses(StatusCodes.Status400BadRequest);

    /// <summary>It answers with a part of a list that is read by number alone.</summary>
    public static IEndpointConventionBuilder ListsByOffset<T>(this IEndpointConventionBuilder endpoint) => endpoint.Gives<Page<T>>()
        .Asks("limit", $"How many at most; {Requests.MostOnAPage} when it is not given or more.", JsonSchemaType.Integer)
        .Asks("offset", "How many to pass over; 0 when it is not given.", JsonSchemaType.Integer);

    /// <summary>The list is narrowed to what holds a text.</summary>
    public static IEndpointConventionBuilder Searches(this IEndpointConventionBuilder endpoint, string where) =>
        endpoint.Asks("search", $"Only those with this text, in any case, in {where}.");

    /// <summary>It takes a query parameter.</summary>
    public static IEndpointConventionBuilder Asks(
        this IEndpointConventionBuilder endpoint, string name, string description, JsonSchemaType type = JsonSchemaType.String, IReadOnlyList<string>? values = null) =>
        endpoint.WithMetadata(new ApiParameter(ParameterLocation.Query, name, description, type, Values: values));

    /// <summary>It takes a header.</summary>
    public static IEndpointConventionBuilder AsksHeader(
        this IEndpointConventionBuilder endpoint, string name, string description, JsonSchemaType type = JsonSchemaType.String, bool isRequired = false) =>
        endpoint.WithMetadata(new ApiParameter(ParameterLocation.Header, name, description, type, isRequired));

    /// <summary>Its answer has a header.</summary>
    public static IEndpointConventionBuilder Tells(this IEndpointConventionBuilder endpoint, int status, string header, string description) =>
        endpoint.WithMetadata(new ApiAnswerHeader(status, header, description));

    /// <summary>Its answers cost so much that they are bounded for each owner.</summary>
    public static IEndpointConventionBuilder IsHeavy(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(new HeavyRead())
        .Refuses(StatusCodes.Status429TooManyRequests).Tells(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds after which to try again.");

    /// <summary>It removes something, or says with 409 who uses it.</summary>
    public static IEndpointConventionBuilder Removes(this IEndpointConventionBuilder endpoint) => endpoint.GivesNothing().Refuses(StatusCodes.Status409Conflict);

    /// <summary>It may refuse with these, always as problem details.</summary>
    public static IEndpointConventionBuilder Refuses(this IEndpointConventionBuilder endpoint, params int[] statuses) =>
        endpoint.WithMetadata([.. statuses.Select(s => new ProducesResponseTypeMetadata(s, typeof(Problem), [Problems.ContentType]))]);
}
