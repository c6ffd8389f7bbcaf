using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>unit-models/</c>: what units of one kind run on.</summary>
internal sealed class UnitModelEndpoints(HubWriter writer)
{
    private const int LongestName = 128;

    private static readonly Listing<UnitModelRow> Listing = new(
        m => m.Id.ToString(), "owner", new("owner", m => $"{m.Owner}\n{m.Name}"), new("name", m => m.Name), new("target", m => m.Target));

    public void Map(ApiRoutes api)
    {
        api.Get("unit-models/", ObjectKind.UnitModel, (HttpContext context, Caller caller) => Listing.Page(
            context, writer.State.UnitModels.Values.Where(m => caller.Sees(Guarded.Of(m)) && Requests.Finds(context, m.Name, m.Target)), Of, ApiJson.Default.PageUnitModelDocument))
            .Says("Unit models.").Lists<UnitModelRow, UnitModelDocument>(Listing).Searches("name and target");
        api.Get("unit-models/{name}/", ObjectKind.UnitModel, (HttpContext context, Caller caller) => Find(writer.State, Name(context), caller) is { } model
            ? TypedResults.Json(Of(model), ApiJson.Default.UnitModelDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, Missing(context)))
            .Says("A unit model.").Gives<UnitModelDocument>();
        api.Post("unit-models/", Verb.Create, ObjectKind.UnitModel, AddAsync)
            .Says("Makes a unit model.").Takes<UnitModelRequest>().Makes<UnitModelDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Put("unit-models/{name}/", Verb.Change, ObjectKind.UnitModel, ChangeAsync)
            .Says("Says anew what a unit model is; its units follow its target.").Takes<UnitModelRequest>().Gives<UnitModelDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("unit-models/{name}/", Verb.Delete, ObjectKind.UnitModel, RemoveAsync).Says("Removes a unit model that no unit is of.").Removes();
    }

    /// <summary>A model by id or name: of the caller's own first, then of any owner that it sees.</summary>
    public static UnitModelRow? Find(HubState state, string name, Caller caller) => state.UnitModels.Values
        .Where(m => caller.Sees(Guarded.Of(m)) && (m.Name == name || (Guid.TryParse(name, out var id) && m.Id == id)))
        .OrderBy(m => m.Owner != caller.Owner).ThenBy(m => m.Owner, StringComparer.Ordinal).FirstOrDefault();

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.UnitModelRequest);
        if (body is null) return refusal!;
        var id = Guid.NewGuid();
        var outcome = await writer.CommitAsync(state =>
            Mistakes(state, body, caller.Owner, except: null) is { IsDone: false } wrong
                ? new(wrong)
                : new Decision<Outcome>(Outcome.Created, new UnitModelSaved(new(id, caller.Owner, body.Name!, body.Version ?? "1.0.0", body.Target!))), context.RequestAborted);
        return outcome.Answer(() => TypedResults.Json(Of(writer.State.UnitModels[id]), ApiJson.Default.UnitModelDocument, statusCode: outcome.Status));
    }

    private async Task<IResult> ChangeAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.UnitModelRequest);
        if (body is null) return refusal!;
        var id = Guid.Empty;
        var outcome = await writer.CommitAsync(state =>
        {
            var model = Find(state, Name(context), caller);
            if (Outcome.Refusal(caller, Verb.Change, model is null ? null : Guarded.Of(model), Missing(context)) is { } no) return new(no);
            if (Mistakes(state, body, model!.Owner, except: model.Id) is { IsDone: false } wrong) return new(wrong);
            id = model.Id;
            var changed = model with { Name = body.Name!, Version = body.Version ?? model.Version, Target = body.Target! };
            return changed == model ? new(Outcome.Ok) : new Decision<Outcome>(Outcome.Ok, new UnitModelSaved(changed));
        }, context.RequestAborted);
        return outcome.Answer(() => TypedResults.Json(Of(writer.State.UnitModels[id]), ApiJson.Default.UnitModelDocument));
    }

    private async Task<IResult> RemoveAsync(HttpContext context, Caller caller)
    {
        var outcome = await writer.CommitAsync(state =>
        {
            var model = Find(state, Name(context), caller);
            if (Outcome.Refusal(caller, Verb.Delete, model is null ? null : Guarded.Of(model), Missing(context)) is { } no) return new(no);
            var uses = Uses.OfModel(state, model!);
            return uses.Count > 0 ? new(Outcome.Conflict(uses)) : new Decision<Outcome>(Outcome.Removed, new UnitModelRemoved(model!.Id));
        }, context.RequestAborted);
        return outcome.Answer(() => throw new System.Diagnostics.UnreachableException());
    }

    private static Outcome Mistakes(HubState state, UnitModelRequest body, string owner, Guid? except)
    {
        var mistakes = new List<string>();
        if (body.Name is not { Length: > 0 and <= LongestName } || Guid.TryParse(body.Name, out _)) mistakes.Add($"name: 1 to {LongestName} characters are expected, and no UUID.");
        if (body.Version is not null && !SemanticVersion.TryParse(body.Version, out _, out var problem)) mistakes.Add($"version: {problem}");
        if (body.Target is null) mistakes.Add("target: the name of a published target is expected.");
        else if (!state.Targets.ContainsKey(HubState.TargetKey(owner, body.Target))) mistakes.Add($"target: there is no target '{Quote.Short(body.Target)}' of {owner}. Publish it first: strata target publish");
        if (mistakes.Count > 0) return Outcome.Wrong(mistakes);
        return state.UnitModels.Values.Any(m => m.Owner == owner && m.Name == body.Name && m.Id != except)
            ? Outcome.Conflict($"There is a unit model '{Quote.Short(body.Name)}' already. Change it, or take another name.")
            : Outcome.Ok;
    }

    private static string Name(HttpContext context) => context.Request.RouteValues["name"]?.ToString() ?? "";

    private static string Missing(HttpContext context) => $"There is no unit model '{Quote.Short(Name(context))}', or it is not yours. 'strata model list' shows those that are.";

    private static UnitModelDocument Of(UnitModelRow model) => new(model.Id, model.Owner, model.Name, model.Version, model.Target);
}
