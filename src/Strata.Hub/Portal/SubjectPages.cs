using Microsoft.AspNetCore.Http.HttpResults;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>Subjects: which services go to which units.</summary>
internal sealed class SubjectPages(HubWriter writer, SubjectEndpoints subjects, PageRenderer pages)
{
    private const int MostChoices = 50; // where there are more, the service is typed

    public void Map(PortalRoutes routes)
    {
        routes.Get("/subjects", ObjectKind.Subject, (context, visit) =>
        {
            var query = PageQuery.Of(context);
            var found = writer.State.Subjects.Values.Where(s => visit.Known.Sees(Guarded.Of(s)) && s.Label.Contains(query["q"], StringComparison.OrdinalIgnoreCase))
                .OrderBy(s => s.Label, StringComparer.Ordinal).ThenBy(s => s.Id).ToList();
            return pages.PageAsync<SubjectsPage>(new() { [nameof(SubjectsPage.Query)] = query, [nameof(SubjectsPage.Subjects)] = query.Part(found).Select(Line) });
        });
        routes.Get("/subjects/{id:guid}", ObjectKind.Subject, SubjectAsync);
        routes.Post("/subjects/new", Verb.Create, ObjectKind.Subject, async (context, visit) =>
        {
            var form = await PortalForm.ReadAsync(context);
            var answer = await subjects.MakeAsync(visit.Known, new(form["label"]), context.RequestAborted);
            return await pages.AfterAsync(answer, answer is JsonHttpResult<SubjectDocument> { Value: { } made } ? $"/subjects/{made.Id}" : "/subjects");
        });
        routes.Post("/subjects/{id:guid}/delete", Verb.Delete, ObjectKind.Subject, async (context, visit) =>
            await pages.AfterAsync(await subjects.RemoveAsync(context, visit.Known), "/subjects", Page(context)));
        routes.Post("/subjects/{id:guid}/services", Verb.Bind, ObjectKind.Subject, async (context, visit) =>
            await pages.AfterAsync(await subjects.AddServicesAsync(context, visit.Known, (await PortalForm.ReadAsync(context)).All("service")), Page(context)));
        routes.Post("/subjects/{id:guid}/services/{name}/remove", Verb.Bind, ObjectKind.Subject, async (context, visit) =>
            await pages.AfterAsync(await subjects.RemoveServiceAsync(context, visit.Known), Page(context)));
        routes.Post("/subjects/{id:guid}/units", Verb.Bind, ObjectKind.Subject, async (context, visit) =>
            await pages.AfterAsync(await subjects.AddUnitsAsync(context, visit.Known, Words((await PortalForm.ReadAsync(context))["units"])), Page(context)));
        routes.Post("/subjects/{id:guid}/units/{name}/remove", Verb.Bind, ObjectKind.Subject, async (context, visit) =>
            await pages.AfterAsync(await subjects.RemoveUnitAsync(context, visit.Known), Page(context)));
    }

    private Task<IResult> SubjectAsync(HttpContext context, Visit visit)
    {
        var (state, query) = (writer.State, PageQuery.Of(context));
        if (state.Subjects.GetValueOrDefault(Guid.Parse(context.Request.RouteValues["id"]!.ToString()!)) is not { } subject || !visit.Known.Sees(Guarded.Of(subject)))
            return pages.NotFoundAsync("subject");
        var isOwn = visit.Known.May(Verb.Bind, Guarded.Of(subject));
        return pages.PageAsync<SubjectPage>(new()
        {
            [nameof(SubjectPage.Query)] = query,
            [nameof(SubjectPage.Subject)] = Line(subject),
            [nameof(SubjectPage.Services)] = query.Part([.. subject.Services.Select(id => state.Services[id]).OrderBy(s => s.Codename, StringComparer.Ordinal).Select(s => (s.Id, s.Codename, s.Owner))], "services"),
            [nameof(SubjectPage.Units)] = query.Part(subject.Units).Select(u => (u, state.Units.ContainsKey(u))),
            [nameof(SubjectPage.MayBind)] = isOwn,
            [nameof(SubjectPage.MostChoices)] = MostChoices,
            [nameof(SubjectPage.MayDelete)] = visit.Known.May(Verb.Delete, Guarded.Of(subject)),
            [nameof(SubjectPage.Others)] = !isOwn ? [] : state.Services.Values.Where(s => visit.Known.Sees(Guarded.Of(s)) && !subject.Services.Contains(s.Id))
                .OrderBy(s => s.Codename, StringComparer.Ordinal).Take(MostChoices + 1).Select(s => (s.Id, s.Codename, s.Owner)).ToArray(),
        });
    }

    private static SubjectLine Line(SubjectRow subject) => new(subject.Id, subject.Label, subject.Owner, subject.IsGroup, subject.Priority, subject.Services.Count, subject.Units.Count);

    private static string Page(HttpContext context) => $"/subjects/{context.Request.RouteValues["id"]}";

    private static string[] Words(string? text) => (text ?? "").Split((char[]?)[' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
