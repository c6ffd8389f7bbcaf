using Microsoft.OpenApi;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;

namespace Strata.Hub.Garbage;

/// <summary><c>maintenance/garbage/</c>: collects at once; with <c>dry_run=true</c> it only says what would go and why.</summary>
internal sealed class GarbageEndpoint(GarbageCollector collector, HubOptions options)
{
    public void Map(ApiRoutes api) => api.Post("maintenance/garbage/", Verb.Change, ObjectKind.Maintenance, async (context, caller) =>
    {
        var mistakes = new List<string>();
        var isDryRun = QueryWords.Flag(context.Request.Query, "dry_run", mistakes) ?? false;
        var withKept = QueryWords.Flag(context.Request.Query, "kept", mistakes) ?? false;
        if (mistakes.Count > 0) return Problems.Answer(StatusCodes.Status400BadRequest, mistakes);
        var judged = await collector.CollectAsync(isDryRun, context.RequestAborted);
        GarbageSumDocument Sum(BlobFate fate) => new(judged.Count(b => b.Fate == fate), judged.Where(b => b.Fate == fate).Sum(b => b.Size));
        var listed = judged.Where(b => withKept || b.Fate != BlobFate.Kept).ToList();
        var (offset, limit) = Requests.Part(context);
        return TypedResults.Json(
            new GarbageDocument(
                isDryRun, (long)options.GarbageGrace.TotalSeconds, Sum(BlobFate.Kept), Sum(BlobFate.Waiting), Sum(BlobFate.Removed),
                [.. listed.Skip(offset).Take(limit).Select(b => new GarbageBlobDocument(b.Digest, b.Size, b.StoredAt, b.Fate.ToString().ToLowerInvariant(), b.Reason))],
                listed.Count,
                offset),
            GarbageJson.Default.GarbageDocument);
    }).Says("Collects blobs that nothing names, or says what would go and why.").Gives<GarbageDocument>()
        .Asks("dry_run", "Only say what would go.", JsonSchemaType.Boolean).Asks("kept", "List also what is kept, and what for.", JsonSchemaType.Boolean)
        .Asks("limit", $"Items at most; {Requests.MostOnAPage} when it is not given or more.", JsonSchemaType.Integer).Asks("offset", "How many to pass over.", JsonSchemaType.Integer)
        .Refuses(StatusCodes.Status400BadRequest);
}
