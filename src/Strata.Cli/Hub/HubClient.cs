using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Hub;

/// <summary>Typed calls of the hub's API, <c>/api/v11/</c>, over mutual TLS.</summary>
/// <remarks>
/// Every refusal and every failure to reach the hub is a <see cref="CommandFailure"/> that names the hub and the cure.
/// Source: facts on AosEdge, c.5 and e.4.
/// </remarks>
internal sealed partial class HubClient : IDisposable
{
    private const int DefaultPort = 10000;
    private const long MaxAnswerBytes = 256L << 20;
    private const int MaxProblemBytes = 1 << 20;
    private const int PageSize = 100;
    private readonly HubConnection _connection;
    private readonly HttpClient _http;

    /// <summary>A client of the hub at <paramref name="hub"/>.</summary>
    /// <param name="hub">Scheme, host and port; the API's path is added.</param>
    /// <param name="client">The user's certificate with its key; null for who is only about to become a user.</param>
    /// <param name="roots">Roots for the hub's certificate; null takes the system's.</param>
    /// <exception cref="CommandFailure">The user's certificate is out of its time.</exception>
    public HubClient(Uri hub, Credentials? client, X509Certificate2Collection? roots)
    {
        if (client is not null) CheckTime(client.Certificate, DateTimeOffset.UtcNow);
        Api = new(hub, "/api/v11/");
        _connection = new(Api, client, roots);
        _http = new(_connection.Handler()) { BaseAddress = Api, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A client whose requests go through <paramref name="handler"/>, which it then owns.</summary>
    internal HubClient(Uri hub, HttpMessageHandler handler)
    {
        Api = new(hub, "/api/v11/");
        _connection = new(Api, null, null);
        _http = new(handler) { BaseAddress = Api, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>How long an answer may take; where much goes either way it is not limited.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The API's address.</summary>
    public Uri Api { get; }

    /// <summary>The address that <paramref name="text"/> means: a host, <c>host:port</c>, or a URL. Port 10000 when none is given.</summary>
    /// <exception cref="CommandFailure">It is none of these.</exception>
    public static Uri Address(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}/";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0)
            throw new CommandFailure(ExitCode.Usage, $"'{Quote.Short(text)}' is no address of a hub; write https://HOST:PORT/, or HOST alone for port {DefaultPort}.");
        var hasPort = url.Contains($":{uri.Port}", StringComparison.Ordinal); // https's own port counts only when it was written
        return new UriBuilder(Uri.UriSchemeHttps, uri.Host, hasPort ? uri.Port : DefaultPort).Uri;
    }

    /// <summary>GET users/me/.</summary>
    public Task<UserInfo> MeAsync(CancellationToken cancellation) => GetAsync("users/me/", HubJson.Default.UserInfo, cancellation);

    /// <summary>GET catalogue/, the export that <c>strata resolve</c> reads: its bytes.</summary>
    public Task<byte[]> CatalogueAsync(CancellationToken cancellation) =>
        CallAsync(new(HttpMethod.Get, "catalogue/"), AnswerTimeout, async (body, token) =>
        {
            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, token);
            return bytes.ToArray();
        }, cancellation);

    /// <summary>GET services/, all pages.</summary>
    public Task<IReadOnlyList<ServiceInfo>> ServicesAsync(CancellationToken cancellation) => ListAsync("services/", HubJson.Default.PageServiceInfo, cancellation);

    /// <summary>GET services/{name}/: versions, and for each the resolved layers.</summary>
    public Task<ServiceInfo> ServiceAsync(string name, CancellationToken cancellation) => GetAsync($"services/{Uri.EscapeDataString(name)}/", HubJson.Default.ServiceInfo, cancellation);

    /// <summary>POST units/.</summary>
    public Task<UnitInfo> AddUnitAsync(NewUnit unit, CancellationToken cancellation) => PostAsync("units/", unit, HubJson.Default.NewUnit, HubJson.Default.UnitInfo, cancellation);

    /// <summary>GET units/, all pages.</summary>
    public Task<IReadOnlyList<UnitInfo>> UnitsAsync(CancellationToken cancellation) => ListAsync("units/", HubJson.Default.PageUnitInfo, cancellation);

    /// <summary>GET units/{name}/ by id or system id: online state, reported items and instances, what is desired.</summary>
    public Task<UnitInfo> UnitAsync(string name, CancellationToken cancellation) => GetAsync($"units/{Uri.EscapeDataString(name)}/", HubJson.Default.UnitInfo, cancellation);

    /// <summary>POST subjects/.</summary>
    public Task<SubjectInfo> AddSubjectAsync(NewSubject subject, CancellationToken cancellation) =>
        PostAsync("subjects/", subject, HubJson.Default.NewSubject, HubJson.Default.SubjectInfo, cancellation);

    /// <summary>GET subjects/, all pages.</summary>
    public Task<IReadOnlyList<SubjectInfo>> SubjectsAsync(CancellationToken cancellation) => ListAsync("subjects/", HubJson.Default.PageSubjectInfo, cancellation);

    /// <summary>POST subjects/{id}/services/, by id or codename.</summary>
    public Task<SubjectInfo> AssignServicesAsync(string subject, IEnumerable<string> serviceIds, CancellationToken cancellation) =>
        PostAsync($"subjects/{Uri.EscapeDataString(subject)}/services/", new SubjectServices([.. serviceIds]), HubJson.Default.SubjectServices, HubJson.Default.SubjectInfo, cancellation);

    /// <summary>POST subjects/{id}/units/.</summary>
    public Task<SubjectInfo> AssignUnitsAsync(string subject, IEnumerable<string> systemIds, CancellationToken cancellation) =>
        PostAsync($"subjects/{Uri.EscapeDataString(subject)}/units/", new SubjectUnits([.. systemIds]), HubJson.Default.SubjectUnits, HubJson.Default.SubjectInfo, cancellation);

    /// <summary>GET of one document.</summary>
    /// <param name="path">Below <c>/api/v11/</c>.</param>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) => SendAsync(new(HttpMethod.Get, path), type, AnswerTimeout, cancellation);

    /// <summary>GET of a list, page after page; by cursor where the list has one, so that nothing is missed or met twice when it changes meanwhile.</summary>
    /// <param name="path">Below <c>/api/v11/</c>; may have a query.</param>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<Page<T>> type, CancellationToken cancellation)
    {
        var all = new List<T>();
        for (string? cursor = null; ;)
        {
            var from = cursor is not null ? $"&cursor={Uri.EscapeDataString(cursor)}" : all.Count > 0 ? $"&offset={all.Count}" : "";
            var page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={PageSize}{from}", type, cancellation);
            all.AddRange(page.Items);
            var isEnd = page.NextCursor is null && (cursor is not null || all.Count >= page.Total);
            if (isEnd || page.Items.Length == 0) return all;
            cursor = page.NextCursor;
        }
    }

    /// <summary>POST of one document.</summary>
    public Task<TAnswer> PostAsync<T, TAnswer>(string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, type, answer, cancellation);

    private Task<TAnswer> SendAsync<T, TAnswer>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new("application/json");
        return SendAsync(new(method, path) { Content = content }, answer, AnswerTimeout, cancellation);
    }

    private Task<bool> DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync(new(HttpMethod.Delete, path), AnswerTimeout, (_, _) => Task.FromResult(true), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await CallAsync(request, timeout, async (body, token) =>
                await JsonSerializer.DeserializeAsync(body, type, token) ?? throw new JsonException("null"), cancellation);
        }
        catch (JsonException problem)
        {
            throw Misunderstood(request, Quote.Short(problem.Message));
        }
    }

    private Task<T> CallAsync<T>(HttpRequestMessage request, TimeSpan timeout, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        AnswerAsync(request, timeout, [], (_, body, token) => read(body, token), cancellation);

    /// <param name="accepted">Failures that <paramref name="read"/> makes something of.</param>
    private Task<T> AnswerAsync<T>(
        HttpRequestMessage request, TimeSpan timeout, HttpStatusCode[] accepted, Func<HttpResponseMessage, Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        GuardAsync(timeout, async token =>
        {
            using var sent = request;
            using var answer = await OpenAsync(sent, accepted, token);
            await using var body = new BoundedStream(await answer.Content.ReadAsStreamAsync(token), MaxAnswerBytes, "The answer");
            return await read(answer, body, token);
        }, cancellation);

    /// <summary>Sends a request.</summary>
    /// <returns>The answer, whose body is still to be read.</returns>
    /// <exception cref="CommandFailure">The hub refused it, and not in a way that is accepted.</exception>
    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, HttpStatusCode[] accepted, CancellationToken cancellation)
    {
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode || accepted.Contains(answer.StatusCode)) return answer;
        using (answer)
        {
            await using var body = new BoundedStream(await answer.Content.ReadAsStreamAsync(cancellation), MaxProblemBytes, "The answer");
            throw await HubRefusal.ReadAsync(_connection.Place, answer.StatusCode, body, cancellation);
        }
    }

    /// <summary>Makes one failure of all ways in which talking to the hub fails.</summary>
    private async Task<T> GuardAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> talk, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await talk(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _connection.Explain(new TimeoutException());
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw _connection.Explain(problem);
        }
    }

    private CommandFailure Misunderstood(HttpRequestMessage request, string why) =>
        new(ExitCode.Failed, $"What the hub at {_connection.Place} answered to {request.Method} {request.RequestUri} was not understood: {why} Are hub and strata of one release?");

    private static void CheckTime(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now > certificate.NotAfter.ToUniversalTime())
            throw new CommandFailure(ExitCode.Refused, $"The certificate '{Quote.Short(certificate.Subject)}' expired {certificate.NotAfter.ToUniversalTime():u}. Have a new one issued.");
        if (now < certificate.NotBefore.ToUniversalTime())
            throw new CommandFailure(ExitCode.Refused, $"The certificate '{Quote.Short(certificate.Subject)}' is valid only from {certificate.NotBefore.ToUniversalTime():u}. Check this machine's clock.");
    }
}
