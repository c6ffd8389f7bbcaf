using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
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
internal sealed class BundlePages(HubWriter writer, BundleEndpoints bundles, BundleEvents events, PageRenderer pages, IHostApplicationLifetime lifetime)
{
    // After it the browser asks anew, and is asked anew who it is.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(10);

    public void Map(PortalRoutes routes)
    {
        routes.Get("/bundles", ObjectKind.Bundle, (_, visit) =>
        {
            var query = PageQuery.Of(visit.Request.HttpContext);
            return pages.PageAsync<BundlesPage>(new()
            {
                [nameof(BundlesPage.Bundles)] = query.Part(Seen(visit).ConvertAll(bundles.Of)),
                [nameof(BundlesPage.Query)] = query,
            });
        });
        routes.Get("/bundles/events", ObjectKind.Bundle, (context, visit) => Task.FromResult<IResult>(TypedResults.ServerSentEvents(EventsAsync(visit, context.RequestAborted))));
        routes.Get("/bundles/{id:guid}", ObjectKind.Bundle, ShowAsync);
        routes.Post("/bundles/upload", Verb.Create, ObjectKind.Bundle, UploadAsync);
    }

    private async Task<IResult> ShowAsync(HttpContext context, Visit visit)
    {
        if (writer.State.Bundles.GetValueOrDefault(Guid.Parse(context.Request.RouteValues["id"]!.ToString()!)) is not { } bundle || !visit.Known.Sees(Guarded.Of(bundle)))
            return await pages.NotFoundAsync("bundle");
        var log = await events.LinesAsync(bundle, context.RequestAborted);
        return await pages.PageAsync<BundlePage>(new()
        {
            [nameof(BundlePage.Bundle)] = bundles.Of(bundle),
            [nameof(BundlePage.Log)] = log.TakeLast(BundlePage.MostLines).Select(l => (l.At, l.Step, l.Level, l.Text)).ToArray(),
            [nameof(BundlePage.LogLines)] = log.Length,
        });
    }

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
            JsonHttpResult<Problem> { Value: { } problem } => await pages.NoteAsync(problem.Title, problem.Detail, problem.Status, "/bundles", atOnce: false),
            _ => answer,
        };
    }

    /// <summary>The states of all bundles that the visitor sees, each as soon as it is another.</summary>
    private async IAsyncEnumerable<SseItem<string>> EventsAsync(Visit visit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        end.CancelAfter(LongestStream);
        await using var states = bundles.StatesAsync(visit.Known, end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(states)) yield return states.Current;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> states)
    {
        try
        {
            return await states.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
