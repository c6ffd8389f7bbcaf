using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>A unit written from the facts page on protocol v7 alone: it reads frames itself and takes what AosCore takes, and nothing else.</summary>
internal sealed class StrictUnit : IAsyncDisposable
{
    private const byte FinalBinary = 0x82, FinalText = 0x81, FirstOfBinary = 0x02, FinalContinuation = 0x80, FinalClose = 0x88, FinalPing = 0x89, FinalPong = 0x8A;
    private readonly SslStream _stream;
    private readonly string _systemId;

    private StrictUnit(SslStream stream, string systemId) => (_stream, _systemId) = (stream, systemId);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asks discovery.</summary>
    public static async Task<(int Status, JsonElement Answer)> DiscoverAsync(HubRig rig, Credentials certificate, string systemId)
    {
        using var client = new HttpClient(rig.Handler(certificate));
        using var answer = await client.PostAsJsonAsync(rig.Discovery, new { version = 7, systemId, supportedProtocols = new[] { "wss" } }, Cancellation);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement);
    }

    /// <summary>Discovers and connects.</summary>
    public static async Task<StrictUnit> ConnectAsync(HubRig rig, Credentials certificate, string systemId)
    {
        var (status, answer) = await DiscoverAsync(rig, certificate, systemId);
        Assert.Equal(200, status);
        var (unit, code) = await UpgradeAsync(rig, certificate, systemId, answer.GetProperty("authToken").GetString()!, answer.GetProperty("connectionInfo")[0].GetString()!);
        Assert.Equal(101, code);
        return unit!;
    }

    /// <summary>Tries the WebSocket upgrade as AosCore writes it.</summary>
    public static async Task<(StrictUnit? Unit, int Status)> UpgradeAsync(HubRig rig, Credentials certificate, string systemId, string token, string url)
    {
        var uri = new Uri(url);
        var socket = new TcpClient();
        await socket.ConnectAsync(uri.Host, uri.Port, Cancellation);
        var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = uri.Host, ClientCertificates = [certificate.Certificate], CertificateChainPolicy = rig.Roots() }, Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n"), Cancellation);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Cancellation) == 1) head.Append((char)one[0]);
        var status = int.Parse(head.ToString().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        if (status == 101) return (new(stream, systemId), status);
        await stream.DisposeAsync();
        return (null, status);
    }

    /// <summary>Sends a message in one binary frame.</summary>
    /// <returns>Its txn.</returns>
    public Task<string> SendAsync(string data) => SendAsync(data, Guid.NewGuid().ToString());

    public async Task<string> SendAsync(string data, string txn)
    {
        await WriteFrameAsync(FinalBinary, Message(data, txn));
        return txn;
    }

    /// <summary>Sends a message in one text frame, which nobody may take.</summary>
    public Task SendTextAsync(string data) => WriteFrameAsync(FinalText, Message(data, Guid.NewGuid().ToString()));

    /// <summary>Sends a message in two frames.</summary>
    public async Task<string> SendFragmentedAsync(string data)
    {
        var txn = Guid.NewGuid().ToString();
        var message = Message(data, txn);
        await WriteFrameAsync(FirstOfBinary, message.AsMemory(0, 10));
        await WriteFrameAsync(FinalContinuation, message.AsMemory(10));
        return txn;
    }

    /// <summary>A full status of a unit that has nothing.</summary>
    public Task<string> SendStatusAsync(string items = "[]") => SendAsync($$"""
        "messageType":"unitStatus","isDeltaInfo":false,"unitConfig":[{"state":"absent"}],"nodes":[{"identity":{"codename":"main","title":"main"},
        "nodeGroupSubject":{"codename":"main"},"maxDmips":10000,"totalRam":1000000,"osInfo":{"os":"linux"},"cpus":[{"modelName":"x","totalNumCores":1,
        "totalNumThreads":1,"archInfo":{"architecture":"amd64"} }],"state":"provisioned","isConnected":true}],"items":{{items}},"instances":[],"subjects":[]
        """);

    /// <summary>The next message; each has to come in one final binary frame (trap 1).</summary>
    public async Task<(string Type, string Txn, JsonElement Data)> ReceiveAsync()
    {
        var message = await NextAsync();
        Assert.NotNull(message);
        var root = JsonDocument.Parse(message).RootElement;
        var header = root.GetProperty("header");
        Assert.Equal(7, header.GetProperty("version").GetInt32());
        Assert.Equal(_systemId, header.GetProperty("systemId").GetString());
        var data = root.GetProperty("data");
        return (data.GetProperty("messageType").GetString()!, header.GetProperty("txn").GetString()!, data);
    }

    /// <summary>The next message, which has to be the ack of <paramref name="txn"/>.</summary>
    public async Task ReceiveAckAsync(string txn)
    {
        var (type, acknowledged, _) = await ReceiveAsync();
        Assert.Equal(("ack", txn), (type, acknowledged));
    }

    /// <summary>The next message of the given type, acknowledged.</summary>
    public async Task<JsonElement> ReceiveAsync(string wanted)
    {
        var (type, txn, data) = await ReceiveAsync();
        Assert.Equal(wanted, type);
        await SendAsync("\"messageType\":\"ack\"", txn);
        return data;
    }

    /// <summary>Asks for one blob as AosCore does.</summary>
    public async Task<JsonElement> LocateAsync(string digest)
    {
        var correlation = Guid.NewGuid().ToString();
        await ReceiveAckAsync(await SendAsync($"\"messageType\":\"requestBlobUrls\",\"correlationId\":\"{correlation}\",\"digests\":[\"{digest}\"]"));
        var answer = await ReceiveAsync("blobUrls");
        Assert.Equal(correlation, answer.GetProperty("correlationId").GetString());
        return answer.GetProperty("items");
    }

    /// <summary>Whether the hub stays silent for a while.</summary>
    public async Task<bool> IsSilentAsync(TimeSpan time)
    {
        var next = NextAsync();
        return await Task.WhenAny(next, Task.Delay(time, Cancellation)) != next;
    }

    /// <summary>The payload of the next data frame; null when the hub closed.</summary>
    public async Task<byte[]?> NextAsync()
    {
        while (true)
        {
            var head = new byte[2];
            if (await _stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, Cancellation) < 2) return null;
            long length = head[1];
            if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(await ExactlyAsync(2));
            else if (length == 127) length = BinaryPrimitives.ReadInt64BigEndian(await ExactlyAsync(8));
            var payload = await ExactlyAsync((int)length);
            if (head[0] == FinalClose) return null;
            if (head[0] == FinalPing) await WriteFrameAsync(FinalPong, payload);
            else if (head[0] != FinalPong)
            {
                Assert.Equal(FinalBinary, head[0]);
                return payload;
            }
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private byte[] Message(string data, string txn) => Encoding.UTF8.GetBytes(
        $$$"""{"header":{"version":7,"systemId":"{{{_systemId}}}","createdAt":"2026-08-19T12:00:00.123456Z","txn":"{{{txn}}}"},"data":{ {{{data}}} }}""");

    private async Task<byte[]> ExactlyAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }

    private async Task WriteFrameAsync(byte first, ReadOnlyMemory<byte> payload)
    {
        using var frame = new MemoryStream();
        frame.WriteByte(first);
        if (payload.Length < 126) frame.WriteByte((byte)(0x80 | payload.Length));
        else frame.Write([0xFF, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length]);
        frame.Write([0, 0, 0, 0]); // a mask of zeros masks nothing and is a mask
        frame.Write(payload.Span);
        await _stream.WriteAsync(frame.ToArray(), Cancellation);
        await _stream.FlushAsync(Cancellation);
    }
}
