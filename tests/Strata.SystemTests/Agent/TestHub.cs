using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Artifacts.Protocol;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.SystemTests.Agent;

/// <summary>A hub as small as the facts page allows, which writes down what a unit does and can lie to it.</summary>
public sealed class TestHub : IAsyncDisposable
{
    private const string ChainName = "release";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _acks = [];
    private readonly SemaphoreSlim _sending = new(1, 1);
    private volatile WebSocket? _socket;
    private volatile DesiredStatus _desired = new([], [], [], [], []);

    private TestHub(WebApplication app) => _app = app;

    /// <summary>Blobs by hex digest.</summary>
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>How often each blob was fetched from its start.</summary>
    public ConcurrentDictionary<string, int> Fetches { get; } = [];

    /// <summary>Digests that the unit asked addresses of, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Statuses as received.</summary>
    public ConcurrentQueue<UnitStatus> Statuses { get; } = [];

    /// <summary>Things a unit must not do.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>How often discovery was asked.</summary>
    public int Discoveries { get; private set; }

    /// <summary>How many connections were taken so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Whether a full status came on the newest connection.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>What the unit has to show at the upgrade; anything else is answered with 401.</summary>
    public string Token { get; set; } = "token-1";

    /// <summary>Changes what is said of a blob.</summary>
    public Func<string, BlobLocation, BlobLocation?> Say { get; set; } = (_, location) => location;

    /// <summary>Changes what is served; null for 404.</summary>
    public Func<string, byte[], byte[]?> Serve { get; set; } = (_, content) => content;

    /// <summary>Breaks the connection after so many bytes, once for each blob in here.</summary>
    public ConcurrentDictionary<string, int> CutOnce { get; } = [];

    /// <summary>What signs releases.</summary>
    public Credentials Signer { get; set; } = null!;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public static async Task<TestHub> StartAsync(TestPki pki, int port = 0, TestHub? after = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var server = pki.Load(PkiFiles.Hub);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port, l => l.UseHttps(https =>
        {
            https.ServerCertificate = X509CertificateLoader.LoadPkcs12(File.ReadAllBytes(pki.PathOf(PkiFiles.Hub)), "");
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        })));
        var app = builder.Build();
        var hub = new TestHub(app) { Signer = pki.Load(PkiFiles.Release) };
        if (after is not null)
        {
            hub._desired = after._desired;
            foreach (var (hex, content) in after.Blobs) hub.Blobs[hex] = content;
        }
        app.UseWebSockets();
        app.MapPost("/sd/v7/", hub.DiscoverAsync);
        app.Map("/ws", hub.ConnectAsync);
        app.MapGet("/blobs/{hex}", hub.GetBlobAsync);
        await app.StartAsync();
        return hub;
    }

    public string Add(byte[] content)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(content));
        Blobs[hex] = content;
        return hex;
    }

    /// <summary>Says what the unit shall run, one instance of each, and waits for the ack.</summary>
    public Task DesireAsync(params (string Id, string Version, string Index)[] items)
    {
        var chain = new[] { Signer.Certificate }.Concat(Signer.Others.Where(c => c.Subject != c.Issuer)).ToList();
        _desired = new(
            [.. items.Select(i => new ItemEntry(new(Id: i.Id, Type: "service"), i.Version, new(Id: "sp-1"), $"sha256:{i.Index}"))],
            [.. items.Select(i => new InstancesEntry(new(Id: i.Id, Type: "service"), new(Id: "subject-1"), 0, 1))],
            [new(new(Id: "subject-1"), "group", IsReportedFromUnit: false)],
            [.. chain.Select(c => new CertificateEntry(Convert.ToBase64String(c.RawData), c.GetCertHashString(HashAlgorithmName.SHA256)))],
            [new(ChainName, [.. chain.Select(c => c.GetCertHashString(HashAlgorithmName.SHA256))])]);
        return _socket is null ? Task.CompletedTask : SendAsync(_desired, awaitAck: true);
    }

    /// <summary>Waits for a full status sent from now on that satisfies <paramref name="holds"/>.</summary>
    public async Task<UnitStatus> StatusAsync(Func<UnitStatus, bool> holds)
    {
        var limit = DateTime.UtcNow.AddSeconds(40);
        while (DateTime.UtcNow < limit)
        {
            if (Statuses.LastOrDefault(holds) is { } status) return status;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"No such status came. Last: {string.Join('\n', Statuses.TakeLast(3).Select(Show))}");
    }

    public Task<UnitStatus> ActiveAsync(string item, string version) => StatusAsync(s => !s.IsDeltaInfo
        && s.Items!.Any(i => i.Item.Id == item && i.Version == version && i.State == "installed")
        && s.Instances!.Any(i => i.Item.Id == item && i.Version == version && i.Instances.All(n => n.State == "active")));

    public async Task<ErrorInfo> FailureAsync(string item, string version)
    {
        var status = await StatusAsync(s => !s.IsDeltaInfo && s.Items!.Any(i => i.Item.Id == item && i.Version == version && i.State == "failed"));
        return status.Items!.First(i => i.Item.Id == item && i.Version == version).ErrorInfo!;
    }

    /// <summary>Drops the connection without a close.</summary>
    public void Drop() => _socket?.Abort();

    public override string ToString() =>
        $"The hub saw {Discoveries} discoveries, {Connections} connections ({(_socket is null ? "none stands" : "one stands")}) and {Statuses.Count(s => !s.IsDeltaInfo)} full statuses. Faults: {string.Join(' ', Faults)}";

    public async ValueTask DisposeAsync()
    {
        Drop();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        Signer.Dispose();
    }

    private async Task DiscoverAsync(HttpContext context)
    {
        Discoveries++;
        var request = await context.Request.ReadFromJsonAsync(ProtocolJson.Default.DiscoveryRequest);
        var certificate = await context.Connection.GetClientCertificateAsync();
        if (certificate?.GetNameInfo(X509NameType.SimpleName, false) != request!.SystemId) Faults.Enqueue("Discovery without the unit's certificate.");
        if (request.Version != 7 || request.SupportedProtocols is not ["wss"]) Faults.Enqueue($"Discovery asked {request}.");
        await context.Response.WriteAsJsonAsync(
            new(7, request.SystemId, 0, [$"{Address.Replace("https", "wss", StringComparison.Ordinal)}/ws"], Token, 0), ProtocolJson.Default.DiscoveryResponse);
    }

    private async Task ConnectAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[256 * 1024];
        IsGreeted = false;
        Connections++;
        _socket = socket;
        var isFirst = true;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (part.MessageType == WebSocketMessageType.Close) return;
                if (part.MessageType != WebSocketMessageType.Binary || !part.EndOfMessage) Faults.Enqueue("A frame is not binary and whole.");
                var envelope = EnvelopeCodec.Read(buffer.AsSpan(0, part.Count));
                if (envelope.Data is Ack)
                {
                    if (_acks.TryRemove(envelope.Header.Txn, out var ack)) ack.TrySetResult();
                    else Faults.Enqueue("An ack of nothing.");
                    continue;
                }
                await SendAsync(new Ack(), txn: envelope.Header.Txn);
                switch (envelope.Data)
                {
                    case UnitStatus status:
                        if (isFirst && status.IsDeltaInfo) Faults.Enqueue("The first status is a delta.");
                        Statuses.Enqueue(status);
                        IsGreeted |= !status.IsDeltaInfo;
                        if (isFirst) await SendAsync(_desired);
                        isFirst = false;
                        break;
                    case RequestBlobUrls request: await AnswerAsync(request); break;
                    default: Faults.Enqueue($"A {envelope.Data.GetType().Name} came."); break;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
        }
        finally
        {
            if (ReferenceEquals(_socket, socket)) _socket = null;
        }
    }

    private async Task AnswerAsync(RequestBlobUrls request)
    {
        var items = new List<BlobLocation>();
        foreach (var digest in request.Digests)
        {
            Asked.Enqueue(digest);
            var hex = digest["sha256:".Length..];
            if (!Blobs.TryGetValue(hex, out var content)) continue;
            using var key = Signer.Certificate.GetRSAPrivateKey();
            var signature = key is null ? [1] : key.SignHash(Convert.FromHexString(hex), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var location = Say(hex, new(
                digest,
                [$"{Address}/blobs/{hex}"],
                Convert.ToHexStringLower(SHA3_256.HashData(content)),
                content.Length,
                new(ChainName, "RSA/SHA256/PKCS1v1_5", Convert.ToBase64String(signature), MessageHeader.Time(DateTimeOffset.UtcNow))));
            if (location is not null) items.Add(location);
        }
        await SendAsync(new BlobUrls(request.CorrelationId, [.. items]));
    }

    private async Task GetBlobAsync(HttpContext context, string hex)
    {
        if (await context.Connection.GetClientCertificateAsync() is not null) Faults.Enqueue("A blob was fetched with a client certificate.");
        if (!Blobs.TryGetValue(hex, out var content) || Serve(hex, content) is not { } served)
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.Headers.AcceptRanges = "bytes";
        var from = (int)(context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0);
        if (from == 0) Fetches.AddOrUpdate(hex, 1, (_, n) => n + 1);
        else
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{served.Length - 1}/{served.Length}";
        }
        context.Response.ContentLength = served.Length - from;
        if (CutOnce.TryRemove(hex, out var cut))
        {
            await context.Response.Body.WriteAsync(served.AsMemory(from, cut));
            await context.Response.Body.FlushAsync();
            await Task.Delay(100);
            context.Abort();
            return;
        }
        await context.Response.Body.WriteAsync(served.AsMemory(from));
    }

    private async Task SendAsync(Message message, string? txn = null, bool awaitAck = false)
    {
        if (_socket is not { } socket) return;
        txn ??= Guid.NewGuid().ToString();
        var ack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (message is not Ack) _acks[txn] = ack;
        var frame = EnvelopeCodec.Write(new(new(7, TestPki.SystemId, MessageHeader.Time(DateTimeOffset.UtcNow), txn), message));
        await _sending.WaitAsync();
        try { await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, true, CancellationToken.None); }
        finally { _sending.Release(); }
        if (awaitAck) await ack.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static string Show(UnitStatus status) =>
        System.Text.Json.JsonSerializer.Serialize(new { status.IsDeltaInfo, status.Items, status.Instances });
}
