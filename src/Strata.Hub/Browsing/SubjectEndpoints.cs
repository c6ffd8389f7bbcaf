using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>subjects/</c>: joining a service and a unit to one subject is what brings the service to the unit.</summary>
internal sealed class SubjectEndpoints(HubWriter writer)
{
    private const int LongestLabel = 128;
    private const int HighestPriority = 999_999;
    private const int MostAtOnce = 1000; // they are judged while nobody else can write

    public void Map(ApiRoutes api)
    {
        api.Get("subjects/", ObjectKind.Subject, (HttpContext context, Caller caller) => Requests.Page(
            context,
            writer.State.Subjects.Values.Where(s => caller.Sees(Guarded.Of(s))).OrderBy(s => s.Label, StringComparer.Ordinal).ThenBy(s => s.Id),
            Of,
            ApiJson.Default.PageSubjectDocument));
        api.Get("subjects/{id}/", ObjectKind.Subject, (HttpContext context, Caller caller) =>
            Find(writer.State, context, caller) is { } subject ? TypedResults.Json(Of(subject), ApiJson.Default.SubjectDocument) : Missing());
        api.Post("subjects/", Verb.Create, ObjectKind.Subject, AddAsync);
        api.Post("subjects/{id}/services/", Verb.Bind, ObjectKind.Subject, AddServicesAsync);
        api.Post("subjects/{id}/units/", Verb.Bind, ObjectKind.Subject, AddUnitsAsync);
    }

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectRequest);
        if (body is null) return refusal!;
        if (body.Label is not { Length: > 0 and <= LongestLabel })
            return Problems.Answer(StatusCodes.Status400BadRequest, $"A subject needs a label of 1 to {LongestLabel} characters.");
        if (body.Priority is < 0 or > HighestPriority)
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The priority {body.Priority} is not within 0 to {HighestPriority}.");
        var id = Guid.NewGuid();
        await writer.CommitAsync(_ => new Decision<bool>(true, new SubjectAdded(id, caller.Owner, body.Label, body.IsGroup, body.Priority)), context.RequestAborted);
        return TypedResults.Json(Of(writer.State.Subjects[id]), ApiJson.Default.SubjectDocument, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> AddServicesAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectServicesRequest);
        if (body is null) return refusal!;
        if (body.ServiceIds?.Length > MostAtOnce) return TooMany(body.ServiceIds.Length);
        return await JoinAsync(context, caller, (state, _) =>
        {
            var found = (body.ServiceIds ?? []).Select(name => (Name: name, Services: ServiceEndpoints.Find(state, name, caller))).ToList();
            return (found.SelectMany(f => f.Services.Take(1)).Select(s => s.Id).ToEquatableList(), [],
                [.. found.Where(f => f.Services.Count != 1).Select(f => ServiceEndpoints.NotOne(f.Name, f.Services))]);
        });
    }

    private async Task<IResult> AddUnitsAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectUnitsRequest);
        if (body is null) return refusal!;
        if (body.SystemUids?.Length > MostAtOnce) return TooMany(body.SystemUids.Length);
        var asked = (body.SystemUids ?? []).ToEquatableList();
        return await JoinAsync(context, caller, (state, _) => ([], asked,
            [.. asked.Where(id => !state.Units.TryGetValue(id, out var unit) || !caller.May(Verb.Change, Guarded.Of(unit)))
                .Select(id => $"There is no unit '{Quote.Short(id)}', or it is not yours. Register it: strata unit new {Quote.Short(id)}")]));
    }

    private async Task<IResult> JoinAsync(
        HttpContext context, Caller caller, Func<HubState, SubjectRow, (EquatableList<Guid> Services, EquatableList<string> Units, List<string> Mistakes)> read)
    {
        var (subject, mistakes) = await writer.CommitAsync(state =>
        {
            if (Find(state, context, caller) is not { } found) return new Decision<(SubjectRow?, List<string>)>((null, []));
            var (services, units, wrong) = read(state, found);
            return wrong.Count > 0 || (services.All(found.Services.Contains) && units.All(found.Units.Contains))
                ? new((found, wrong))
                : new Decision<(SubjectRow?, List<string>)>((found, []), new SubjectJoined(found.Id, services, units));
        }, context.RequestAborted);
        if (subject is null) return Missing();
        return mistakes.Count > 0
            ? Problems.Answer(StatusCodes.Status400BadRequest, mistakes)
            : TypedResults.Json(Of(writer.State.Subjects[subject.Id]), ApiJson.Default.SubjectDocument);
    }

    private static SubjectRow? Find(HubState state, HttpContext context, Caller caller) =>
        Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id) && state.Subjects.TryGetValue(id, out var subject) && caller.Sees(Guarded.Of(subject)) ? subject : null;

    private static IResult TooMany(int count) => Problems.Answer(
        StatusCodes.Status400BadRequest, $"{count} are named at once; {MostAtOnce} are the most. Send several requests.");

    private static IResult Missing() => Problems.Answer(StatusCodes.Status404NotFound, "There is no such subject, or it is not yours.");

    private static SubjectDocument Of(SubjectRow subject) =>
        new(subject.Id, subject.Label, subject.IsGroup, subject.Priority, [.. subject.Services], [.. subject.Units]);
}
