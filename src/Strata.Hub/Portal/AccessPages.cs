using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;

namespace Strata.Hub.Portal;

/// <summary>Who may come in, and who did what: users with their invitations, and the audit.</summary>
internal sealed class AccessPages(UserEndpoints users, InvitationEndpoints invitations, AuditEndpoints audit, Doors doors, PageRenderer pages, HeavyReads heavy)
{
    public void Map(PortalRoutes routes)
    {
        routes.Get("/audit", ObjectKind.AuditRecord, (context, visit) => heavy.AnswerAsync(context, visit.Known, () => AuditAsync(context, visit), pages.TooManyAsync));
        routes.Map(HttpMethods.Get, "/users", Verb.Read, UserEndpoints.Kinds, UsersAsync);
        routes.Map(HttpMethods.Post, "/users/invite", Verb.Create, UserEndpoints.Kinds, InviteAsync);
        routes.Map(HttpMethods.Post, "/users/{serial}/revoke", Verb.Delete, UserEndpoints.Kinds, async (context, visit) =>
        {
            var form = await PortalForm.ReadAsync(context);
            return await pages.AfterAsync(await users.RevokeAsync(visit.Known, context.Request.RouteValues["serial"]!.ToString()!, form["reason"], context.RequestAborted), "/users");
        });
        routes.Map(HttpMethods.Post, "/users/invitations/{id}/withdraw", Verb.Delete, UserEndpoints.Kinds, async (context, visit) =>
            await pages.AfterAsync(await invitations.WithdrawAsync(context, visit.Known), "/users#invitations"));
    }

    private Task<IResult> AuditAsync(HttpContext context, Visit visit)
    {
        var (filter, mistakes) = AuditEndpoints.Filter.Read(context.Request.Query);
        if (filter is not null) filter = filter with { Limit = Math.Min(filter.Limit, 2 * visit.Rows) };
        return pages.PageAsync<Pages.AuditPage>(
            new()
            {
                [nameof(Pages.AuditPage.Query)] = PageQuery.Of(context),
                [nameof(Pages.AuditPage.Mistakes)] = mistakes,
                [nameof(Pages.AuditPage.Lines)] = filter is null ? new([], null) : audit.Page(visit.Known, filter, context.RequestAborted),
            },
            filter is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    private Task<IResult> UsersAsync(HttpContext context, Visit visit)
    {
        var query = PageQuery.Of(context);
        return pages.PageAsync<UsersPage>(new()
        {
            [nameof(UsersPage.Query)] = query,
            [nameof(UsersPage.Users)] = query.Part(users.List(visit.Known, query["q"])),
            [nameof(UsersPage.Invitations)] = query.Part(invitations.List(visit.Known), "invitations"),
            [nameof(UsersPage.Roles)] = Enum.GetValues<ClientRole>().Where(r => visit.May(Verb.Create, Guarded.UserKind(r))).Select(ClientIdentity.NameOf).ToArray(),
        });
    }

    private async Task<IResult> InviteAsync(HttpContext context, Visit visit)
    {
        var form = await PortalForm.ReadAsync(context);
        int? hours = form["hours"] is { } text ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0 : null;
        var answer = await invitations.InviteAsync(visit.Known, new(form["name"], form["role"], form["owner"], hours), context.RequestAborted);
        return answer is JsonHttpResult<InvitationDocument> { Value: { } made }
            ? await pages.PageAsync<InvitedPage>(new() { [nameof(InvitedPage.Invitation)] = made, [nameof(InvitedPage.Api)] = doors.Address(Listener.Api) }, StatusCodes.Status201Created)
            : await pages.AfterAsync(answer, "/users");
    }
}
