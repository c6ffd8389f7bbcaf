using System.Text.Json.Serialization;

namespace Strata.Hub.Listeners;

/// <summary>A refusal over HTTP. Source: RFC 9457.</summary>
/// <param name="Detail">The sentence.</param>
/// <param name="Errors">All of them, when there are several.</param>
internal sealed record Problem(string Title, int Status, string Detail, string[]? Errors = null);

/// <summary>JSON of refusals.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;

/// <summary>Makes answers out of refusals.</summary>
internal static class Problems
{
    /// <summary>Media type of every refusal.</summary>
    public const string ContentType = "application/problem+json";

    // Sentences are read by people in a terminal: quotes stay quotes. They never stand inside HTML.
    private static readonly ProblemJson Json = new(new(ProblemJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One sentence.</summary>
    public static IResult Answer(int status, string detail) => Answer(status, [detail]);

    /// <summary>One or more sentences.</summary>
    public static IResult Answer(int status, IReadOnlyList<string> details) => TypedResults.Json(
        new Problem(Title(status), status, details[0], details.Count > 1 ? [.. details] : null),
        Json.Problem,
        ContentType,
        status);

    private static string Title(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request cannot be served as it is",
        StatusCodes.Status401Unauthorized => "Not authenticated",
        StatusCodes.Status403Forbidden => "Not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status409Conflict => "Conflict",
        StatusCodes.Status413PayloadTooLarge => "Too large",
        StatusCodes.Status421MisdirectedRequest => "Not this hub's to answer",
        StatusCodes.Status422UnprocessableEntity => "Against the schema",
        StatusCodes.Status429TooManyRequests => "Too many at once",
        StatusCodes.Status503ServiceUnavailable => "Not set up",
        StatusCodes.Status507InsufficientStorage => "No space left",
        _ => "The hub failed",
    };
}
