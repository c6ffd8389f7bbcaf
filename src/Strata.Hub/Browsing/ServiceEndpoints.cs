using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary><c>services/</c>.</summary>
internal sealed class ServiceEndpoints(HubWriter writer)
{
    public void Map(ApiRoutes api)
    {
        api.Get("services/", ObjectKind.Service, List);
        api.Get("services/{name}/", ObjectKind.Service, Show);
    }

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
        var seen = state.Services.Values.Where(s => caller.Sees(Guarded.Of(s))).OrderBy(s => s.Owner, StringComparer.Ordinal).ThenBy(s => s.Codename, StringComparer.Ordinal);
        return Requests.Page(context, seen, service => Of(state, service, caller), ApiJson.Default.PageServiceDocument);
    }

    private IResult Show(HttpContext context, Caller caller)
    {
        var (state, name) = (writer.State, context.Request.RouteValues["name"]?.ToString() ?? "");
        var found = Find(state, name, caller);
        return found.Count == 1
            ? TypedResults.Json(Of(state, found[0], caller), ApiJson.Default.ServiceDocument)
            : Problems.Answer(found.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, NotOne(name, found));
    }

    private static ServiceDocument Of(HubState state, ServiceRow service, Caller caller) => new(
        service.Id, service.Codename, service.Owner, service.Title, service.Description,
        [.. service.Versions.Select(version => Of(state, service, version, caller))]);

    private static ServiceVersionDocument Of(HubState state, ServiceRow service, ServiceVersionRow version, Caller caller) => new(
        version.Id,
        version.Version.ToString(),
        [.. version.Images.Select(i => i.Platform.ToString())],
        [.. version.Needs.Select(n => new NeedDocument(n.Layer, n.Range is { Lower: null, Upper: null } ? null : n.Range.ToString(), n.Range.IncludePreRelease))],
        [.. NeedsCheck.Resolve(state.Catalogue, service.Codename, version.Needs, version.Images.Select(i => i.Platform))
            .Where(r => caller.Sees(Guarded.LayerOf(r.Oem))).Select(r => new ResolvedDocument(
            r.Oem,
            r.Platform.ToString(),
            r.Stack is not null,
            [.. (r.Stack?.Layers ?? []).Select(l => new LayerReference(l.Release.Layer.Owner, l.Release.Layer.Codename, l.Release.Version.ToString(), l.Image.Digest, l.Image.DiffId, l.Image.Size))],
            [.. r.Reasons]))]);
}
