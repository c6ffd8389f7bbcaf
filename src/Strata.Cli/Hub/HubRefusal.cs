using System.Net;
using System.Text.Json;
using Strata.Cli.Shell;

namespace Strata.Cli.Hub;

/// <summary>Turns an answer that is no success into sentences for the user.</summary>
internal static class HubRefusal
{
    public static async Task<CommandFailure> ReadAsync(string place, HttpStatusCode status, Stream body, CancellationToken cancellation)
    {
        var sentences = await SentencesAsync(body, cancellation);
        var head = status switch
        {
            HttpStatusCode.Unauthorized => $"The hub at {place} does not accept the certificate",
            HttpStatusCode.Forbidden => $"The hub at {place} does not allow it",
            HttpStatusCode.NotFound => $"The hub at {place} has no such thing, or hides it",
            HttpStatusCode.RequestEntityTooLarge => $"The hub at {place} finds it too large",
            HttpStatusCode.InsufficientStorage => $"The hub at {place} has no space left",
            >= HttpStatusCode.InternalServerError => $"The hub at {place} failed ({(int)status})",
            _ => $"The hub at {place} refused it ({(int)status})",
        };
        var code = status switch
        {
            HttpStatusCode.InsufficientStorage => ExitCode.NoSpace,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ExitCode.Unavailable,
            >= HttpStatusCode.InternalServerError => ExitCode.Failed,
            _ => ExitCode.Refused,
        };
        return new(code, sentences.Count switch
        {
            0 => $"{head}.",
            1 => $"{head}: {sentences[0]}",
            _ => $"{head}:\n  {string.Join("\n  ", sentences)}",
        });
    }

    private static async Task<IReadOnlyList<string>> SentencesAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            var problem = await JsonSerializer.DeserializeAsync(body, HubJson.Default.HubProblem, cancellation);
            if (problem?.Errors is { Length: > 0 } errors) return errors;
            return (problem?.Detail ?? problem?.Title) is { } sentence ? [sentence] : [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException)
        {
            return [];
        }
    }
}
