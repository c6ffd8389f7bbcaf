using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>units/</c>.</summary>
internal sealed class UnitEndpoints(HubWriter writer, UnitViews views)
{
    private static readonly Listing<UnitRow> Listing = new(
        u => u.SystemId, "system_uid", new("system_uid", u => u.SystemId), new("target", u => u.Target ?? ""), new("reported_at", u => $"{u.ReportedAt?.UtcDateTime:O}"));

    private static readonly Listing<NodeRow> Nodes = new(n => n.Id, "id", new Order<NodeRow>("id", n => n.Id));

    public void Map(ApiRoutes api)
    {
        api.Get("units/", ObjectKind.Unit, (HttpContext context, Caller caller) =>
        {
            var state = writer.State;
            return Listing.Page(
                context, state.Units.Values.Where(u => caller.Sees(Guarded.Of(u)) && Requests.Finds(context, u.SystemId)), unit => views.Of(state, unit), ApiJson.Default.PageUnitDocument);
        }).Says("Units: what each shall have, and what it has.").Lists<UnitRow, UnitDocument>(Listing).Searches("the system id");
        api.Get("units/{name}/", ObjectKind.Unit, (HttpContext context, Caller caller) => writer.State is var state && Find(state, context, caller) is { } unit
            ? TypedResults.Json(views.Of(state, unit), ApiJson.Default.UnitDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, Missing(context)))
            .Says("A unit.").Gives<UnitDocument>();
        api.Get("units/{name}/nodes/", ObjectKind.Unit, (HttpContext context, Caller caller) => Find(writer.State, context, caller) is { } unit
            ? Nodes.Page(context, views.Nodes(unit), n => new NodeDocument(n.Id, n.Title, n.State, n.IsConnected, n.Os, n.Ram, n.MaxDmips), ApiJson.Default.PageNodeDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, Missing(context)))
            .Says("A unit's nodes, as it last reported them.").Lists<NodeRow, NodeDocument>(Nodes);
        api.Post("units/", Verb.Create, ObjectKind.Unit, AddAsync)
            .Says("Registers a unit; 200 when it is registered just so already.").Takes<UnitRequest>().Makes<UnitDocument>().Gives<UnitDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Put("units/{name}/", Verb.Change, ObjectKind.Unit, ChangeAsync).Says("Says anew of what model, on what target and in whose fleet a unit is.").Takes<UnitRequest>().Gives<UnitDocument>();
        api.Delete("units/{name}/", Verb.Delete, ObjectKind.Unit, RemoveAsync).Says("Removes a unit that is in no subject and not connected.").Removes();
    }

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.UnitRequest);
        if (body is null) return refusal!;
        if (body.SystemUid is not { } systemId || !PkiFiles.IsName(systemId))
            return Problems.Answer(StatusCodes.Status422UnprocessableEntity, $"system_uid: '{Quote.Short(body.SystemUid)}' is none; 1 to 64 letters, digits, '.', '_' and '-' are expected.");
        var id = Guid.NewGuid();
        var outcome = await writer.CommitAsync(state =>
        {
            var (settled, wrong) = Settle(state, caller, systemId, body);
            if (settled is null) return new(Outcome.Wrong(wrong));
            if (!state.Units.TryGetValue(systemId, out var present))
                return new Decision<Outcome>(Outcome.Created, new UnitAdded(id, systemId, caller.Owner, settled.Target) { Model = settled.Model, FleetOwner = settled.FleetOwner });
            return new(present.Owner != caller.Owner ? Outcome.Conflict($"The unit '{systemId}' is registered already, by somebody else.")
                : (present.Target, present.Model, present.FleetOwner) == (settled.Target, settled.Model, settled.FleetOwner) ? Outcome.Ok
                : Outcome.Conflict($"The unit '{systemId}' is registered already, with {(present.Target is null ? "no target" : $"the target '{present.Target}'")}. Change it instead: strata unit set {systemId}"));
        }, context.RequestAborted);
        return outcome.Answer(() => Shown(systemId, outcome.Status));
    }

    private async Task<IResult> ChangeAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.UnitRequest);
        if (body is null) return refusal!;
        var systemId = "";
        var outcome = await writer.CommitAsync(state =>
        {
            var unit = Find(state, context, caller);
            if (Outcome.Refusal(caller, Verb.Change, unit is null ? null : Guarded.Of(unit), Missing(context)) is { } no) return new(no);
            systemId = unit!.SystemId;
            var (settled, wrong) = Settle(state, caller, systemId, body);
            return settled is null ? new(Outcome.Wrong(wrong))
                : settled == new UnitSettled(systemId, unit.Target, unit.Model, unit.FleetOwner) ? new(Outcome.Ok)
                : new Decision<Outcome>(Outcome.Ok, settled);
        }, context.RequestAborted);
        return outcome.Answer(() => Shown(systemId, outcome.Status));
    }

    private async Task<IResult> RemoveAsync(HttpContext context, Caller caller)
    {
        var outcome = await writer.CommitAsync(state =>
        {
            var unit = Find(state, context, caller);
            if (Outcome.Refusal(caller, Verb.Delete, unit is null ? null : Guarded.Of(unit), Missing(context)) is { } no) return new(no);
            var uses = Uses.OfUnit(state, unit!);
            if (uses.Count > 0) return new(Outcome.Conflict(uses));
            return views.IsOnline(unit!)
                ? new(Outcome.Conflict("It is connected now. Take it off the network first: it would only come back and be refused."))
                : new Decision<Outcome>(Outcome.Removed, new UnitRemoved(unit!.SystemId));
        }, context.RequestAborted);
        return outcome.Answer(() => throw new System.Diagnostics.UnreachableException());
    }

    /// <summary>What a request says of a unit, or all its mistakes.</summary>
    private static (UnitSettled? Settled, IReadOnlyList<string> Mistakes) Settle(HubState state, Caller caller, string systemId, UnitRequest body)
    {
        var mistakes = new List<string>();
        var model = body.Model is null ? null : UnitModelEndpoints.Find(state, body.Model, caller);
        if (body.Model is not null && model is null) mistakes.Add($"model: there is no unit model '{Quote.Short(body.Model)}' of {caller.Owner}. Make it first: strata model new");
        if (model is not null && body.Target is not null && body.Target != model.Target) mistakes.Add($"target: the model '{model.Name}' runs on '{model.Target}'. Leave the target out, or the model.");
        if (body.Target is not null && !state.Targets.ContainsKey(HubState.TargetKey(caller.Owner, body.Target))) mistakes.Add($"target: there is no target '{Quote.Short(body.Target)}' of {caller.Owner}. Publish it first: strata target publish");
        if (body.FleetOwner is not null && !ClientIdentity.IsDomain(body.FleetOwner)) mistakes.Add($"fleet_owner: '{Quote.Short(body.FleetOwner)}' is no domain in lower case.");
        return mistakes.Count > 0 ? (null, mistakes) : (new(systemId, model?.Target ?? body.Target, model?.Id, body.FleetOwner), []);
    }

    private IResult Shown(string systemId, int status)
    {
        var state = writer.State;
        return state.Units.TryGetValue(systemId, out var unit)
            ? TypedResults.Json(views.Of(state, unit), ApiJson.Default.UnitDocument, statusCode: status)
            : Problems.Answer(StatusCodes.Status404NotFound, $"The unit '{systemId}' was removed meanwhile.");
    }

    private static UnitRow? Find(HubState state, HttpContext context, Caller caller)
    {
        var name = context.Request.RouteValues["name"]?.ToString() ?? "";
        var unit = state.Units.GetValueOrDefault(name) ?? (Guid.TryParse(name, out var id) ? state.Units.Values.FirstOrDefault(u => u.Id == id) : null);
        return unit is not null && caller.Sees(Guarded.Of(unit)) ? unit : null;
    }

    private static string Missing(HttpContext context) => $"There is no unit '{Quote.Short(context.Request.RouteValues["name"]?.ToString())}', or it is not yours.";
}
