using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Strata.Hub.Access;

namespace Strata.Hub.Reference;

/// <summary><c>openapi.json</c>, and <c>docs</c>: the same for people. Every user may read them.</summary>
internal sealed class ApiReference
{
    private readonly ApiDocument _document;
    private readonly Lazy<Task<string>> _page;
    private readonly string _policy;

    public ApiReference(ApiDocument document, IServiceProvider services, ILoggerFactory logs)
    {
        _document = document;
        var style = Style();
        // Nothing runs and nothing is loaded; the one stylesheet stands in the page, and is named by its digest.
        _policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        _page = new(() => PageAsync(style, services, logs));
    }

    public void Map(ApiRoutes api)
    {
        api.Map(HttpMethods.Get, "openapi.json", Verb.Read, ObjectKind.Me, async (_, _) => TypedResults.Bytes(await _document.BytesAsync(), "application/json; charset=utf-8"))
            .Says("This description of the API, OpenAPI 3.1.").GivesBytes("application/json", "An OpenAPI document.");
        api.Map(HttpMethods.Get, "docs", Verb.Read, ObjectKind.Me, async (context, _) =>
        {
            context.Response.Headers.ContentSecurityPolicy = _policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Text(await PageAsync(), "text/html; charset=utf-8");
        }).Says("This description of the API, for people.").GivesBytes("text/html", "A page without scripts.");
    }

    /// <summary>The page.</summary>
    public Task<string> PageAsync() => _page.Value;

    private async Task<string> PageAsync(string style, IServiceProvider services, ILoggerFactory logs)
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(ReferencePage.Document)] = await _document.ReadAsync(), [nameof(ReferencePage.Style)] = style,
        });
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReferencePage>(parameters)).ToHtmlString());
    }

    private static string Style()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reference.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
