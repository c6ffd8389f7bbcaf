using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Strata.Hub;
using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.Garbage;
using Strata.Hub.Listeners;
using Strata.Hub.Persistence;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Store;
using Strata.Tests.Artifacts.Signing;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Access;

public sealed class ApiMatrixTests
{
    [Fact]
    public async Task Every_endpoint_of_the_API_is_in_the_matrix_with_what_it_needs()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["pki"]);
        foreach (var name in TestPki.Shared.Names) await File.WriteAllBytesAsync(Path.Combine(folder["pki"], name), TestPki.Shared[name], TestContext.Current.CancellationToken);
        var options = HubOptions.Parse(["--data", Directory.CreateDirectory(folder["hub"]).FullName, "--pki", folder["pki"]]).Options;
        var (trust, mistakes) = HubTrust.Read(options.Pki, TestPki.Shared.Now);
        Assert.Empty(mistakes);
        using var database = HubDatabase.Open(options);
        using var log = ChangeLog.Open(database);
        using var writer = new HubWriter(log, TimeProvider.System);
        var doomed = new DoomedBlobs(TimeProvider.System);
        using var index = CatalogueIndex.Open(IndexTables.Open(options, database));
        await using var app = HubProgram.Build(options, trust!, writer, new FolderBlobs(new BlobStore(options.Data), doomed), new HubFiles(options.Data), doomed, index);

        var mapped = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
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
