using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Listeners;
using Strata.Hub.Portal;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Tests.Hub.Portal;

/// <summary>The portal of a hub in this process: asked through the whole pipeline, as a browser's requests come to it.</summary>
internal sealed class PortalGround : IAsyncDisposable
{
    private readonly TestHubApp _hub = new();
    private readonly RequestDelegate _pipeline;

    public PortalGround() => _pipeline = ((IApplicationBuilder)_hub.App).Build();

    public HubState State => _hub.Writer.State;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Patterns of all that the portal answers a GET at.</summary>
    public string[] Routes => [.. ((IEndpointRouteBuilder)_hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetOrderedMetadata<ListenerTag>().Any(t => t.Listener == Listener.Portal) && e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Contains("GET"))
        .Select(e => e.RoutePattern.RawText!)];

    public Task CommitAsync(IEnumerable<Change> changes) => _hub.Writer.CommitAsync(_ => new Decision<bool>(true, [.. changes]), Cancellation);

    /// <summary>Puts a blob into the store.</summary>
    public async Task<Digest> PutAsync(byte[] content) => (await _hub.Blobs.IngestAsync(new MemoryStream(content), content.Length, Cancellation)).Digest;

    /// <summary>The index takes in what was committed.</summary>
    public async Task IndexAsync()
    {
        var services = _hub.App.Services;
        using var indexer = new CatalogueIndexer(_hub.Writer, services.GetRequiredService<CatalogueIndex>(), services.GetRequiredService<LayerContents>(), NullLogger<CatalogueIndexer>.Instance);
        await indexer.FollowAsync(Cancellation);
    }

    /// <summary>What a browser gets.</summary>
    /// <param name="address">Path and query.</param>
    /// <param name="caller">Who is signed in; null for nobody.</param>
    public async Task<PortalAnswer> GetAsync(string address, Caller? caller)
    {
        await using var scope = _hub.App.Services.CreateAsyncScope();
        using var body = new MemoryStream();
        var (path, query) = address.Split('?', 2) is [var before, var behind] ? (before, $"?{behind}") : (address, "");
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            Request = { Method = HttpMethods.Get, Scheme = "https", Host = new("localhost", 10002), Path = PathString.FromUriComponent(path), QueryString = new(query) },
            Response = { Body = body },
        };
        context.Features.Set(new ListenerTag(Listener.Portal)); // what the door says of a connection
        context.Request.Headers.AcceptEncoding = "gzip, deflate, br, zstd";
        context.Request.Headers.Accept = "text/html";
        if (caller is not null) context.Request.Headers.Cookie = $"{PortalSessions.Cookie}={_hub.App.Services.GetRequiredService<PortalSessions>().Begin(caller)}";
        _hub.App.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        await _pipeline(context);
        return new((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.ContentEncoding, body.ToArray());
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();
}

/// <summary>An answer of the portal.</summary>
/// <param name="Route">Pattern of what answered.</param>
internal sealed record PortalAnswer(string? Route, int Status, string? Type, string? Encoding, byte[] Body)
{
    public string Html => Encoding is null ? System.Text.Encoding.UTF8.GetString(Body) : throw new InvalidOperationException($"It is packed: {Encoding}.");
}
