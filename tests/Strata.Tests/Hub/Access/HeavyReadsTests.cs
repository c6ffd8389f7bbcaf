using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub.Access;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Tests.Artifacts.Signing;
using Strata.Tests.Hub.Reference;

namespace Strata.Tests.Hub.Access;

public sealed class HeavyReadsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_has_a_few_heavy_reads_at_once_and_some_waiting_and_keeps_nobody_else_from_reading()
    {
        await using var hub = new TestHubApp();
        var (running, end) = (0, new TaskCompletionSource());
        using var heavy = new HeavyReads();
        var check = new CallerCheck(hub.App.Services.GetRequiredService<Strata.Hub.Trust.HubTrust>(), hub.Writer, new FixedClock(TestPki.Shared.Now.AddDays(1)));
        var api = new ApiRoutes(hub.App, check, heavy);
        api.Get("heavy/", ObjectKind.Me, async (_, _) =>
        {
            Interlocked.Increment(ref running);
            await end.Task;
            return TypedResults.NoContent();
        }).IsHeavy();
        api.Get("light/", ObjectKind.Me, (HttpContext _, Caller _) => TypedResults.NoContent());

        var mine = Enumerable.Range(0, HeavyReads.AtOnce + HeavyReads.Waiting).Select(_ => GetAsync("heavy/", TestPki.Shared.Oem.Certificate)).ToList();
        while (Volatile.Read(ref running) < HeavyReads.AtOnce) await Task.Delay(1, Cancellation);
        var refused = await GetAsync("heavy/", TestPki.Shared.Oem.Certificate);
        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Status);
        Assert.Equal("1", refused.RetryAfter);
        Assert.Equal(("Too many at once", 429), (refused.Problem.GetProperty("title").GetString(), refused.Problem.GetProperty("status").GetInt32()));
        Assert.Equal(StatusCodes.Status204NoContent, (await GetAsync("light/", TestPki.Shared.Oem.Certificate)).Status);
        Assert.Equal(HeavyReads.AtOnce, running);

        var others = GetAsync("heavy/", TestPki.Shared.Sp.Certificate);
        while (Volatile.Read(ref running) == HeavyReads.AtOnce) await Task.Delay(1, Cancellation);
        end.SetResult();
        Assert.All(await Task.WhenAll([.. mine, others]), answer => Assert.Equal(StatusCodes.Status204NoContent, answer.Status));

        async Task<(int Status, string? RetryAfter, JsonElement Problem)> GetAsync(string path, X509Certificate2 certificate)
        {
            var endpoint = ((IEndpointRouteBuilder)hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Single(e => e.RoutePattern.RawText == ApiRoutes.Base + path);
            using var body = new MemoryStream();
            var context = new DefaultHttpContext { RequestServices = hub.App.Services, RequestAborted = Cancellation, Connection = { ClientCertificate = certificate }, Response = { Body = body } };
            context.SetEndpoint(endpoint);
            await endpoint.RequestDelegate!(context);
            return (context.Response.StatusCode, context.Response.Headers.RetryAfter, body.Length == 0 ? default : JsonDocument.Parse(body.ToArray()).RootElement);
        }
    }

    [Theory]
    [InlineData("audit/")]
    [InlineData("search/")]
    [InlineData("layers/{name}/compare/")]
    [InlineData("layers/{name}/used-by/")]
    [InlineData("layers/{name}/versions/{version}/used-by/")]
    [InlineData("layers/{name}/versions/{version}/files/")]
    [InlineData("layers/{name}/versions/{version}/symbols/")]
    public async Task What_costs_most_is_a_heavy_read_and_says_that_it_may_be_refused(string path)
    {
        await using var hub = new TestHubApp();
        Assert.Contains(
            ((IEndpointRouteBuilder)hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>(),
            e => e.RoutePattern.RawText == ApiRoutes.Base + path && e.Metadata.GetMetadata<HeavyRead>() is not null);
        var api = await ApiText.ReadAsync();
        Assert.NotNull(api.Operations.Single(o => o.Path == ApiRoutes.Base + path && o.Method == "GET").Operation["responses"]!["429"]!["headers"]!["Retry-After"]);
    }
}
