using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;
using Strata.Artifacts.Hashing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary><c>deployment-bundles/</c>. Source: facts on AosEdge, c.5 and e.4.</summary>
internal sealed class BundleEndpoints(HubOptions options, HubWriter writer, BundleInbox inbox, PublishingWorker worker, BundleEvents events, LiveReaders readers, HubFiles files)
{
    private const string FileField = "file";
    private const int MultipartOverhead = 1024 * 1024;
    private const int LongestKey = 64;
    private static readonly Listing<BundleRow> Listing = new(b => b.Id.ToString(), "-received_at", new Order<BundleRow>("received_at", b => $"{b.ReceivedAt.UtcDateTime:O}"));
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15); // proxies close what is silent for long

    public void Map(ApiRoutes api)
    {
        api.Post("deployment-bundles/upload/", Verb.Create, ObjectKind.Bundle, UploadAsync)
            .Says("Takes a bundle in; it is judged afterwards.", "201 says that it arrived, not that it is accepted: follow its log. With an Idempotency-Key that was used for the same file before, 200 and that bundle.")
            .AsksHeader("Idempotency-Key", "The sender's name for this upload, 1 to 64 visible characters.")
            .TakesForm(new ApiFormPart(FileField, "The signed bundle, batch.tar.gz.")).Makes<BundleDocument>().Gives<BundleDocument>()
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status507InsufficientStorage);
        api.Get("deployment-bundles/", ObjectKind.Bundle, List).Says("Bundles, the last first.").Lists<BundleRow, BundleDocument>(Listing)
            .Asks("state", "Only those in this state.", values: ["uploaded", "processing", "done", "error"]).Searches("codenames of items; or the begin of the id");
        api.Get("deployment-bundles/events/", ObjectKind.Bundle, (HttpContext context, Caller caller) => Live(context, caller, StatesAsync(caller, context.RequestAborted)))
            .Says("Every bundle whose state or step changes, live.").GivesEvents("Events `state`, whose data is a bundle; and `ping` now and then.").Refuses(StatusCodes.Status429TooManyRequests);
        api.Get("deployment-bundles/{id}/", ObjectKind.Bundle, Show).Says("A bundle.").Gives<BundleDocument>();
        api.Get("deployment-bundles/{id}/log/", ObjectKind.Bundle, LogAsync)
            .Says("A bundle's build log; live, when an event stream is asked for.").Gives<BuildLine[]>()
            .GivesEvents("Events `log`, whose data is a line and whose id its number; and `state`, whose data is the bundle. Ends when it is judged.")
            .AsksHeader("Last-Event-ID", "Number of the last line that the reader has: the stream goes on behind it.", JsonSchemaType.Integer).Refuses(StatusCodes.Status429TooManyRequests);
        api.Delete("deployment-bundles/{id}/", Verb.Delete, ObjectKind.Bundle, DeleteAsync).Says("Removes the record of a judged bundle; what it published stays.").Removes();
    }

    /// <summary>A bundle as the API and the portal show it.</summary>
    public BundleDocument Of(BundleRow bundle) => new(
        bundle.Id,
        bundle.State == BundleState.Uploaded && worker.IsJudging(bundle) ? "processing" : bundle.State.ToString().ToLowerInvariant(),
        bundle.Items?.Select(i => new BundleItemDocument(i.Id, i.Type, i.Codename, i.Version)).ToArray(),
        bundle.State == BundleState.Uploaded ? null : string.Join('\n', bundle.BuildInfo),
        bundle.Size,
        bundle.Digest,
        bundle.Owner,
        bundle.ReceivedAt,
        BundleEvents.Name(bundle.Step),
        bundle.JudgedAt);

    /// <summary>Lines of a bundle's build log and its states, live, until it is judged.</summary>
    /// <param name="after">Number of the last line that the reader has.</param>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(BundleRow bundle, int after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        BundleStep? step = null;
        await foreach (var (number, line) in events.FollowAsync(bundle.Id, after, cancellation))
        {
            if (writer.State.Bundles.GetValueOrDefault(bundle.Id) is { } now && now.Step != step)
            {
                step = now.Step;
                yield return State(now);
            }
            yield return new(JsonSerializer.Serialize(line, BuildLineJson.Default.BuildLine), "log") { EventId = number.ToString(CultureInfo.InvariantCulture) };
        }
        if (writer.State.Bundles.GetValueOrDefault(bundle.Id) is { } judged) yield return State(judged);
    }

    /// <summary>Every bundle of the caller whose state or step changes, live, until the reader goes away.</summary>
    public async IAsyncEnumerable<SseItem<string>> StatesAsync(Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var changes = events.Listen();
        while (true)
        {
            if (await changes.NextAsync(Beat, cancellation) is not { } changed) yield return new("", "ping");
            else if (writer.State.Bundles.GetValueOrDefault(changed) is { } bundle && caller.Sees(Guarded.Of(bundle))) yield return State(bundle);
        }
    }

    /// <summary>Answers with a stream, if the caller has not too many open.</summary>
    public IResult Live(HttpContext context, Caller caller, IAsyncEnumerable<SseItem<string>> stream)
    {
        if (readers.Enter(caller) is not { } place)
            return Problems.Answer(StatusCodes.Status429TooManyRequests, $"{caller.Name} follows {LiveReaders.MostOfOneUser} bundles or lists of them live already. End some, or ask without following.");
        context.Response.RegisterForDispose(place);
        return TypedResults.ServerSentEvents(stream);
    }

    private SseItem<string> State(BundleRow bundle) => new(JsonSerializer.Serialize(Of(bundle), ApiJson.Default.BundleDocument), "state");

    private IResult List(HttpContext context, Caller caller)
    {
        var (search, wanted) = (context.Request.Query["search"].ToString(), context.Request.Query["state"].ToString());
        var seen = writer.State.Bundles.Values
            .Where(b => caller.Sees(Guarded.Of(b)))
            .Where(b => wanted.Length == 0 || Of(b).State.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            .Where(b => search.Length == 0 || (b.Items ?? []).Any(i => i.Codename.Contains(search, StringComparison.OrdinalIgnoreCase)) || b.Id.ToString().StartsWith(search, StringComparison.OrdinalIgnoreCase));
        return Listing.Page(context, seen, Of, ApiJson.Default.PageBundleDocument);
    }

    private IResult Show(HttpContext context, Caller caller) =>
        Find(context, caller) is { } bundle ? TypedResults.Json(Of(bundle), ApiJson.Default.BundleDocument) : Missing(context);

    private async Task<IResult> LogAsync(HttpContext context, Caller caller)
    {
        if (Find(context, caller) is not { } bundle) return Missing(context);
        if (!context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            return TypedResults.Json(await events.LinesAsync(bundle, context.RequestAborted), BuildLineJson.Default.BuildLineArray);
        _ = int.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        return Live(context, caller, FollowAsync(bundle, after, context.RequestAborted));
    }

    /// <summary>Deletes the bundle of the route: the file's record, not what it published.</summary>
    public async Task<IResult> DeleteAsync(HttpContext context, Caller caller)
    {
        if (Find(context, caller) is not { } bundle) return Missing(context);
        if (!caller.May(Verb.Delete, Guarded.Of(bundle))) return Problems.Answer(StatusCodes.Status403Forbidden, "The bundle is its owner's to delete.");
        var deleted = await writer.CommitAsync(
            state => state.Bundles.GetValueOrDefault(bundle.Id) is { State: BundleState.Uploaded } ? new Decision<bool>(false)
                : state.Bundles.ContainsKey(bundle.Id) ? new Decision<bool>(true, new BundleDeleted(bundle.Id))
                : new Decision<bool>(true), context.RequestAborted);
        if (!deleted) return Problems.Answer(StatusCodes.Status409Conflict, "The bundle is being judged. Delete it when it is done.");
        File.Delete(files.Bundle(bundle.Id));
        return TypedResults.NoContent();
    }

    private BundleRow? Find(HttpContext context, Caller caller) =>
        Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id) && writer.State.Bundles.TryGetValue(id, out var bundle) && caller.Sees(Guarded.Of(bundle)) ? bundle : null;

    private static IResult Missing(HttpContext context) => Problems.Answer(
        StatusCodes.Status404NotFound, $"There is no bundle '{Quote.Short(context.Request.RouteValues["id"]?.ToString())}', or it is not yours.");

    /// <summary>Takes a form's bundle in: at the API, and at the portal for who is signed in there.</summary>
    public async Task<IResult> UploadAsync(HttpContext context, Caller caller)
    {
        var limit = options.MaxBundleBytes + MultipartOverhead;
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = limit;
        if (context.Request.ContentLength > limit) return TooLarge();
        var (key, fault) = KeyOf(context.Request);
        if (fault is not null) return fault;
        try
        {
            var parts = FormParts.Of(context.Request);
            while (parts is not null && await parts.NextAsync(context.RequestAborted) is { } part)
                if (part.Name == FileField) return Answer(await inbox.ReceiveAsync(caller, part.Content, context.Request.ContentLength, key, context.RequestAborted));
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The request holds no multipart field '{FileField}' with the bundle in it.");
        }
        catch (ContentTooLargeException)
        {
            return TooLarge();
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

    /// <summary>What an upload came to, as the API answers it.</summary>
    public IResult Answer(Receipt receipt) => receipt switch
    {
        Receipt.Received received => TypedResults.Json(Of(received.Bundle), ApiJson.Default.BundleDocument, statusCode: StatusCodes.Status201Created),
        Receipt.Repeated repeated => TypedResults.Json(Of(repeated.Bundle), ApiJson.Default.BundleDocument),
        Receipt.Conflict conflict => Problems.Answer(
            StatusCodes.Status409Conflict, $"The Idempotency-Key was used for the bundle {conflict.Bundle.Id} before, which is {conflict.Bundle.Digest} and another file. Use a new key for each file."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The uploader's own name for an upload. Source: IETF draft, The Idempotency-Key HTTP Header Field.</summary>
    public static (string? Key, IResult? Fault) KeyOf(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString().Trim('"');
        return key.Length == 0 ? (null, null)
            : key.Length <= LongestKey && key.All(c => c is > ' ' and < (char)127) ? (key, null)
            : (null, Problems.Answer(StatusCodes.Status400BadRequest, $"The Idempotency-Key is not 1 to {LongestKey} visible characters."));
    }

    private IResult TooLarge() => Problems.Answer(
        StatusCodes.Status413PayloadTooLarge, $"The bundle is longer than the {options.MaxBundleBytes} bytes that this hub takes. Split it.");
}
