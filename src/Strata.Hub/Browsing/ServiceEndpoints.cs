using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Publishing;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>services/</c> and <c>service-providers/</c>.</summary>
internal sealed class ServiceEndpoints(HubWriter writer, UnitViews units)
{
    private const int LongestText = 2000;
    private const int LongestCodename = 128;

    private static readonly Listing<ServiceRow> Listing = new(s => s.Id.ToString(), "owner", new("owner", s => $"{s.Owner}\n{s.Codename}"), new("codename", s => s.Codename));

    private static readonly Listing<UnitRow> Having = new(u => u.SystemId, "system_uid", new Order<UnitRow>("system_uid", u => u.SystemId));

    private static readonly Listing<(string Owner, Guid OwnerId)> Providers = new(p => p.Owner, "title", new Order<(string Owner, Guid OwnerId)>("title", p => p.Owner));

    public void Map(ApiRoutes api)
    {
        api.Get("services/", ObjectKind.Service, List).Says("Services with their versions.").Lists<ServiceRow, ServiceDocument>(Listing).Searches("codename, title and description");
        api.Post("services/", Verb.Create, ObjectKind.Service, AddAsync)
            .Says("Makes a service before its first bundle.").Takes<ServiceRequest>().Makes<ServiceDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Get("services/{name}/", ObjectKind.Service, (HttpContext context, Caller caller) => One(context, caller, (state, service) =>
            TypedResults.Json(Of(state, service, caller), ApiJson.Default.ServiceDocument)))
            .Says("A service with its versions and what their needs resolve to now.").Gives<ServiceDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("services/{name}/", Verb.Delete, ObjectKind.Service, RemoveAsync).Says("Removes a service with all its versions, unless somebody has it.").Removes();
        api.Get("services/{name}/service-versions/", ObjectKind.Service, (HttpContext context, Caller caller) => One(context, caller, (state, service) =>
            Requests.Page(context, service.Versions, version => Of(state, service, version, caller), ApiJson.Default.PageServiceVersionDocument)))
            .Says("A service's versions, newest first.").ListsByOffset<ServiceVersionDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Get("services/{name}/units/", ObjectKind.Service, (HttpContext context, Caller caller) => One(context, caller, (state, service) => Having.Page(
            context,
            state.Units.Values.Where(u => caller.Sees(Guarded.Of(u)) && (u.Desired?.State.Items ?? []).Any(i => i.Id == service.Id.ToString())),
            unit => units.Of(state, unit),
            ApiJson.Default.PageUnitDocument)))
            .Says("Units that shall have a service.").Lists<UnitRow, UnitDocument>(Having).Refuses(StatusCodes.Status409Conflict);
        api.Get("services/versions/{id}/", ObjectKind.Service, (HttpContext context, Caller caller) => writer.State is var state && FindVersion(state, context, caller) is var (service, version)
            ? TypedResults.Json(Of(state, service, version, caller), ApiJson.Default.ServiceVersionDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, MissingVersion))
            .Says("A service version.").Gives<ServiceVersionDocument>();
        api.Delete("services/versions/{id}/", Verb.Delete, ObjectKind.Service, RemoveVersionAsync).Says("Removes a service version, unless somebody has it.").Removes();
        api.Get("service-providers/", ObjectKind.ServiceProvider, (HttpContext context, Caller caller) =>
        {
            var state = writer.State;
            var providers = state.Users.Values.Where(u => u.Role == ClientRole.ServiceProvider).Select(u => (u.Owner, u.OwnerId))
                .Concat(state.Services.Values.Select(s => (s.Owner, s.OwnerId))).DistinctBy(p => p.Owner)
                .Where(p => caller.Sees(new(ObjectKind.ServiceProvider, p.Owner)) && Requests.Finds(context, p.Owner));
            return Providers.Page(context, providers, p => new ServiceProviderDocument(p.OwnerId, p.Owner, state.Services.Values.Count(s => s.Owner == p.Owner)), ApiJson.Default.PageServiceProviderDocument);
        }).Says("Service providers.").Lists<(string, Guid), ServiceProviderDocument>(Providers).Searches("the domain");
    }

    private async Task<IResult> AddAsync(HttpContext context, Caller caller)
    {
        var (body, refusal) = await Requests.ReadAsync(context, ApiJson.Default.ServiceRequest);
        if (body is null) return refusal!;
        var mistakes = new List<string>();
        if ((body.Codename ?? body.Title) is not { Length: > 0 and <= LongestCodename } codename || Guid.TryParse(codename, out _))
            (codename, mistakes) = ("", [$"codename: 1 to {LongestCodename} characters are expected, and no UUID; without it the title is taken."]);
        foreach (var (field, text) in new[] { ("title", body.Title), ("description", body.Description) })
            if (text?.Length > LongestText) mistakes.Add($"{field}: {text.Length} characters; {LongestText} are the most.");
        if (mistakes.Count > 0) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, mistakes);
        var id = Guid.NewGuid();
        var outcome = await writer.CommitAsync(state => state.FindService(caller.Owner, codename) is { } present
            ? new(Outcome.Conflict($"There is a service '{Quote.Short(codename)}' already, with the id {present.Id}."))
            : new Decision<Outcome>(Outcome.Created, new ServiceDescribed(id, caller.Owner, caller.OwnerId, codename, body.Title, body.Description)), context.RequestAborted);
        return outcome.Answer(() => writer.State is var state && state.Services.TryGetValue(id, out var made)
            ? TypedResults.Json(Of(state, made, caller), ApiJson.Default.ServiceDocument, statusCode: outcome.Status)
            : Problems.Answer(StatusCodes.Status404NotFound, "The service was removed meanwhile."));
    }

    private async Task<IResult> RemoveAsync(HttpContext context, Caller caller)
    {
        var name = Name(context);
        var outcome = await writer.CommitAsync(state =>
        {
            var found = Find(state, name, caller);
            if (found.Count > 1) return new(Outcome.Conflict(NotOne(name, found)));
            if (Outcome.Refusal(caller, Verb.Delete, found is [var only] ? Guarded.Of(only) : null, NotOne(name, found)) is { } no) return new(no);
            var uses = Uses.OfService(state, found[0], version: null, caller);
            return uses.Count > 0 ? new(Outcome.Conflict(uses)) : new Decision<Outcome>(Outcome.Removed, new ServiceRemoved(found[0].Id));
        }, context.RequestAborted);
        return outcome.Answer(() => throw new System.Diagnostics.UnreachableException());
    }

    private async Task<IResult> RemoveVersionAsync(HttpContext context, Caller caller)
    {
        var outcome = await writer.CommitAsync(state =>
        {
            if (FindVersion(state, context, caller) is not var (service, version)) return new(Outcome.Missing(MissingVersion));
            if (Outcome.Refusal(caller, Verb.Delete, Guarded.Of(service), MissingVersion) is { } no) return new(no);
            var uses = Uses.OfService(state, service, version.Version, caller);
            return uses.Count > 0 ? new(Outcome.Conflict(uses)) : new Decision<Outcome>(Outcome.Removed, new ServiceVersionRemoved(service.Id, version.Version));
        }, context.RequestAborted);
        return outcome.Answer(() => throw new System.Diagnostics.UnreachableException());
    }

    private const string MissingVersion = "There is no such service version, or it is not of a service of yours.";

    private static (ServiceRow Service, ServiceVersionRow Version)? FindVersion(HubState state, HttpContext context, Caller caller)
    {
        if (!Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id)) return null;
        foreach (var service in state.Services.Values.Where(s => caller.Sees(Guarded.Of(s))))
            if (service.Versions.FirstOrDefault(v => v.Id == id) is { } version) return (service, version);
        return null;
    }

    private IResult One(HttpContext context, Caller caller, Func<HubState, ServiceRow, IResult> answer)
    {
        var (state, name) = (writer.State, Name(context));
        var found = Find(state, name, caller);
        return found.Count == 1
            ? answer(state, found[0])
            : Problems.Answer(found.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, NotOne(name, found));
    }

    private static string Name(HttpContext context) => context.Request.RouteValues["name"]?.ToString() ?? "";

    /// <summary>Services that <paramref name="name"/>, a UUID or codename, may mean to <paramref name="caller"/>.</summary>
    public static List<ServiceRow> Find(HubState state, string name, Caller caller) =>
        [.. state.Services.Values.Where(s => caller.Sees(Guarded.Of(s)) && (s.Codename == name || (Guid.TryParse(name, out var id) && s.Id == id)))];

    /// <summary>The refusal when <see cref="Find"/> found none or several.</summary>
    public static string NotOne(string name, List<ServiceRow> found) => found.Count == 0
        ? $"There is no service '{Quote.Short(name)}', or it is not yours."
        : $"'{Quote.Short(name)}' is a service of {string.Join(" and of ", found.Select(s => s.Owner))}; name it by its id.";

    private IResult List(HttpContext context, Caller caller)
    {
        var state = writer.State;
        var seen = state.Services.Values.Where(s => caller.Sees(Guarded.Of(s)) && Requests.Finds(context, s.Codename, s.Title, s.Description));
        return Listing.Page(context, seen, service => Of(state, service, caller), ApiJson.Default.PageServiceDocument);
    }

    /// <summary>A service as the API and the portal show it to <paramref name="caller"/>.</summary>
    public static ServiceDocument Of(HubState state, ServiceRow service, Caller caller) => new(
        service.Id, service.Codename, service.Owner, service.Title, service.Description,
        [.. service.Versions.Select(version => Of(state, service, version, caller))]);

    private static ServiceVersionDocument Of(HubState state, ServiceRow service, ServiceVersionRow version, Caller caller) => new(
        version.Id,
        version.Version.ToString(),
        [.. version.Images.Select(i => i.Platform.ToString())],
        [.. version.Needs.Select(n => new NeedDocument(n.Layer, n.Range is { Lower: null, Upper: null } ? null : n.Range.ToString(), n.Range.IncludePreRelease))],
        [.. NeedsCheck.Resolve(state.Catalogue, service.Owner, service.Codename, version.Needs, version.Images.Select(i => i.Platform))
            .Where(r => caller.Sees(Guarded.LayerOf(r.Oem))).Select(r => new ResolvedDocument(
            r.Oem,
            r.Platform.ToString(),
            r.Stack is not null,
            [.. (r.Stack?.Layers ?? []).Where(l => state.Catalogue.Find(l.Release.Layer) is { } layer && caller.Sees(Guarded.Of(layer))).Select(l => new LayerReference(l.Release.Layer.Owner, l.Release.Layer.Codename, l.Release.Version.ToString(), l.Image.Digest, l.Image.DiffId, l.Image.Size))],
            [.. r.Reasons]))]);
}
