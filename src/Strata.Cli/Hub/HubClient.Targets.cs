using System.Net.Http.Headers;
using Strata.Artifacts.Hashing;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Hub;

/// <summary>A file that goes to the hub behind a signed document that names its digest.</summary>
/// <param name="Name">Name of the part.</param>
/// <param name="Path">Where it is on disk.</param>
internal sealed record TargetPart(string Name, string Path);

/// <content><c>targets/</c>.</content>
internal sealed partial class HubClient
{
    /// <summary>POST targets/: a signed target document, then what it names.</summary>
    /// <param name="jws">Compact JWS whose payload is the document.</param>
    /// <param name="progress">Receives bytes sent so far, over all parts.</param>
    public async Task<TargetInfo> PublishTargetAsync(string jws, IReadOnlyList<TargetPart> parts, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var form = new MultipartFormDataContent { { new StringContent(jws, new MediaTypeHeaderValue("application/jose")), "document" } };
        long before = 0;
        foreach (var part in parts)
        {
            var file = new FileStream(part.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            var start = before;
            form.Add(new StreamedContent(file, file.Length, progress is null ? null : new Offset(progress, start)), part.Name, part.Name);
            before += file.Length;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "targets/") { Content = form };
        request.Headers.ExpectContinue = true;
        return await SendAsync(request, HubJson.Default.TargetInfo, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <summary>GET targets/, all pages.</summary>
    public Task<IReadOnlyList<TargetInfo>> TargetsAsync(CancellationToken cancellation) => ListAsync("targets/", HubJson.Default.PageTargetInfo, cancellation);

    /// <summary>GET targets/{name}/ by id or name.</summary>
    public Task<TargetInfo> TargetAsync(string name, CancellationToken cancellation) =>
        GetAsync($"targets/{Uri.EscapeDataString(name)}/", HubJson.Default.TargetInfo, cancellation);

    /// <summary>PUT targets/{name}/sharing/: who may read it besides its owner.</summary>
    public Task<TargetInfo> ShareTargetAsync(string name, TargetSharing sharing, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"targets/{Uri.EscapeDataString(name)}/sharing/", sharing, HubJson.Default.TargetSharing, HubJson.Default.TargetInfo, cancellation);

    /// <summary>GET targets/{name}/documents/{document}: its bytes into <paramref name="output"/>, held to the digest that the hub told before.</summary>
    /// <exception cref="Artifacts.Hashing.ContentMismatchException">They are others.</exception>
    public Task<bool> TargetDocumentAsync(string name, SideDocument document, Stream output, CancellationToken cancellation) => CallAsync(
        new(HttpMethod.Get, $"targets/{Uri.EscapeDataString(name)}/documents/{Uri.EscapeDataString(document.Name)}"), Timeout.InfiniteTimeSpan, async (body, token) =>
        {
            await using var verified = new VerifyingStream(body, document.Digest, document.Size, leaveOpen: true);
            await verified.CopyToAsync(output, token);
            return true;
        }, cancellation);

    private sealed class Offset(IProgress<long> progress, long start) : IProgress<long>
    {
        public void Report(long value) => progress.Report(start + value);
    }
}
