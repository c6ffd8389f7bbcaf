using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>Bundles with whatever content, soundly signed: what only somebody with a good certificate and bad will sends.</summary>
internal static class RawBundle
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string LayerConfig(string codename) => $$$"""
        schemaVersion: 2
        publish: {tlsKey: key}
        items:
          - identity: {codename: {{{codename}}}, type: layer}
            version: 1.0.0
            images: [{path: layer.tar.gz, archInfo: {architecture: amd64}, osInfo: {os: linux}}]
        """;

    public static string ServiceConfig(string codename) => $$$"""
        schemaVersion: 2
        publish: {tlsKey: key}
        items:
          - identity: {codename: {{{codename}}}, type: service}
            version: 1.0.0
            sourceFolder: app
            images: [{sourceFolder: ., archInfo: {architecture: amd64}, osInfo: {os: linux}}]
            configuration: {cmd: /opt/main}
        """;

    public static TarEntry File(string name, byte[] content) => new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    public static TarEntry Folder(string name) => new PaxTarEntry(TarEntryType.Directory, name);

    public static byte[] Pack(params IEnumerable<TarEntry> entries) => Pack(CompressionLevel.Fastest, entries);

    public static byte[] Pack(CompressionLevel level, IEnumerable<TarEntry> entries)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, level))
        using (var tar = new TarWriter(gzip))
            foreach (var entry in entries) tar.WriteEntry(entry);
        return output.ToArray();
    }

    /// <summary>Signs, uploads and waits for the verdict.</summary>
    public static Task<(string State, string BuildInfo)> JudgeAsync(HubRig rig, string user, string config, params TarEntry[] content)
    {
        using var key = rig.Pki.Load(user);
        var certificate = key.Certificate;
        return JudgeAsync(rig, user, Bundle(config, Pack([File("config.yaml", Encoding.UTF8.GetBytes(config)), .. content]), payload => Jws.Sign(payload, certificate)));
    }

    /// <summary>The three members around an inner archive, and whatever more.</summary>
    /// <param name="sign">Makes the signature of a payload.</param>
    public static byte[] Bundle(string config, byte[] inner, Func<byte[], string> sign, params TarEntry[] more)
    {
        var configuration = Encoding.UTF8.GetBytes(config);
        static string Record(string name, byte[] bytes) =>
            $$"""{"name":"{{name}}","hash":"{{Convert.ToHexStringLower(SHA3_512.HashData(bytes))}}","size":{{bytes.Length}}}""";
        var payload = Encoding.UTF8.GetBytes($$"""{"data":[{{Record(BundleFormat.Archive, inner)}},{{Record(BundleFormat.Config, configuration)}}]}""");
        return Pack([File(BundleFormat.Config, configuration), File(BundleFormat.Archive, inner), File(BundleFormat.Signature, Encoding.ASCII.GetBytes(sign(payload))), .. more]);
    }

    /// <summary>Uploads and waits for the verdict.</summary>
    public static async Task<(string State, string BuildInfo)> JudgeAsync(HubRig rig, string user, byte[] bundle)
    {
        using var client = rig.Client(user);
        using var file = new ByteArrayContent(bundle);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var form = new MultipartFormDataContent { { file, "file", "batch.tar.gz" } };
        using var answer = await client.PostAsync("api/v11/deployment-bundles/upload/", form, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("id").GetString();
        while (true)
        {
            var verdict = await rig.GetAsync($"deployment-bundles/{id}/", user);
            if (verdict.GetProperty("state").GetString() is "done" or "error")
                return (verdict.GetProperty("state").GetString()!, verdict.GetProperty("build_info").GetString()!);
            await Task.Delay(50, Cancellation);
        }
    }
}
