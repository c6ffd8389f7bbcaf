using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Strata.Artifacts.Hashing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary><c>deployment-bundles/</c>. Source: facts on AosEdge, c.5 and e.4.</summary>
internal sealed class BundleEndpoints(HubOptions options, HubWriter writer, BundleInbox inbox, PublishingWorker worker)
{
    private const string FileField = "file";
    private const int MultipartOverhead = 1024 * 1024;
    private const int LongestBoundary = 70; // RFC 2046, 5.1.1

    public void Map(ApiRoutes api)
    {
        api.Post("deployment-bundles/upload/", Verb.Create, ObjectKind.Bundle, UploadAsync);
        api.Get("deployment-bundles/", ObjectKind.Bundle, (HttpContext context, Caller caller) => Requests.Page(
            context, writer.State.Bundles.Values.Where(b => caller.Sees(Guarded.Of(b))).OrderByDescending(b => b.ReceivedAt), Of, ApiJson.Default.PageBundleDocument));
        api.Get("deployment-bundles/{id}/", ObjectKind.Bundle, Show);
    }

    /// <summary>A bundle as the API and the portal show it.</summary>
    public BundleDocument Of(BundleRow bundle) => new(
        bundle.Id,
        worker.Current == bundle.Id && bundle.State == BundleState.Uploaded ? "processing" : bundle.State.ToString().ToLowerInvariant(),
        bundle.Items?.Select(i => new BundleItemDocument(i.Id, i.Type, i.Codename, i.Version)).ToArray(),
        bundle.State == BundleState.Uploaded ? null : string.Join('\n', bundle.BuildInfo),
        bundle.Size,
        bundle.Digest,
        bundle.Owner,
        bundle.ReceivedAt);

    private IResult Show(HttpContext context, Caller caller)
    {
        var text = context.Request.RouteValues["id"]?.ToString();
        return Guid.TryParse(text, out var id) && writer.State.Bundles.TryGetValue(id, out var bundle) && caller.Sees(Guarded.Of(bundle))
            ? TypedResults.Json(Of(bundle), ApiJson.Default.BundleDocument)
            : Problems.Answer(StatusCodes.Status404NotFound, $"There is no bundle '{Quote.Short(text)}', or it is not yours.");
    }

    private async Task<IResult> UploadAsync(HttpContext context, Caller caller)
    {
        var limit = options.MaxBundleBytes + MultipartOverhead;
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = limit;
        if (context.Request.ContentLength > limit) return TooLarge();
        try
        {
            await using var file = await FileAsync(context);
            return file is null
                ? Problems.Answer(StatusCodes.Status400BadRequest, $"The request holds no multipart field '{FileField}' with the bundle in it.")
                : TypedResults.Json(Of(await inbox.ReceiveAsync(caller, file, context.RequestAborted)), ApiJson.Default.BundleDocument, statusCode: StatusCodes.Status201Created);
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

    private static async Task<Stream?> FileAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary)
            return null;
        var parts = new MultipartReader(boundary, context.Request.Body);
        try
        {
            while (await parts.ReadNextSectionAsync(context.RequestAborted) is { } part)
                if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name) == FileField)
                    return new Part(part.Body);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            throw new InvalidDataException(broken.Message, broken);
        }
        return null;
    }

    /// <summary>Tells a form that breaks off, which is the sender's fault, from a disk that fails, which is not.</summary>
    private sealed class Part(Stream body) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException("A request is read asynchronously.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            catch (IOException broken) when (broken is not BadHttpRequestException)
            {
                throw new InvalidDataException(broken.Message, broken);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) body.Dispose();
            base.Dispose(disposing);
        }
    }

    private IResult TooLarge() => Problems.Answer(
        StatusCodes.Status413PayloadTooLarge, $"The bundle is longer than the {options.MaxBundleBytes} bytes that this hub takes. Split it.");
}
