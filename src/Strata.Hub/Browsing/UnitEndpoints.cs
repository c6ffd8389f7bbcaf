using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>units/</c>.</summary>
internal sealed class UnitEndpoints(HubWriter writer, UnitViews views)
{
    public void Map(ApiRoutes api)
    {
        api.Get("units/", ObjectKind.Unit, (HttpContext context, Caller caller) =>
        {
            var state = writer.State;
            return Requests.Page(context, state.Units.Values.Where(u => caller.Sees(Guarded.Of(u))), unit => views.Of(state, unit), ApiJson.Default.PageUnitDocument);
        });
        api.Get("units/{name}/", ObjectKind.Unit, Show);
        api.Post("units/", Verb.Create, ObjectKind.Unit, AddAsync);
    }

    private IResult Show(HttpContext context, Caller caller)
    {
        var (state, name) = (writer.State, context.Request.RouteValues["name"]?.ToString() ?? "");
        var unit = state.Units.GetValueOrDefault(name) ?? (Guid.TryParse(name, out var id) ? state.Units.Values.FirstOrDefault(u => u.Id == id) : null);
        return unit is not null && caller.Sees(Guarded.Of(unit))
            ? TypedResults.Json(views.Of(state, unit), ApiJson.Default.UnitDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, $"There is no unit '{Quote.Short(name)}', or it is not yours.");
    }

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.UnitRequest);
        if (body is null) return refusal!;
        if (body.SystemUid is not { } systemId || !PkiFiles.IsName(systemId))
            return Problems.Answer(StatusCodes.Status400BadRequest, $"'{Quote.Short(body.SystemUid)}' is no system_uid; 1 to 64 letters, digits, '.', '_' and '-' are expected.");
        var id = Guid.NewGuid();
        var (status, sentence) = await writer.CommitAsync(state => Judge(state, caller, id, systemId, body.Target), context.RequestAborted);
        return sentence is not null
            ? Problems.Answer(status, sentence)
            : TypedResults.Json(views.Of(writer.State, writer.State.Units[systemId]), ApiJson.Default.UnitDocument, statusCode: status);
    }

    private static Decision<(int Status, string? Refusal)> Judge(HubState state, Caller caller, Guid id, string systemId, string? target)
    {
        if (target is not null && !state.Targets.ContainsKey(HubState.TargetKey(caller.Owner, target)))
            return new((StatusCodes.Status400BadRequest, $"There is no target '{Quote.Short(target)}' of {caller.Owner}. Publish it first: strata target publish"));
        if (!state.Units.TryGetValue(systemId, out var present))
            return new((StatusCodes.Status201Created, null), new UnitAdded(id, systemId, caller.Owner, target));
        return present.Owner == caller.Owner && present.Target == target
            ? new((StatusCodes.Status200OK, null))
            : new((StatusCodes.Status409Conflict, present.Owner == caller.Owner
                ? $"The unit '{systemId}' is registered already, with {(present.Target is null ? "no target" : $"the target '{present.Target}'")}."
                : $"The unit '{systemId}' is registered already, by somebody else."));
    }
}
