using Microsoft.Net.Http.Headers;
using Strata.Hub.Persistence;
using Strata.Hub.Listeners;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Units;

/// <summary>Serves blobs to whoever holds a signed address: GET and HEAD, ranges, HTTP/1.1.</summary>
internal static class BlobEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, BlobAddresses addresses, IBlobs blobs) => routes.MapMethods(
        "/blobs/sha256/{hex}", [HttpMethods.Get, HttpMethods.Head], async context => await (await AnswerAsync(context, addresses, blobs)).ExecuteAsync(context)).At(Listener.Blobs);

    private static async Task<IResult> AnswerAsync(HttpContext context, BlobAddresses addresses, IBlobs blobs)
    {
        if (!Digest.TryParse($"sha256:{context.Request.RouteValues["hex"]}", null, out var digest))
            return Problems.Answer(StatusCodes.Status400BadRequest, "The address names no blob; 64 lower-case hex digits are expected.");
        var query = context.Request.Query;
        switch (addresses.Judge(digest, query["unit"].ToString(), query["expires"].ToString(), query["sig"].ToString()))
        {
            case AddressFault.Forged: return Problems.Answer(StatusCodes.Status403Forbidden, "The address was not made by this hub, or was changed. Ask for a new one with requestBlobUrls.");
            case AddressFault.Expired: return Problems.Answer(StatusCodes.Status403Forbidden, "The address has expired. Ask for a new one with requestBlobUrls.");
        }
        var content = await blobs.OpenAsync(digest, context.RequestAborted);
        return content is null
            ? Problems.Answer(StatusCodes.Status404NotFound, $"The hub no longer holds {digest}.")
            : TypedResults.Stream(content, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{digest.Hex}\""), enableRangeProcessing: true);
    }
}
