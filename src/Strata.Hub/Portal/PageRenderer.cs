using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Strata.Hub.Portal.Pages;

namespace Strata.Hub.Portal;

/// <summary>Makes answers of the portal's pages: whole HTML documents.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory logs)
{
    /// <summary>A page with its parameters.</summary>
    public async Task<IResult> PageAsync<TPage>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return TypedResults.Text(html, "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>A page with one sentence.</summary>
    public Task<IResult> NoteAsync(string title, string text, int status) =>
        PageAsync<NotePage>(new() { [nameof(NotePage.Title)] = title, [nameof(NotePage.Text)] = text }, status);
}
