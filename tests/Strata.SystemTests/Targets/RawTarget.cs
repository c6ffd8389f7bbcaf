using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;

namespace Strata.SystemTests.Targets;

/// <summary>A target's form with whatever content: what only somebody with a good certificate and bad will sends.</summary>
internal sealed record RawTarget(string Name)
{
    public const string EmptyElf = "{\"format\":1,\"binaries\":[\n]}\n";
    public const string EmptyFiles = "{\"format\":1,\"entries\":[\n]}\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Documents as they are sent; what is signed of them is true.</summary>
    public (string Name, byte[] Content)[] Documents { get; init; } = [("elf.json", Encoding.UTF8.GetBytes(EmptyElf)), ("files.json", Encoding.UTF8.GetBytes(EmptyFiles))];

    /// <summary>The base as it is sent, and what is said of its content.</summary>
    public (byte[] Archive, string DiffId, long Unpacked)? Base { get; init; }

    /// <summary>Sent behind all that is signed.</summary>
    public (string Name, byte[] Content)[] More { get; init; } = [];

    /// <summary>Changes the signed text.</summary>
    public Func<string, string> Change { get; init; } = text => text;

    /// <summary>Makes the signature; null for the sender's own.</summary>
    public Func<byte[], string>? Sign { get; init; }

    /// <summary>The form's first part; null for its right name.</summary>
    public string? First { get; init; }

    public static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>Sends it.</summary>
    /// <param name="cut">Bytes of the form that are sent; null for all.</param>
    public async Task<(HttpStatusCode Status, string Answer)> SendAsync(HubRig rig, string user = PkiFiles.OemUser, int? cut = null)
    {
        using var key = rig.Pki.Load(user);
        var archive = Base is var (packed, diffId, unpacked)
            ? $$""","archive":{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{Digest(packed)}}","diffId":"{{diffId}}","size":{{packed.Length}},"unpackedSize":{{unpacked}}}"""
            : "";
        var documents = string.Join(',', Documents.Select(d => $$"""{"name":"{{d.Name}}","digest":"{{Digest(d.Content)}}","size":{{d.Content.Length}}}"""));
        var payload = Encoding.UTF8.GetBytes(Change(
            $$"""{"schemaVersion":2,"name":"{{Name}}","identity":"{{Digest([1])}}","platform":{"architecture":"amd64","os":"linux"},"visible":["usr"],"packages":[],"documents":[{{documents}}]{{archive}}}"""));
        var form = new MultipartFormDataContent("a-boundary") { { new StringContent((Sign ?? (p => Jws.Sign(p, key.Certificate)))(payload)), First ?? "document" } };
        foreach (var (name, content) in Documents.Concat(Base is { } whole ? [("base.tar.gz", whole.Archive)] : []).Concat(More)) form.Add(new ByteArrayContent(content), name);
        HttpContent body = form;
        if (cut is { } length)
        {
            body = new ByteArrayContent((await form.ReadAsByteArrayAsync(Cancellation))[..length]);
            body.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=\"a-boundary\"");
        }
        using var client = rig.Client(user);
        using var answer = await client.PostAsync("api/v11/targets/", body, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
