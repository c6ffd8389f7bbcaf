using System.Text.Json;
using Strata.Artifacts.Protocol;
using Strata.Hub.Listeners;
using Strata.Model.Identity;

namespace Strata.Hub.Units;

/// <summary>Service discovery: tells a unit where to connect, and gives it a token. Source: facts on protocol v7, section 1.</summary>
internal static class DiscoveryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, UnitCheck check, UnitTokens tokens, Doors doors) => routes.MapPost("/sd/v7/", async context =>
        await (await AnswerAsync(context, check, tokens, doors)).ExecuteAsync(context)).At(Listener.Units);

    private static async Task<IResult> AnswerAsync(HttpContext context, UnitCheck check, UnitTokens tokens, Doors doors)
    {
        var (unit, status, refusal) = check.Check(context);
        if (unit is null) return Problems.Answer(status, refusal);
        DiscoveryRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, ProtocolJson.Default.DiscoveryRequest, context.RequestAborted);
        }
        catch (JsonException problem)
        {
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The discovery request cannot be read: {problem.Message}");
        }
        if (request is not { Version: MessageHeader.ProtocolVersion })
            return Problems.Answer(StatusCodes.Status400BadRequest, $"Only protocol version {MessageHeader.ProtocolVersion} is spoken here.");
        if (request.SystemId != unit.SystemId)
            return Problems.Answer(StatusCodes.Status403Forbidden, $"The certificate is of '{unit.SystemId}' and the request is of '{Quote.Short(request.SystemId)}'.");
        if (!request.SupportedProtocols.Contains(Uri.UriSchemeWss))
            return Problems.Answer(StatusCodes.Status400BadRequest, "The unit does not support wss, and nothing else is offered.");

        var address = doors.Address(Listener.Units);
        return TypedResults.Json(
            new DiscoveryResponse(MessageHeader.ProtocolVersion, unit.SystemId, 0, [$"wss://{address.Authority}{UnitGateway.Path}"], tokens.Issue(unit.SystemId), 0),
            ProtocolJson.Default.DiscoveryResponse);
    }
}
