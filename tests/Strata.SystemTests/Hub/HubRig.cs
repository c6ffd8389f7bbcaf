using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub;

/// <summary>A real hub in a process of its own, with the means to publish to it.</summary>
internal sealed class HubRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TestFolder _folder = new();
    private Process _hub = null!;
    private JsonElement _ready;
    private string[] _options = [];
    private IReadOnlyDictionary<string, string>? _environment;

    public HubRig(TestPki? pki = null) => Pki = pki ?? new(_folder["pki"]);

    public TestPki Pki { get; }

    public string Api => Address("api");

    public string Discovery => Address("discovery");

    public string Blobs => Address("blobs");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="options">Beyond those of every hub.</param>
    /// <param name="environment">Beyond the test's own.</param>
    /// <param name="pki">Another hub's; a new one when it is null.</param>
    public static async Task<HubRig> StartAsync(string[]? options = null, IReadOnlyDictionary<string, string>? environment = null, TestPki? pki = null)
    {
        var rig = new HubRig(pki) { _options = options ?? [], _environment = environment };
        await rig.StartHubAsync();
        return rig;
    }

    /// <summary>The hub's own folder.</summary>
    public string Data => _folder["hub"];

    public string Address(string name) => _ready.GetProperty(name).GetString()!;

    /// <summary>Starts the hub, also again on the same data.</summary>
    /// <param name="crashAt">Where it shall end as by kill -9; null for nowhere.</param>
    public async Task StartHubAsync(string? crashAt = null)
    {
        Begin(crashAt);
        var line = await _hub.StandardOutput.ReadLineAsync(Cancellation);
        Assert.NotNull(line);
        _ready = JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Starts the hub on the same data and waits for it to end at a point of the work that it finds there.</summary>
    public async Task CrashAsync(string point)
    {
        const int killed = 128 + 9;
        Begin(point);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await _hub.WaitForExitAsync(patience.Token);
        Assert.True(_hub.ExitCode == killed, $"{point}: {_hub.ExitCode}");
    }

    private void Begin(string? crashAt)
    {
        string[] ports = ["--api-port", "0", "--units-port", "0", "--blobs-port", "0", "--portal-port", "0", "--portal-mtls-port", "0"];
        var start = new ProcessStartInfo(
            Path.Combine(Repository.Root, "artifacts/bin/Strata.Hub/release/strata-hub"),
            ["--data", _folder["hub"], "--pki", Pki.PathOf(""), .. ports, .. _options]) { RedirectStandardOutput = true };
        foreach (var (name, value) in _environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        if (crashAt is not null) start.Environment["STRATA_CRASH_AT"] = crashAt;
        _hub = Process.Start(start)!;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _hub.Kill();
        await _hub.WaitForExitAsync(Cancellation);
    }

    /// <summary>Waits until the hub has ended by itself.</summary>
    public Task EndAsync() => _hub.WaitForExitAsync(Cancellation);

    /// <summary>A client with the certificate in <paramref name="p12"/>; with none when it is null.</summary>
    public HttpClient Client(string? p12) => new(Handler(p12 is null ? null : Pki.Load(p12))) { BaseAddress = new(Api) };

    public SocketsHttpHandler Handler(Credentials? client)
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Roots() } };
        if (client is not null) handler.SslOptions.ClientCertificates = [client.Certificate];
        return handler;
    }

    /// <summary>A browser at the portal, with cookies of its own; it has not signed in yet.</summary>
    /// <param name="follows">Whether it goes where answers send it.</param>
    public HttpClient Browser(Credentials? who = null, bool follows = true)
    {
        var handler = Handler(who);
        (handler.CookieContainer, handler.AllowAutoRedirect) = (new CookieContainer(), follows);
        handler.SslOptions.AllowTlsResume = false; // this client keeps TLS sessions by host alone, whatever the port and whoever used them
        return new(handler) { BaseAddress = new(Address("portal")) };
    }

    public X509ChainPolicy Roots()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Pki.PathOf("fleet-root.crt")));
        return policy;
    }

    /// <summary>A unit's certificate, and its registration unless it shall stay unknown.</summary>
    public async Task<Credentials> UnitAsync(string systemId, bool isRegistered = true)
    {
        using var fleet = CertificateAuthority.FromPem(
            await File.ReadAllTextAsync(Pki.PathOf("fleet-root.crt"), Cancellation), await File.ReadAllTextAsync(Pki.PathOf("fleet-root.key"), Cancellation));
        if (isRegistered) await PostAsync("units/", $$"""{"system_uid":"{{systemId}}"}""");
        return Credentials.FromPkcs12(PkiFiles.Unit(fleet, systemId, DateTimeOffset.UtcNow));
    }

    public async Task<JsonElement> PostAsync(string path, string json)
    {
        using var client = Client(PkiFiles.OemUser);
        using var answer = await client.PostAsync($"api/v11/{path}", new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> GetAsync(string path, string p12 = PkiFiles.OemUser)
    {
        using var client = Client(p12);
        return JsonDocument.Parse(await client.GetStringAsync($"api/v11/{path}", Cancellation)).RootElement;
    }

    /// <summary>Assigns a service to a unit.</summary>
    public async Task AssignAsync(string service, string systemId)
    {
        var subject = (await PostAsync("subjects/", """{"label":"all"}""")).GetProperty("id").GetString();
        await PostAsync($"subjects/{subject}/services/", $$"""{"service_ids":["{{service}}"]}""");
        await PostAsync($"subjects/{subject}/units/", $$"""{"system_uids":["{{systemId}}"]}""");
    }

    /// <summary>Signs and uploads a layer with one file, and waits for the verdict.</summary>
    public async Task<(int Code, string Output, string Error)> PublishLayerAsync(string codename, string version, string? content, string key = PkiFiles.OemUser)
    {
        var folder = await LayerFolderAsync(codename, version, content is null ? null : Encoding.UTF8.GetBytes(content), key);
        return await GoAsync(folder);
    }

    /// <summary>A bundle folder with a layer; its one file holds <paramref name="content"/>, or there is no file.</summary>
    public Task<string> LayerFolderAsync(string codename, string version, byte[]? content, string key = PkiFiles.OemUser) =>
        LayerFolderAsync(codename, version, content is null ? new Dictionary<string, byte[]>() : new Dictionary<string, byte[]> { [$"usr/lib/{codename}/file"] = content }, key);

    /// <summary>A bundle folder with a layer that holds these files.</summary>
    public async Task<string> LayerFolderAsync(string codename, string version, Dictionary<string, byte[]> files, string key = PkiFiles.OemUser)
    {
        var folder = Directory.CreateDirectory(_folder[$"layer-{Guid.NewGuid():N}"]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "old"));
        Directory.CreateDirectory(Path.Combine(folder, "new/usr/lib", codename));
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, "new", path))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, "new", path), content, Cancellation);
        }
        // Times are part of a layer: the same content again has to be the same layer.
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(folder, "new"), "*", SearchOption.AllDirectories).Append(Path.Combine(folder, "new")))
            Directory.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(1));
        await Tool.OutputAsync(Tool.Strata, "layer", "diff", Path.Combine(folder, "old"), Path.Combine(folder, "new"), Path.Combine(folder, "layer.tar.gz"));
        await ConfigAsync(folder, key, $"""
              - identity: {"{"}codename: {codename}, type: layer{"}"}
                version: {version}
                images: [{"{"}path: layer.tar.gz, archInfo: {"{"}architecture: amd64{"}"}, osInfo: {"{"}os: linux{"}}"}]
            """);
        return folder;
    }

    public async Task<(int Code, string Output, string Error)> PublishServiceAsync(string codename, string version, string layers, string key = PkiFiles.ServiceProviderUser, UnixFileMode mode = (UnixFileMode)0x1A4)
    {
        var folder = Directory.CreateDirectory(_folder[$"service-{Guid.NewGuid():N}"]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "app/opt"));
        await File.WriteAllTextAsync(Path.Combine(folder, "app/opt/main"), codename, Cancellation);
        File.SetUnixFileMode(Path.Combine(folder, "app/opt/main"), mode);
        await ConfigAsync(folder, key, $"""
              - identity: {"{"}codename: {codename}, type: service{"}"}
                version: {version}
                sourceFolder: app
                images: [{"{"}sourceFolder: ., archInfo: {"{"}architecture: amd64{"}"}, osInfo: {"{"}os: linux{"}}"}]
                configuration: {"{"}cmd: /opt/main, layers: [{layers}]{"}"}
            """);
        return await GoAsync(folder);
    }

    /// <summary>Uploads a bundle without waiting.</summary>
    /// <returns>The bundle's id, once the hub has answered 201.</returns>
    public async Task<string> UploadAsync(string folder)
    {
        var (status, body) = await UploadAsync(folder, null);
        Assert.Equal(201, status);
        return body.GetProperty("id").GetString()!;
    }

    /// <summary>Signs a bundle if that was not done yet, and uploads it.</summary>
    /// <exception cref="HttpRequestException">The hub ended meanwhile.</exception>
    public async Task<(int Status, JsonElement Body)> UploadAsync(string folder, string? idempotencyKey)
    {
        var bundle = Path.Combine(folder, "batch.tar.gz");
        if (!File.Exists(bundle)) await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", Path.Combine(folder, "config.yaml"));
        using var client = Client(PkiFiles.OemUser);
        using var file = new StreamContent(File.OpenRead(bundle));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var form = new MultipartFormDataContent { { file, "file", "batch.tar.gz" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v11/deployment-bundles/upload/") { Content = form };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await client.SendAsync(request, Cancellation);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement);
    }

    /// <summary>Waits until a bundle is judged.</summary>
    public Task<JsonElement> JudgedAsync(string id) => UntilAsync(() => GetAsync($"deployment-bundles/{id}/"), b => b.GetProperty("state").GetString() is "done" or "error");

    /// <summary>Waits until a bundle is published.</summary>
    public async Task PublishedAsync(string id)
    {
        var judged = await JudgedAsync(id);
        Assert.True(judged.GetProperty("state").GetString() == "done", judged.ToString());
    }

    /// <summary>Asks again and again until the answer is as it has to become; fails when it does not within <see cref="Patience"/>.</summary>
    public static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> ask, Func<JsonElement, bool> isSo)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50, Cancellation))
        {
            var answer = await ask();
            if (isSo(answer)) return answer;
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"It stays as it is: {answer}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hub.HasExited) _hub.Kill();
        await _hub.WaitForExitAsync(CancellationToken.None);
        _hub.Dispose();
        _folder.Dispose();
    }

    private async Task ConfigAsync(string folder, string key, string items)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), $"""
            schemaVersion: 2
            publish: {"{"}tlsKey: {key}{"}"}
            items:
            {items}
            """, Cancellation);
        foreach (var name in new[] { key, "fleet-root.crt" }) File.Copy(Pki.PathOf(name), Path.Combine(folder, name));
    }

    /// <summary>Signs and uploads a bundle folder, and waits for the verdict.</summary>
    public Task<(int Code, string Output, string Error)> GoAsync(string folder) =>
        Tool.RunAsync(Tool.Strata, "bundle", "go", "--hub", Api, "--config", Path.Combine(folder, "config.yaml"));
}
