using System.Globalization;
using System.Net;
using System.Text;
using Strata.Cli.Shell;

namespace Strata.Cli.Hub;

/// <summary>How far an upload has come.</summary>
/// <param name="Offset">Bytes that the hub keeps.</param>
/// <param name="Bundle">Id of the bundle that it became; null while bytes are missing.</param>
internal sealed record UploadState(long Offset, string? Bundle);

/// <summary>Uploads that can be taken up where they broke off.</summary>
/// <remarks>Source: tus resumable upload protocol 1.0.0, core and creation; docs/formats/bundle.md, "Upload".</remarks>
internal sealed partial class HubClient
{
    private const string TusVersion = "1.0.0";

    /// <summary>POST uploads/: begins one.</summary>
    /// <param name="key">1 to 64 visible characters: the same key again answers with the same upload or its bundle.</param>
    /// <returns>Its address; null when the hub takes uploads only in one piece.</returns>
    public async Task<Uri?> CreateUploadAsync(long size, string fileName, string key, CancellationToken cancellation)
    {
        var request = Tus(HttpMethod.Post, new(Api, "uploads/"));
        request.Headers.Add("Upload-Length", size.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(fileName))}");
        request.Headers.Add(IdempotencyKey, key);
        return await AnswerAsync(request, AnswerTimeout, [HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed], (answer, _, _) =>
        {
            if (!answer.IsSuccessStatusCode) return Task.FromResult<Uri?>(null);
            var location = answer.Headers.Location ?? throw Misunderstood(request, "There is no Location.");
            var upload = new Uri(Api, location);
            // Only this hub may be told the bytes, wherever it points.
            return upload.Authority == Api.Authority && upload.Scheme == Api.Scheme ? Task.FromResult<Uri?>(upload) : throw Misunderstood(request, $"It points to {upload.Authority}.");
        }, cancellation);
    }

    /// <summary>HEAD of an upload; null when the hub no longer has it.</summary>
    public Task<UploadState?> UploadAsync(Uri upload, CancellationToken cancellation)
    {
        var request = Tus(HttpMethod.Head, upload);
        return AnswerAsync(request, AnswerTimeout, [HttpStatusCode.NotFound, HttpStatusCode.Gone], (answer, _, _) => Task.FromResult(answer.IsSuccessStatusCode ? State(request, answer) : null), cancellation);
    }

    /// <summary>PATCH of an upload: the rest of it.</summary>
    /// <param name="content">At <paramref name="offset"/>; read to its end.</param>
    /// <param name="size">Bytes of the whole.</param>
    /// <returns>How far it is now; null when the hub did not take it, with its reason: ask how far it is and go on from there.</returns>
    public Task<(UploadState? State, string Why)> ContinueUploadAsync(Uri upload, Stream content, long offset, long size, IProgress<long>? progress, CancellationToken cancellation)
    {
        var request = Tus(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Headers.ExpectContinue = true;
        request.Content = new StreamedContent(content, size - offset, progress is null ? null : new Shifted(progress, offset));
        request.Content.Headers.ContentType = new("application/offset+octet-stream");
        return AnswerAsync<(UploadState?, string)>(request, Timeout.InfiniteTimeSpan, [HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.Gone, HttpStatusCode.Locked], async (answer, body, token) =>
            answer.IsSuccessStatusCode ? (State(request, answer), "The hub has every byte and names no bundle.")
                : (null, (await HubRefusal.ReadAsync(_connection.Place, answer.StatusCode, body, token)).Message), cancellation);
    }

    private UploadState State(HttpRequestMessage request, HttpResponseMessage answer)
    {
        var offset = answer.Headers.TryGetValues("Upload-Offset", out var offsets) && long.TryParse(offsets.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Misunderstood(request, "There is no Upload-Offset.");
        return new(offset, answer.Headers.TryGetValues("Strata-Bundle", out var bundles) ? bundles.First() : null);
    }

    private static HttpRequestMessage Tus(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", TusVersion);
        return request;
    }

    private sealed class Shifted(IProgress<long> progress, long by) : IProgress<long>
    {
        public void Report(long value) => progress.Report(by + value);
    }
}
