using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Strata.Hub.Access;
using Strata.Hub.Listeners;

namespace Strata.Tests.Hub.Access;

public sealed class ApiMatrixTests
{
    [Fact]
    public async Task Every_endpoint_of_the_API_is_in_the_matrix_with_what_it_needs()
    {
        await using var hub = new TestHubApp();
        var mapped = ((IEndpointRouteBuilder)hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ListenerTag>()?.Listener == Listener.Api)
            .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText![ApiRoutes.Base.Length..]} {Needs(e)}"));
        var rows = ApiMatrix.Rows.Select(r => $"{r.Method} {r.Path} {r.Needs}").ToHashSet();
        Assert.Empty(mapped.Except(rows));
    }

    [Fact]
    public void Every_row_says_what_every_caller_is_answered() =>
        Assert.All(ApiMatrix.Rows, row => Assert.Equal(ApiMatrix.Callers.Length, row.Statuses.Length));

    private static string Needs(RouteEndpoint endpoint)
    {
        var needs = endpoint.Metadata.GetMetadata<Needs>() ?? throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} says not what it needs: map it by ApiRoutes.");
        return $"{needs.Verb}:{(needs.Kinds.SequenceEqual(UserEndpoints.Kinds) ? "*User" : string.Join(',', needs.Kinds))}";
    }
}
