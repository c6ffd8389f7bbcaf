using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Model.Catalogues;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>The forms by which an OEM decides about its layers. They come from pages of the portal alone (record 0030).</summary>
internal sealed class LayerCarePages(LayerCare care, PageRenderer pages)
{
    public void Map(PortalRoutes routes)
    {
        Post("/layers/{id:guid}/settings", Verb.Change, async (context, caller, id, form) =>
            Done(await care.SetAsync(caller, id, new(form["trial"] == "on"), context.RequestAborted)));
        Post("/layers/{id:guid}/sharing", Verb.Change, async (context, caller, id, form) => Done(await care.ShareAsync(
            caller, id, new LayerSharingRequest(IsOpen: form["open"] == "on", IsRecommended: form["recommended"] == "on"), context.RequestAborted)));
        Post("/layers/{id:guid}/providers", Verb.Change, async (context, caller, id, form) => Done(await care.ShareAsync(
            caller, id, form["provider"] ?? "", new ProviderSharingRequest(form["access"], form["recommended"] switch { "yes" => true, "no" => false, _ => null }), context.RequestAborted)));
        Post("/layers/{id:guid}/aliases", Verb.Change, async (context, caller, id, form) => Done(form["remove"] is { } alias
            ? await care.UnnameAsync(caller, id, alias, context.RequestAborted)
            : await care.NameAsync(caller, id, form["alias"], context.RequestAborted)));
        Post("/layers/{id:guid}/{version}/state", Verb.Change, async (context, caller, id, form) =>
        {
            var version = Value(context, "version");
            var (outcome, _) = await care.MoveAsync(caller, id, version, new(form["state"], form["reason"], form["successor"], form["ends"]), context.RequestAborted);
            return (outcome, $"/layers/{id}/{Uri.EscapeDataString(version)}", null);
        });
        Post("/layers/{id:guid}/{version}/delete", Verb.Delete, async (context, caller, id, _) =>
        {
            var version = Value(context, "version");
            var (outcome, after) = await care.RemoveAsync(caller, id, version, context.RequestAborted);
            return (outcome, after is null ? "/layers" : $"/layers/{id}", $"/layers/{id}/{Uri.EscapeDataString(version)}");
        });

        void Post(string path, Verb verb, Func<HttpContext, Caller, string, PortalForm, Task<(Outcome Outcome, string? Done, string? Back)>> act) =>
            routes.Post(path, verb, ObjectKind.Layer, async (context, visit) =>
            {
                var id = Value(context, "id");
                var (outcome, done, back) = await act(context, visit.Known, id, await PortalForm.ReadAsync(context));
                // What is not there is not there for this visitor either: no way back to it.
                return outcome.Status == StatusCodes.Status404NotFound
                    ? await pages.NotFoundAsync("layer")
                    : await pages.AfterAsync(outcome.Answer(() => TypedResults.NoContent()), done ?? $"/layers/{id}", back);
            });
    }

    private static (Outcome Outcome, string? Done, string? Back) Done((Outcome Outcome, Layer? After) result) => (result.Outcome, null, null);

    private static string Value(HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";
}
