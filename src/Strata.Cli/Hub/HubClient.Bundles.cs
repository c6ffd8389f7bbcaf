using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Strata.Artifacts.Hashing;
using Strata.Model.Identity;

namespace Strata.Cli.Hub;

/// <summary>A line of a bundle's build log.</summary>
/// <param name="Level"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
internal sealed record BundleLogLine(DateTimeOffset? At, string? Step, string? Level, string Text);

/// <summary>What happened to a bundle: a line of its log, or how it stands.</summary>
/// <param name="Id">To go on behind it; null when it has none.</param>
internal sealed record BundleEvent(string? Id, BundleLogLine? Line, BundleInfo? State);

/// <summary>Calls about bundles that arrived.</summary>
internal sealed partial class HubClient
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const string EventStream = "text/event-stream";
    private const long MaxLogBytes = 64L << 20;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>POST deployment-bundles/upload/. What comes back says that the bundle arrived, not that it was accepted.</summary>
    /// <param name="bundle">Read from its present position to its end.</param>
    /// <param name="size">Bytes that are left in it.</param>
    /// <param name="key">The same key again answers with the first bundle; null for none.</param>
    /// <param name="progress">Receives bytes sent so far.</param>
    public async Task<BundleInfo> UploadBundleAsync(Stream bundle, long size, string fileName, string? key, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var file = new StreamedContent(bundle, size, progress);
        file.Headers.ContentType = new("application/gzip");
        using var form = new MultipartFormDataContent { { file, "file", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "deployment-bundles/upload/") { Content = form };
        if (key is not null) request.Headers.Add(IdempotencyKey, key);
        request.Headers.ExpectContinue = true; // a refusal by role or size then comes before the bytes go
        return await SendAsync(request, HubJson.Default.BundleInfo, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <summary>GET deployment-bundles/{id}/.</summary>
    public Task<BundleInfo> BundleAsync(string id, CancellationToken cancellation) => GetAsync(BundlePath(id), HubJson.Default.BundleInfo, cancellation);

    /// <summary>GET deployment-bundles/, all pages.</summary>
    public Task<IReadOnlyList<BundleInfo>> BundlesAsync(CancellationToken cancellation) => ListAsync("deployment-bundles/", HubJson.Default.PageBundleInfo, cancellation);

    /// <summary>DELETE deployment-bundles/{id}/.</summary>
    public Task DeleteBundleAsync(string id, CancellationToken cancellation) => DeleteAsync(BundlePath(id), cancellation);

    /// <summary>GET deployment-bundles/{id}/log/ as it grows; ends after the state is done or error, or when the connection ends.</summary>
    /// <param name="after">Id of the last event seen; null begins at the first.</param>
    /// <returns>Null when the hub keeps no log that can be followed.</returns>
    public async Task<IAsyncEnumerable<BundleEvent>?> FollowBundleAsync(string id, string? after, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{BundlePath(id)}log/");
        request.Headers.Accept.ParseAdd(EventStream);
        if (after is not null) request.Headers.Add("Last-Event-ID", after);
        var answer = await GuardAsync(AnswerTimeout, token => OpenAsync(request, [HttpStatusCode.NotFound, HttpStatusCode.NotAcceptable], token), cancellation);
        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == EventStream) return EventsAsync(request, answer, cancellation);
        answer.Dispose();
        return null;
    }

    private static string BundlePath(string id) => $"deployment-bundles/{Uri.EscapeDataString(id)}/";

    private async IAsyncEnumerable<BundleEvent> EventsAsync(HttpRequestMessage request, HttpResponseMessage answer, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var open = answer;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var body = new BoundedStream(await open.Content.ReadAsStreamAsync(cancellation), MaxLogBytes, "The log");
        await using var events = SseParser.Create(body, Read).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        while (true)
        {
            limit.CancelAfter(Silence);
            try
            {
                if (!await events.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw _connection.Explain(new TimeoutException());
            }
            catch (Exception problem) when (problem is JsonException or ContentTooLargeException)
            {
                throw Misunderstood(request, Quote.Short(problem.Message));
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException)
            {
                throw _connection.Explain(problem);
            }
            if (events.Current.Data is { } seen) yield return seen with { Id = events.Current.EventId };
        }
    }

    private static BundleEvent? Read(string type, ReadOnlySpan<byte> data) => type switch
    {
        "log" => new(null, JsonSerializer.Deserialize(data, HubJson.Default.BundleLogLine), null),
        "state" => new(null, null, JsonSerializer.Deserialize(data, HubJson.Default.BundleInfo)),
        _ => null,
    };
}
