using System.Net;
using System.Net.Http.Headers;
using Strata.Agent.Reporting;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;

namespace Strata.Agent.Obtaining;

/// <summary>Downloads one blob to a file, going on where an earlier try stopped.</summary>
/// <param name="folder">Where unfinished files are kept, each named by its digest.</param>
internal sealed class BlobDownload(HttpClient http, string folder)
{
    /// <summary>Left free on the disk for logs and statuses, in bytes.</summary>
    public const long Reserve = 16L << 20;

    private const int BufferSize = 128 * 1024;

    /// <summary>A connection on which nothing came for so long is dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Where a blob is kept until it is used.</summary>
    public string PathOf(Digest digest) => Path.Combine(folder, digest.Hex);

    /// <summary>Fetches the blob whole: both its hashes were checked when this returns.</summary>
    /// <exception cref="ContentMismatchException">What is served is not what was announced; nothing is kept.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached or refused; what came is kept.</exception>
    /// <exception cref="IOException">The connection broke or fell silent; what came is kept.</exception>
    public async Task<string> FetchAsync(Digest digest, BlobLocation location, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(digest);
        try
        {
            // What an earlier try left may have been torn by a power cut: then once more from the start.
            return await TryAsync(digest, location, path, cancellationToken) || await TryAsync(digest, location, path, cancellationToken)
                ? path
                : throw new IOException("The file did not come to hold what was announced.");
        }
        catch (ContentMismatchException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <returns>False when what an earlier try had left was of no use; it is gone then.</returns>
    private async Task<bool> TryAsync(Digest digest, BlobLocation location, string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferSize);
        if (file.Length > location.Size) file.SetLength(0);
        var left = file.Length;
        CheckSpace(location.Size - left);
        await using var hashed = new HashingStream(file, ExtraHashes.Sha3With256, leaveOpen: true);
        await hashed.CopyToAsync(Stream.Null, BufferSize, cancellationToken);
        var mismatch = left < location.Size && !await ReceiveAsync(location, hashed, left, cancellationToken)
            ? new("The server does not go on where it was asked to.")
            : Mismatch(digest, location, hashed.Current());
        if (mismatch is null) return true;
        if (left == 0) throw mismatch;
        file.SetLength(0);
        return false;
    }

    /// <returns>False when the server started from the beginning although asked not to.</returns>
    private async Task<bool> ReceiveAsync(BlobLocation location, HashingStream into, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, location.Urls[0]) { Version = HttpVersion.Version11 };
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            response.EnsureSuccessStatusCode();
            if (from > 0 && (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != from)) return false;
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
            await CopyAsync(body, into, location.Size, silence);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came from {new Uri(location.Urls[0]).Authority} for {Silence.TotalSeconds} s.");
        }
    }

    private static async Task CopyAsync(Stream body, HashingStream into, long size, CancellationTokenSource silence)
    {
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await body.ReadAsync(buffer, silence.Token)) > 0)
        {
            silence.CancelAfter(Silence);
            if (into.Passed + read > size) throw new ContentMismatchException($"More than the announced {size} bytes are served.");
            await into.WriteAsync(buffer.AsMemory(0, read), silence.Token);
        }
        await into.FlushAsync(silence.Token);
        if (into.Passed < size) throw new IOException($"The connection ended after {into.Passed} of {size} bytes.");
    }

    private void CheckSpace(long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes + Reserve) throw new ItemRefusedException($"no space: {bytes} bytes needed, {free} free", AosCodes.NoMemory);
    }

    private static ContentMismatchException? Mismatch(Digest digest, BlobLocation location, ContentHashes actual)
    {
        if (!string.Equals(Convert.ToHexString(actual.Sha3With256!), location.Sha256, StringComparison.OrdinalIgnoreCase))
            return new($"blob {digest.Hex[..12]}: SHA3-256 of the file is not the announced one");
        return actual.Sha256 == digest ? null : new($"blob {digest.Hex[..12]}: {actual.Sha256.Hex[..12]} arrived instead");
    }
}
