using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Strata.Hub.Listeners;
using Strata.Hub.Portal.Pages;

namespace Strata.Hub.Portal;

/// <summary>Makes answers out of pages: rendered here and sent whole (decision 14).</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory logs, IHttpContextAccessor requests)
{
    /// <summary>No page weighs as much: what does not fit stands on further pages, or behind a link.</summary>
    public const int Heaviest = 100_000;

    /// <summary>The page <typeparamref name="TPage"/>.</summary>
    /// <param name="parameters">By the names of its parameters.</param>
    public async Task<IResult> PageAsync<TPage>(Dictionary<string, object?>? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var root = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(Root.Visit)] = requests.HttpContext!.Features.Get<Visit>()!,
            [nameof(Root.Page)] = typeof(TPage),
            [nameof(Root.Parameters)] = parameters ?? [],
        });
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Root>(root)).ToHtmlString());
        return TypedResults.Text(html, "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>A page with one sentence.</summary>
    /// <param name="next">Where to go on; null for nowhere.</param>
    /// <param name="atOnce">Whether the browser goes there by itself.</param>
    public Task<IResult> NoteAsync(string title, string text, int status, string? next = null, bool atOnce = true) => PageAsync<NotePage>(
        new() { [nameof(NotePage.Title)] = title, [nameof(NotePage.Text)] = text, [nameof(NotePage.Next)] = next, [nameof(NotePage.IsAtOnce)] = atOnce },
        status);

    /// <summary>Who asked for too much at once is told so.</summary>
    public Task<IResult> TooManyAsync(string text) => NoteAsync("Too many at once", text, StatusCodes.Status429TooManyRequests);

    /// <summary>What a form came to: on to <paramref name="done"/>, or every sentence of the refusal with the way back.</summary>
    /// <param name="answer">As the API gives it.</param>
    /// <param name="done">Of the portal.</param>
    /// <param name="back">Where the form stands; <paramref name="done"/> when null.</param>
    public async Task<IResult> AfterAsync(IResult answer, string done, string? back = null) => answer is JsonHttpResult<Problem> { Value: { } problem }
        ? await PageAsync<NotePage>(
            new() { [nameof(NotePage.Title)] = problem.Title, [nameof(NotePage.Lines)] = problem.Errors ?? [problem.Detail], [nameof(NotePage.Next)] = back ?? done },
            problem.Status)
        : TypedResults.LocalRedirect(done);

    /// <summary>The page for what is not there, or is not for this visitor: the two are not told apart.</summary>
    /// <param name="what">Such as <c>layer</c>.</param>
    public Task<IResult> NotFoundAsync(string what) =>
        NoteAsync("Not found", $"There is no such {what}, or it is not shared with you.", StatusCodes.Status404NotFound);
}
