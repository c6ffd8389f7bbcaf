using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Strata.Artifacts.Hashing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary><c>uploads/</c>: bundles in pieces, so that an upload that breaks off goes on where it was.</summary>
/// <remarks>Source: tus 1.0.0, core protocol with the extensions creation and termination. A whole upload becomes the bundle of the same id, named in <see cref="BundleHeader"/>.</remarks>
internal sealed class UploadEndpoints(HubOptions options, HubWriter writer, PartialUploads uploads)
{
    /// <summary>Header that names the bundle that a whole upload became.</summary>
    public const string BundleHeader = "Strata-Bundle";

    private const string Version = "1.0.0", PieceType = "application/offset+octet-stream";
    private const string Resumable = "Tus-Resumable", OffsetHeader = "Upload-Offset", LengthHeader = "Upload-Length";

    public void Map(ApiRoutes api)
    {
        api.Map(HttpMethods.Options, "uploads/", Verb.Create, ObjectKind.Bundle, (context, _) => Task.FromResult<IResult>(Offer(context)))
            .Says("Which tus is spoken here, and how long a bundle may be.").GivesNothing()
            .Tells(204, "Tus-Version", "1.0.0.").Tells(204, "Tus-Extension", "creation,termination.").Tells(204, "Tus-Max-Size", "Bytes of the longest bundle.");
        Tus(api.Post("uploads/", Verb.Create, ObjectKind.Bundle, BeginAsync))
            .Says("Begins an upload in pieces, by tus 1.0.0.").GivesNothing(StatusCodes.Status201Created).Tells(201, "Location", "Where the pieces go.")
            .AsksHeader(LengthHeader, "Bytes of the whole bundle.", JsonSchemaType.Integer, isRequired: true)
            .AsksHeader("Upload-Metadata", "What tus says of a file, such as its name; passed over.")
            .AsksHeader("Idempotency-Key", "The sender's name for this upload, 1 to 64 visible characters.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status507InsufficientStorage);
        api.Map(HttpMethods.Head, "uploads/{id}", Verb.Create, ObjectKind.Bundle, (context, caller) => Task.FromResult(Show(context, caller)))
            .Says("How far an upload has come.").GivesNothing(StatusCodes.Status200OK).AsksHeader(Resumable, "1.0.0.")
            .Tells(200, OffsetHeader, "Bytes that are here.").Tells(200, LengthHeader, "Bytes of the whole.").Tells(200, BundleHeader, "The bundle that it became, when it is whole.");
        Tus(api.Map(HttpMethods.Patch, "uploads/{id}", Verb.Create, ObjectKind.Bundle, AppendAsync))
            .Says("The next piece; with the last one the upload becomes a bundle.").TakesBytes(PieceType, "Bytes of the bundle from the offset on.").GivesNothing()
            .AsksHeader(OffsetHeader, "Where the piece begins.", JsonSchemaType.Integer, isRequired: true)
            .Tells(204, OffsetHeader, "Bytes that are here now.").Tells(204, BundleHeader, "The bundle that it became, with the last piece.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status507InsufficientStorage);
        Tus(api.Delete("uploads/{id}", Verb.Create, ObjectKind.Bundle, (context, caller) => Task.FromResult(Remove(context, caller)))).Says("Gives an upload up.").GivesNothing();
    }

    /// <summary>POST: begins an upload of <c>Upload-Length</c> bytes.</summary>
    public async Task<IResult> BeginAsync(HttpContext context, Caller caller)
    {
        if (Unfit(context) is { } unfit) return unfit;
        if (Number(context, LengthHeader) is not { } length || length == 0)
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The request has no {LengthHeader} with the bundle's length in bytes.");
        if (length > options.MaxBundleBytes)
            return Problems.Answer(StatusCodes.Status413PayloadTooLarge, $"The bundle is longer than the {options.MaxBundleBytes} bytes that this hub takes. Split it.");
        var (key, fault) = BundleEndpoints.KeyOf(context.Request);
        if (fault is not null) return fault;
        try
        {
            if (await uploads.BeginAsync(caller, length, key, context.RequestAborted) is not { } upload)
                return Problems.Answer(
                    StatusCodes.Status409Conflict, $"{PartialUploads.MostOfOneOwner} uploads of {caller.Owner} are not finished. Finish or delete some, or wait {PartialUploads.Lifetime.TotalHours:0} hours.");
            context.Response.Headers.Location = $"{context.Request.Path.ToString().TrimEnd('/')}/{upload.Id}";
            return TypedResults.StatusCode(StatusCodes.Status201Created);
        }
        catch (SpaceExhaustedException full)
        {
            return Problems.Answer(StatusCodes.Status507InsufficientStorage, full.Message);
        }
    }

    /// <summary>HEAD: how far an upload has come.</summary>
    public IResult Show(HttpContext context, Caller caller)
    {
        context.Response.Headers[Resumable] = Version;
        context.Response.Headers.CacheControl = "no-store";
        if (Whole(context, caller) is { } bundle)
        {
            context.Response.Headers[OffsetHeader] = Text(bundle.Size);
            context.Response.Headers[LengthHeader] = Text(bundle.Size);
            context.Response.Headers[BundleHeader] = bundle.Id.ToString();
            return TypedResults.Ok();
        }
        if (Find(context, caller) is not { } upload) return TypedResults.NotFound();
        context.Response.Headers[OffsetHeader] = Text(uploads.Offset(upload.Id));
        context.Response.Headers[LengthHeader] = Text(upload.Length);
        return TypedResults.Ok();
    }

    /// <summary>PATCH: the next piece. With the last one the upload becomes a bundle.</summary>
    public async Task<IResult> AppendAsync(HttpContext context, Caller caller)
    {
        if (Unfit(context) is { } unfit) return unfit;
        if (context.Request.ContentType != PieceType) return Problems.Answer(StatusCodes.Status415UnsupportedMediaType, $"A piece has the content type {PieceType}.");
        if (Number(context, OffsetHeader) is not { } offset) return Problems.Answer(StatusCodes.Status400BadRequest, $"The request has no {OffsetHeader}.");
        if (Whole(context, caller) is { } whole && offset == whole.Size)
        {
            context.Response.Headers[OffsetHeader] = Text(whole.Size);
            context.Response.Headers[BundleHeader] = whole.Id.ToString();
            return TypedResults.NoContent();
        }
        if (Find(context, caller) is not { } upload) return Missing();
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = options.MaxBundleBytes;
        try
        {
            if (await uploads.AppendAsync(upload, offset, context.Request.Body, context.RequestAborted) is not { } now)
                return Problems.Answer(StatusCodes.Status409Conflict, $"The piece does not begin at {uploads.Offset(upload.Id)}, where the last one ended, or another one is arriving. Ask with HEAD where to go on.");
            context.Response.Headers[OffsetHeader] = Text(now);
            if (now < upload.Length) return TypedResults.NoContent();
            switch (await uploads.CompleteAsync(upload, CancellationToken.None))
            {
                case Receipt.Received received: context.Response.Headers[BundleHeader] = received.Bundle.Id.ToString(); break;
                case Receipt.Repeated repeated: context.Response.Headers[BundleHeader] = repeated.Bundle.Id.ToString(); break;
                case Receipt.Conflict conflict: return Problems.Answer(StatusCodes.Status409Conflict, $"The Idempotency-Key was used for the bundle {conflict.Bundle.Id} before, which is another file. Use a new key for each file.");
            }
            return TypedResults.NoContent();
        }
        catch (ContentTooLargeException)
        {
            return Problems.Answer(StatusCodes.Status413PayloadTooLarge, $"The piece goes beyond the {upload.Length} bytes that {LengthHeader} promised.");
        }
        catch (SpaceExhaustedException full)
        {
            return Problems.Answer(StatusCodes.Status507InsufficientStorage, full.Message);
        }
        catch (BadHttpRequestException broken)
        {
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The piece broke off: {broken.Message}");
        }
    }

    /// <summary>DELETE: gives an upload up.</summary>
    public IResult Remove(HttpContext context, Caller caller)
    {
        if (Unfit(context) is { } unfit) return unfit;
        if (Find(context, caller) is not { } upload) return Missing();
        uploads.Remove(upload.Id);
        return TypedResults.NoContent();
    }

    private static IEndpointConventionBuilder Tus(IEndpointConventionBuilder endpoint) =>
        endpoint.AsksHeader(Resumable, "1.0.0.", isRequired: true).Refuses(StatusCodes.Status412PreconditionFailed);

    private NoContent Offer(HttpContext context)
    {
        context.Response.Headers[Resumable] = Version;
        context.Response.Headers["Tus-Version"] = Version;
        context.Response.Headers["Tus-Extension"] = "creation,termination";
        context.Response.Headers["Tus-Max-Size"] = Text(options.MaxBundleBytes);
        return TypedResults.NoContent();
    }

    private static IResult? Unfit(HttpContext context)
    {
        context.Response.Headers[Resumable] = Version;
        if (context.Request.Headers[Resumable] == Version) return null;
        context.Response.Headers["Tus-Version"] = Version;
        return Problems.Answer(StatusCodes.Status412PreconditionFailed, $"The request has no header {Resumable}: {Version}.");
    }

    // Of the same user of the same owner only; to everybody else it is not there.
    private PartialUpload? Find(HttpContext context, Caller caller) =>
        Id(context) is { } id && uploads.Find(id) is { } upload && upload.Caller == caller ? upload : null;

    private BundleRow? Whole(HttpContext context, Caller caller) =>
        Id(context) is { } id && writer.State.Bundles.TryGetValue(id, out var bundle) && caller.Sees(Guarded.Of(bundle)) ? bundle : null;

    private static Guid? Id(HttpContext context) => Guid.TryParse(context.Request.RouteValues["id"]?.ToString(), out var id) ? id : null;

    private static IResult Missing() => Problems.Answer(StatusCodes.Status404NotFound, "There is no such upload, or it is not yours. Begin a new one.");

    private static long? Number(HttpContext context, string header) =>
        long.TryParse(context.Request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
