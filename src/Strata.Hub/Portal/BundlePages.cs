using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.Pages;
using Strata.Hub.Publishing;
using Strata.Hub.State;

namespace Strata.Hub.Portal;

/// <summary>Deployment bundles: what was uploaded, what became of it, and a place to drop the next one.</summary>
internal sealed class BundlePages(HubWriter writer, BundleEndpoints bundles, BundleEvents events, UploadEndpoints uploads, PageRenderer pages, IHostApplicationLifetime lifetime)
{
    private const int LinesPerRow = 6; // lines of the build log are short

    // After it the browser asks anew, and is asked anew who it is.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(10);

    public void Map(PortalRoutes routes)
    {
        routes.Get("/bundles", ObjectKind.Bundle, (_, visit) =>
        {
            var query = PageQuery.Of(visit.Request.HttpContext);
            return pages.PageAsync<BundlesPage>(new()
            {
                [nameof(BundlesPage.Bundles)] = query.Part(Seen(visit)).Select(bundles.Of),
                [nameof(BundlesPage.Query)] = query,
            });
        });
        routes.Get("/bundles/events", ObjectKind.Bundle, (context, visit) => Task.FromResult(bundles.Live(context, visit.Known, BoundedAsync(end => bundles.StatesAsync(visit.Known, end), context.RequestAborted))));
        routes.Get("/bundles/{id:guid}", ObjectKind.Bundle, ShowAsync);
        routes.Get("/bundles/{id:guid}/log", ObjectKind.Bundle, LogAsync);
        routes.Get("/bundles/{id:guid}/report", ObjectKind.Bundle, ReportAsync);
        routes.Post("/bundles/upload", Verb.Create, ObjectKind.Bundle, UploadAsync);
        routes.Post("/bundles/{id:guid}/delete", Verb.Delete, ObjectKind.Bundle, async (context, visit) =>
            await pages.AfterAsync(await bundles.DeleteAsync(context, visit.Known), "/bundles", $"/bundles/{context.Request.RouteValues["id"]}"));
        // In pieces, as at the API, for the page's script: an upload outlives a lost connection.
        routes.Map(HttpMethods.Post, "/uploads", Verb.Create, ObjectKind.Bundle, (context, visit) => uploads.BeginAsync(context, visit.Known));
        routes.Map(HttpMethods.Head, "/uploads/{id}", Verb.Create, ObjectKind.Bundle, (context, visit) => Task.FromResult(uploads.Show(context, visit.Known)));
        routes.Map(HttpMethods.Patch, "/uploads/{id}", Verb.Create, ObjectKind.Bundle, (context, visit) => uploads.AppendAsync(context, visit.Known));
    }

    private async Task<IResult> ShowAsync(HttpContext context, Visit visit)
    {
        if (Find(context, visit) is not { } bundle) return await pages.NotFoundAsync("bundle");
        var log = await events.LinesAsync(bundle, context.RequestAborted);
        return await pages.PageAsync<BundlePage>(new()
        {
            [nameof(BundlePage.Bundle)] = bundles.Of(bundle),
            [nameof(BundlePage.Query)] = PageQuery.Of(context),
            [nameof(BundlePage.Log)] = log.TakeLast(visit.Rows * LinesPerRow).Select(l => (l.At, l.Step, l.Level, l.Text)).ToArray(),
            [nameof(BundlePage.LogLines)] = log.Length,
            [nameof(BundlePage.MayDelete)] = visit.Known.May(Verb.Delete, Guarded.Of(bundle)),
        });
    }

    /// <summary>All that the hub has to say of a bundle, as a text to keep or to send on.</summary>
    private async Task<IResult> ReportAsync(HttpContext context, Visit visit)
    {
        if (Find(context, visit) is not { } bundle) return await pages.NotFoundAsync("bundle");
        var text = new StringBuilder($"bundle {bundle.Id} of {bundle.Owner}, {bundle.Digest}, received {bundle.ReceivedAt.UtcDateTime:u}: {bundles.Of(bundle).State}\n");
        foreach (var item in bundle.Items ?? []) text.Append($"{item.Type} {item.Codename} {item.Version}\n");
        text.Append('\n').AppendJoin('\n', bundle.BuildInfo).Append("\n\n");
        foreach (var line in await events.LinesAsync(bundle, context.RequestAborted)) text.Append($"{line.At.UtcDateTime:HH:mm:ss.fff} {line.Step} {line.Level}: {line.Text}\n");
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8", $"bundle-{bundle.Id}.txt");
    }

    /// <summary>Lines of the build log, each as it is written; <c>after</c> or <c>Last-Event-ID</c> say which one the reader has.</summary>
    private async Task<IResult> LogAsync(HttpContext context, Visit visit)
    {
        if (Find(context, visit) is not { } bundle) return await pages.NotFoundAsync("bundle");
        var last = context.Request.Headers["Last-Event-ID"] is [{ } seen] ? seen : visit.Query("after");
        _ = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        return bundles.Live(context, visit.Known, BoundedAsync(end => bundles.FollowAsync(bundle, after, end), context.RequestAborted));
    }

    private BundleRow? Find(HttpContext context, Visit visit) =>
        writer.State.Bundles.GetValueOrDefault(Guid.Parse(context.Request.RouteValues["id"]!.ToString()!)) is { } bundle && visit.Known.Sees(Guarded.Of(bundle)) ? bundle : null;

    private List<BundleRow> Seen(Visit visit) =>
        [.. writer.State.Bundles.Values.Where(b => visit.Known.Sees(Guarded.Of(b))).OrderByDescending(b => b.ReceivedAt).ThenBy(b => b.Id)];

    // Scripts get what the API answers, with its status; a form sent without script gets a page.
    private async Task<IResult> UploadAsync(HttpContext context, Visit visit)
    {
        var answer = await bundles.UploadAsync(context, visit.Known);
        if (context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "application/json")) return answer;
        return answer switch
        {
            JsonHttpResult<BundleDocument> { Value: { } bundle } => TypedResults.LocalRedirect($"/bundles/{bundle.Id}"),
            _ => await pages.AfterAsync(answer, "/bundles"),
        };
    }

    private async IAsyncEnumerable<SseItem<string>> BoundedAsync(Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        end.CancelAfter(LongestStream);
        await using var items = stream(end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(items)) yield return items.Current;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
