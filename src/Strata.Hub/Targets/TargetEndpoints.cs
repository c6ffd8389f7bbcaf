using Microsoft.AspNetCore.Http.Features;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Targets;

/// <summary><c>targets/</c>.</summary>
internal sealed class TargetEndpoints(HubOptions options, HubWriter writer, TargetIntake intake, TargetViews views)
{
    private const int MostShares = 1000;
    private static readonly Listing<TargetRow> Listing = new(t => $"{t.Owner}\n{t.Name}", "owner", new("owner", t => t.Owner), new("name", t => t.Name));

    // The signed document bounds each part; this bounds what stands between them.
    private long Largest => TargetIntake.LongestDocument + (BaseDocuments.Names.Count * BaseDocuments.MaxBytes) + options.MaxBundleBytes + (1 << 20);

    public void Map(ApiRoutes api)
    {
        api.Get("targets/", ObjectKind.Target, (HttpContext context, Caller caller) => Listing.Page(
            context, TargetViews.Seen(writer.State, caller), target => TargetViews.Of(target, caller), ApiJson.Default.PageTargetDocument))
            .Says("Targets.").Lists<TargetRow, TargetDocument>(Listing);
        api.Post("targets/", Verb.Create, ObjectKind.Target, PublishAsync)
            .Says("Publishes a target; 200 when it is published just so already.", "Publish with `strata target publish`.")
            .TakesForm(new ApiFormPart(TargetIntake.DocumentPart, "The signed target document, a compact JWS; it names the digests of the parts that follow."))
            .Makes<TargetDocument>().Gives<TargetDocument>()
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status507InsufficientStorage);
        api.Get("targets/{name}/", ObjectKind.Target, (HttpContext context, Caller caller) => Find(context, caller) is { } target
            ? TypedResults.Json(TargetViews.Of(target, caller), ApiJson.Default.TargetDocument)
            : Missing(context)).Says("A target.").Gives<TargetDocument>();
        api.Put("targets/{name}/sharing/", Verb.Change, ObjectKind.Target, ShareAsync)
            .Says("Says anew which service providers may read a target.").Takes<TargetSharingRequest>().Gives<TargetDocument>();
        api.Get("targets/{name}/documents/{document}", ObjectKind.Target, async (HttpContext context, Caller caller) => Find(context, caller) is { } target
            ? await views.ContentAsync(target, context.Request.RouteValues["document"]?.ToString() ?? "", context.RequestAborted)
            : Missing(context)).Says("A document of a target: its package list, or an index of its files.").GivesBytes("application/json", "The document, byte for byte as it was published.");
    }

    private async Task<IResult> PublishAsync(HttpContext context, Caller caller)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = Largest;
        if (FormParts.Of(context.Request) is not { } parts)
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The request is no multipart form with the part '{TargetIntake.DocumentPart}' first. Publish with 'strata target publish'.");
        try
        {
            return await intake.TakeAsync(caller, parts, context.RequestAborted) switch
            {
                TargetOutcome.Published published => TypedResults.Json(
                    TargetViews.Of(published.Target, caller), ApiJson.Default.TargetDocument, statusCode: published.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK),
                TargetOutcome.Refused refused => Problems.Answer(refused.Status, refused.Reasons),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (ContentTooLargeException large)
        {
            return Problems.Answer(StatusCodes.Status413PayloadTooLarge, large.Message);
        }
        catch (ContentMismatchException other)
        {
            return Problems.Answer(StatusCodes.Status422UnprocessableEntity, $"A part is not what the signed document says: {other.Message}");
        }
        catch (SpaceExhaustedException full)
        {
            return Problems.Answer(StatusCodes.Status507InsufficientStorage, full.Message);
        }
        catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException)
        {
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The upload cannot be read: {broken.Message}");
        }
    }

    private async Task<IResult> ShareAsync(HttpContext context, Caller caller)
    {
        var (request, refusal) = await Requests.ReadAsync(context, ApiJson.Default.TargetSharingRequest);
        if (request is null) return refusal!;
        if (Find(context, caller) is not { } target) return Missing(context);
        var providers = (request.ServiceProviders ?? []).Distinct().Order(StringComparer.Ordinal).ToEquatableList();
        if (providers.Count > MostShares) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, $"A target is shared with at most {MostShares} service providers by name; share it with all by '{TargetRow.Everybody}'.");
        var wrong = providers.Where(p => p != TargetRow.Everybody && !ClientIdentity.IsDomain(p)).Select(p => $"'{Quote.Short(p)}' is no domain of a service provider.").ToList();
        if (providers.Count > 1 && providers.Contains(TargetRow.Everybody)) wrong.Add($"'{TargetRow.Everybody}' is every service provider; leave the others out.");
        if (wrong.Count > 0) return Problems.Answer(StatusCodes.Status422UnprocessableEntity, wrong);
        var shared = await writer.CommitAsync(state =>
        {
            var present = state.Targets[HubState.TargetKey(target.Owner, target.Name)];
            return present.SharedWith == providers
                ? new Decision<TargetRow>(present)
                : new(present with { SharedWith = providers }, new TargetShared(present.Owner, present.Name, providers));
        }, context.RequestAborted);
        return TypedResults.Json(TargetViews.Of(shared, caller), ApiJson.Default.TargetDocument);
    }

    private TargetRow? Find(HttpContext context, Caller caller) => TargetViews.Find(writer.State, caller, context.Request.RouteValues["name"]?.ToString() ?? "");

    private static IResult Missing(HttpContext context) => Problems.Answer(
        StatusCodes.Status404NotFound,
        $"There is no target '{Quote.Short(context.Request.RouteValues["name"]?.ToString())}', or it is not shared with you. 'strata target list' shows those that are.");
}
