using System.Text.Json.Serialization.Metadata;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>What an OEM decides about its layers: <c>layers/{name}/</c> and below it, all that is not reading.</summary>
internal sealed class LayerCareEndpoints(LayerCare care, HubWriter writer)
{
    public void Map(ApiRoutes api)
    {
        api.Put("layers/{name}/", Verb.Change, ObjectKind.Layer, (context, caller) => ReadAsync(context, LayerCareJson.Default.LayerSettingsRequest, async body =>
            Answer(await care.SetAsync(caller, Value(context, "name"), body, context.RequestAborted), caller)))
            .Says("Says what holds for a layer's versions to come.").Takes<LayerSettingsRequest>().Gives<LayerDocument>();
        api.Put("layers/{name}/sharing/", Verb.Change, ObjectKind.Layer, (context, caller) => ReadAsync(context, LayerCareJson.Default.LayerSharingRequest, async body =>
            Answer(await care.ShareAsync(caller, Value(context, "name"), body, context.RequestAborted), caller)))
            .Says("Says who may use a layer and to whom it is recommended.").Takes<LayerSharingRequest>().Gives<LayerDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Put("layers/{name}/sharing/{provider}/", Verb.Change, ObjectKind.Layer, (context, caller) => ReadAsync(context, LayerCareJson.Default.ProviderSharingRequest, async body =>
            Answer(await care.ShareAsync(caller, Value(context, "name"), Value(context, "provider"), body, context.RequestAborted), caller)))
            .Says("Says the same of one service provider.").Takes<ProviderSharingRequest>().Gives<LayerDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Post("layers/{name}/aliases/", Verb.Change, ObjectKind.Layer, (context, caller) => ReadAsync(context, LayerCareJson.Default.LayerAliasRequest, async body =>
            Answer(await care.NameAsync(caller, Value(context, "name"), body.Alias, context.RequestAborted), caller)))
            .Says("Gives a layer a further name.").Takes<LayerAliasRequest>().Gives<LayerDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("layers/{name}/aliases/{alias}/", Verb.Change, ObjectKind.Layer, async (context, caller) =>
            Answer(await care.UnnameAsync(caller, Value(context, "name"), Value(context, "alias"), context.RequestAborted), caller))
            .Says("Takes a further name of a layer away.").GivesNothing().Refuses(StatusCodes.Status409Conflict);
        api.Put("layers/{name}/versions/{version}/state/", Verb.Change, ObjectKind.Layer, (context, caller) => ReadAsync(context, LayerCareJson.Default.LayerStateRequest, async body =>
            Answer(await care.MoveAsync(caller, Value(context, "name"), Value(context, "version"), body, context.RequestAborted), caller)))
            .Says("Moves a version on in its life.").Takes<LayerStateRequest>().Gives<LayerDocument>().Refuses(StatusCodes.Status409Conflict);
        api.Delete("layers/{name}/versions/{version}/", Verb.Delete, ObjectKind.Layer, async (context, caller) =>
            Answer(await care.RemoveAsync(caller, Value(context, "name"), Value(context, "version"), context.RequestAborted), caller))
            .Says("Deletes a version that nobody uses.").Removes();
    }

    private IResult Answer((Outcome Outcome, Layer? After) done, Caller caller) => done.Outcome.Answer(() => done.After is { } layer
        ? TypedResults.Json(LayerCatalogue.Of(layer, new(writer.State, caller), int.MaxValue), ApiJson.Default.LayerDocument)
        : Problems.Answer(StatusCodes.Status404NotFound, "The layer was deleted meanwhile."));

    private static async Task<IResult> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, Task<IResult>> then)
        where T : class
    {
        var (body, refusal) = await Requests.ReadAsync(context, type);
        return body is null ? refusal! : await then(body);
    }

    private static string Value(HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";
}
