using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>subjects/</c>: joining a service and a unit to one subject is what brings the service to the unit.</summary>
internal sealed class SubjectEndpoints(HubWriter writer)
{
    private const int LongestLabel = 128;
    private const int HighestPriority = 999_999;
    private const int MostAtOnce = 1000; // they are judged while nobody else can write

    private static readonly Listing<SubjectRow> Listing = new(
        s => s.Id.ToString(), "label", new("label", s => s.Label), new("priority", s => $"{s.Priority:D6}"));

    public void Map(ApiRoutes api)
    {
        api.Get("subjects/", ObjectKind.Subject, (HttpContext context, Caller caller) => Listing.Page(
            context, writer.State.Subjects.Values.Where(s => caller.Sees(Guarded.Of(s)) && Requests.Finds(context, s.Label)), Of, ApiJson.Default.PageSubjectDocument))
            .Says("Subjects with their services and units.").Lists<SubjectRow, SubjectDocument>(Listing).Searches("the label");
        api.Get("subjects/{id}/", ObjectKind.Subject, (HttpContext context, Caller caller) =>
            Find(writer.State, context) is { } subject && caller.Sees(Guarded.Of(subject))
                ? TypedResults.Json(Of(subject), ApiJson.Default.SubjectDocument)
                : Problems.Answer(StatusCodes.Status404NotFound, Missing))
            .Says("A subject.").Gives<SubjectDocument>();
        api.Post("subjects/", Verb.Create, ObjectKind.Subject, AddAsync).Says("Makes a subject.").Takes<SubjectRequest>().Makes<SubjectDocument>();
        api.Delete("subjects/{id}/", Verb.Delete, ObjectKind.Subject, RemoveAsync).Says("Removes a subject that brings nothing to anybody.").Removes();
        api.Post("subjects/{id}/services/", Verb.Bind, ObjectKind.Subject, AddServicesAsync)
            .Says("Adds services to a subject: its units get their newest versions.").Takes<SubjectServicesRequest>().Gives<SubjectDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("subjects/{id}/services/{name}/", Verb.Bind, ObjectKind.Subject, RemoveServiceAsync).Says("Takes a service out of a subject.").GivesNothing();
        api.Post("subjects/{id}/units/", Verb.Bind, ObjectKind.Subject, AddUnitsAsync)
            .Says("Adds units to a subject: they get its services.").Takes<SubjectUnitsRequest>().Gives<SubjectDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("subjects/{id}/units/{name}/", Verb.Bind, ObjectKind.Subject, RemoveUnitAsync).Says("Takes a unit out of a subject.").GivesNothing();
    }

    /// <summary>Removes the subject of the route, unless it brings something to somebody.</summary>
    public Task<IResult> RemoveAsync(HttpContext context, Caller caller) => ChangeAsync(context, caller, Verb.Delete, (state, subject) =>
        Uses.OfSubject(state, subject) is { Count: > 0 } uses ? new(Outcome.Conflict(uses)) : new Decision<Outcome>(Outcome.Removed, new SubjectRemoved(subject.Id)));

    /// <summary>Takes the service that the route names out of its subject.</summary>
    public Task<IResult> RemoveServiceAsync(HttpContext context, Caller caller) => ChangeAsync(context, caller, Verb.Bind, (state, subject) =>
        subject.Services.Where(id => Names(state.Services[id], Name(context))).ToEquatableList() is { Count: 1 } left
            ? new Decision<Outcome>(Outcome.Removed, new SubjectLeft(subject.Id, left, []))
            : new(Outcome.Missing($"The subject '{subject.Label}' has no service '{Quote.Short(Name(context))}', or several of that name; it has {Some(subject.Services.Select(id => $"{state.Services[id].Codename} ({id})"))}.")));

    /// <summary>Takes the unit that the route names out of its subject.</summary>
    public Task<IResult> RemoveUnitAsync(HttpContext context, Caller caller) => ChangeAsync(context, caller, Verb.Bind, (state, subject) =>
        subject.Units.Where(u => u == Name(context) || (state.Units.TryGetValue(u, out var unit) && unit.Id.ToString() == Name(context))).ToEquatableList() is { Count: 1 } left
            ? new Decision<Outcome>(Outcome.Removed, new SubjectLeft(subject.Id, [], left))
            : new(Outcome.Missing($"The subject '{subject.Label}' has no unit '{Quote.Short(Name(context))}'.")));

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectRequest);
        return body is null ? refusal! : await MakeAsync(caller, body, context.RequestAborted);
    }

    /// <summary>Makes a subject of the caller's.</summary>
    public async Task<IResult> MakeAsync(Caller caller, SubjectRequest body, CancellationToken cancellation)
    {
        var mistakes = new List<string>();
        if (body.Label is not { Length: > 0 and <= LongestLabel }) mistakes.Add($"label: 1 to {LongestLabel} characters are expected.");
        if (body.Priority is < 0 or > HighestPriority) mistakes.Add($"priority: {body.Priority} is not within 0 to {HighestPriority}.");
        if (mistakes.Count > 0) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, mistakes);
        var subject = new SubjectRow(Guid.NewGuid(), caller.Owner, body.Label!, body.IsGroup, body.Priority);
        await writer.CommitAsync(_ => new Decision<bool>(true, new SubjectAdded(subject.Id, subject.Owner, subject.Label, subject.IsGroup, subject.Priority)), cancellation);
        return TypedResults.Json(Of(subject), ApiJson.Default.SubjectDocument, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> AddServicesAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectServicesRequest);
        return body is null ? refusal! : await AddServicesAsync(context, caller, body.ServiceIds ?? body.ServiceUuids ?? []);
    }

    /// <summary>Adds services, by id or codename, to the subject of the route.</summary>
    public async Task<IResult> AddServicesAsync(HttpContext context, Caller caller, string[] asked)
    {
        if (asked.Length is 0 or > MostAtOnce) return Count(asked.Length);
        return await ChangeAsync(context, caller, Verb.Bind, (state, subject) =>
        {
            var found = asked.Select(name => (Name: name, Services: ServiceEndpoints.Find(state, name, caller))).ToList();
            var wrong = found.Where(f => f.Services.Count != 1).Select(f => ServiceEndpoints.NotOne(f.Name, f.Services)).ToList();
            if (wrong.Count > 0) return new(Outcome.Wrong(wrong));
            var services = found.Select(f => f.Services[0]).Distinct().ToList();
            var present = services.Where(s => subject.Services.Contains(s.Id)).Select(s => s.Codename).ToList();
            return present.Count > 0
                ? new(Outcome.Conflict($"{Some(present)} {Is(present)} assigned to '{subject.Label}' already; nothing was changed. Name the others alone."))
                : new Decision<Outcome>(Outcome.Ok, new SubjectJoined(subject.Id, services.Select(s => s.Id).ToEquatableList(), []));
        });
    }

    private async Task<IResult> AddUnitsAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.SubjectUnitsRequest);
        return body is null ? refusal! : await AddUnitsAsync(context, caller, body.SystemUids ?? []);
    }

    /// <summary>Adds units to the subject of the route.</summary>
    public async Task<IResult> AddUnitsAsync(HttpContext context, Caller caller, string[] systemIds)
    {
        if (systemIds.Length is 0 or > MostAtOnce) return Count(systemIds.Length);
        var asked = systemIds.Distinct().ToEquatableList();
        return await ChangeAsync(context, caller, Verb.Bind, (state, subject) =>
        {
            var wrong = asked.Where(id => !state.Units.TryGetValue(id, out var unit) || !caller.May(Verb.Change, Guarded.Of(unit)))
                .Select(id => $"There is no unit '{Quote.Short(id)}', or it is not yours. Register it: strata unit new {Quote.Short(id)}").ToList();
            if (wrong.Count > 0) return new(Outcome.Wrong(wrong));
            var present = asked.Where(subject.Units.Contains).ToList();
            return present.Count > 0
                ? new(Outcome.Conflict($"{Some(present)} {Is(present)} assigned to '{subject.Label}' already; nothing was changed. Name the others alone."))
                : new Decision<Outcome>(Outcome.Ok, new SubjectJoined(subject.Id, [], asked));
        });
    }

    /// <summary>Judges whose subject it is and lets <paramref name="decide"/> change it; answers with it unless it is gone.</summary>
    private async Task<IResult> ChangeAsync(HttpContext context, Caller caller, Verb verb, Func<HubState, SubjectRow, Decision<Outcome>> decide)
    {
        var outcome = await writer.CommitAsync(state =>
        {
            var subject = Find(state, context);
            return Outcome.Refusal(caller, verb, subject is null ? null : Guarded.Of(subject), Missing) is { } no ? new(no) : decide(state, subject!);
        }, context.RequestAborted);
        return outcome.Answer(() => Find(writer.State, context) is { } after
            ? TypedResults.Json(Of(after), ApiJson.Default.SubjectDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, "The subject was removed meanwhile."));
    }

    private const string Missing = "There is no such subject, or it is not yours. 'strata subject list' shows those that are.";

    private static SubjectRow? Find(HubState state, HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id) ? state.Subjects.GetValueOrDefault(id) : null;

    private static bool Names(ServiceRow service, string name) => service.Codename == name || service.Id.ToString() == name;

    private static string Name(HttpContext context) => context.Request.RouteValues["name"]?.ToString() ?? "";

    private static string Some(IEnumerable<string> names) => string.Join(", ", names.Take(5)) is { Length: > 0 } some ? some : "none";

    private static string Is(List<string> names) => names.Count == 1 ? "is" : "are";

    private static IResult Count(int count) => Problems.Answer(
        StatusCodes.Status422UnprocessableEntity, count == 0 ? "Nothing is named; name at least one." : $"{count} are named at once; {MostAtOnce} are the most. Send several requests.");

    private static SubjectDocument Of(SubjectRow subject) =>
        new(subject.Id, subject.Label, subject.IsGroup, subject.Priority, [.. subject.Services], [.. subject.Units]);
}
