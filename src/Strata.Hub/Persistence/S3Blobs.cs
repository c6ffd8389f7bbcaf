using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using Strata.Artifacts.Hashing;
using Strata.Hub.Garbage;
using Strata.Hub.Publishing;
using Strata.Model.Identity;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Hub.Persistence;

/// <summary>Blobs in a bucket of an S3-compatible store, each as <c>blobs/sha256/HEX</c>.</summary>
/// <remarks>
/// Content is digested while it goes to a file without a name on this machine, and then sent under its digest: an object is there whole or not at all,
/// since the store shows one only when its upload is complete. Requests keep to what stores other than the first one know: paths instead of host names,
/// no chunked signatures, single deletions. Source: Amazon S3 API; facts on the environment, "Servers on loopback".
/// </remarks>
internal sealed class S3Blobs : IBlobs, IDisposable
{
    private const string Prefix = "blobs/sha256/";
    private const int PartBytes = 16 << 20; // 10 000 parts at most: 160 GB
    private const string Region = "us-east-1"; // what stores of one place answer to
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _place;
    private readonly HubFiles _files;
    private readonly DoomedBlobs _doomed;

    private S3Blobs(AmazonS3Client client, string bucket, string place, HubFiles files, DoomedBlobs doomed) =>
        (_client, _bucket, _place, _files, _doomed) = (client, bucket, place, files, doomed);

    /// <summary>Connects, makes the bucket if it is not there, and gives up uploads that an earlier hub left half-done.</summary>
    /// <param name="address">Endpoint and, as its path, the bucket.</param>
    /// <param name="doomed">Told of each blob before it is there.</param>
    /// <exception cref="IOException">The store is not reached or refuses the key.</exception>
    /// <exception cref="InvalidDataException">There is no key to connect with.</exception>
    public static async Task<S3Blobs> OpenAsync(Uri address, HubFiles files, DoomedBlobs doomed)
    {
        var endpoint = address.GetLeftPart(UriPartial.Authority);
        var client = new AmazonS3Client(Key(), new AmazonS3Config
        {
            ServiceURL = endpoint,
            ForcePathStyle = true,
            AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") ?? Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 4,
        });
        var blobs = new S3Blobs(client, address.AbsolutePath.Trim('/'), $"{endpoint}{address.AbsolutePath}", files, doomed);
        try
        {
            await blobs.PrepareAsync();
            return blobs;
        }
        catch
        {
            blobs.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IngestedBlob> IngestAsync(Stream content, long maxBytes, CancellationToken cancellation)
    {
        await using var bounded = new BoundedStream(content, maxBytes, "The content", leaveOpen: true);
        await using var hashed = new HashingStream(bounded, ExtraHashes.Sha3With256);
        await using var spool = _files.NewSpool();
        try
        {
            await hashed.CopyToAsync(spool, cancellation);
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            throw new SpaceExhaustedException(_files.Scratch, null, full);
        }
        var whole = hashed.Current();
        var held = await SizeAsync(whole.Sha256, cancellation) == whole.Size;
        await _doomed.SaveAsync(whole.Sha256);
        // Sent again although it is held: its time says to a sweep that it is young.
        await CallAsync("store", () => SendAsync(KeyOf(whole.Sha256), spool, whole.Size, cancellation));
        return new(whole.Sha256, whole.Size, whole.Sha3With256!, held ? PutResult.AlreadyHeld : PutResult.Stored);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(Digest digest, CancellationToken cancellation) =>
        await SizeAsync(digest, cancellation) is { } size ? new S3ReadStream(OpenAtAsync, digest, size) : null;

    /// <inheritdoc/>
    public Task<long?> SizeAsync(Digest digest, CancellationToken cancellation) => CallAsync<long?>("look up", async () =>
    {
        try
        {
            return (await _client.GetObjectMetadataAsync(_bucket, KeyOf(digest), cancellation)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public Task DeleteAsync(Digest digest, CancellationToken cancellation) => CallAsync("delete", () => _client.DeleteObjectAsync(_bucket, KeyOf(digest), cancellation));

    /// <inheritdoc/>
    public async IAsyncEnumerable<HeldBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = Prefix };
        do
        {
            var page = await CallAsync("list", () => _client.ListObjectsV2Async(request, cancellation));
            foreach (var item in page.S3Objects ?? [])
                if (Digest.TryParse($"sha256:{item.Key[Prefix.Length..]}", null, out var digest))
                    yield return new(digest, item.Size ?? 0, (item.LastModified ?? DateTime.UnixEpoch).ToUniversalTime());
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static AWSCredentials Key()
    {
        if (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
            return new BasicAWSCredentials(id, secret);
        var profile = Environment.GetEnvironmentVariable("AWS_PROFILE") ?? SharedCredentialsFile.DefaultProfileName;
        return new SharedCredentialsFile().TryGetProfile(profile, out var found)
            ? found.GetAWSCredentials(null)
            : throw new InvalidDataException($"There is no key for the S3 store: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put the profile '{profile}' into ~/.aws/credentials.");
    }

    private static string KeyOf(Digest digest) => Prefix + digest.Hex;

    private async Task PrepareAsync()
    {
        await CallAsync("prepare", async () =>
        {
            var buckets = await _client.ListBucketsAsync();
            if (!(buckets.Buckets ?? []).Any(b => b.BucketName == _bucket)) await _client.PutBucketAsync(_bucket);
            return true;
        });
        var request = new ListMultipartUploadsRequest { BucketName = _bucket, Prefix = Prefix };
        do
        {
            var page = await CallAsync("list uploads of", () => _client.ListMultipartUploadsAsync(request));
            foreach (var upload in page.MultipartUploads ?? [])
                await CallAsync("clean", () => _client.AbortMultipartUploadAsync(_bucket, upload.Key, upload.UploadId));
            (request.KeyMarker, request.UploadIdMarker) = page.IsTruncated == true ? (page.NextKeyMarker, page.NextUploadIdMarker) : (null, null);
        }
        while (request.KeyMarker is not null);
    }

    private async Task<bool> SendAsync(string key, Stream spool, long size, CancellationToken cancellation)
    {
        if (size <= PartBytes)
        {
            var part = await PartAsync(spool, 0, (int)size, cancellation);
            try
            {
                using var content = new MemoryStream(part, 0, (int)size, writable: false);
                await _client.PutObjectAsync(new() { BucketName = _bucket, Key = key, InputStream = content, AutoCloseStream = false, UseChunkEncoding = false, MD5Digest = Md5(part, (int)size) }, cancellation);
                return true;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(part);
            }
        }
        var upload = (await _client.InitiateMultipartUploadAsync(_bucket, key, cancellation)).UploadId;
        try
        {
            var sent = new List<PartETag>();
            for (long at = 0; at < size; at += PartBytes)
            {
                var length = (int)Math.Min(PartBytes, size - at);
                var part = await PartAsync(spool, at, length, cancellation);
                try
                {
                    using var content = new MemoryStream(part, 0, length, writable: false);
                    var answer = await _client.UploadPartAsync(new()
                    {
                        BucketName = _bucket,
                        Key = key,
                        UploadId = upload,
                        PartNumber = sent.Count + 1,
                        PartSize = length,
                        InputStream = content,
                        UseChunkEncoding = false,
                        MD5Digest = Md5(part, length),
                    }, cancellation);
                    sent.Add(new(sent.Count + 1, answer.ETag));
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(part);
                }
            }
            await _client.CompleteMultipartUploadAsync(new() { BucketName = _bucket, Key = key, UploadId = upload, PartETags = sent }, cancellation);
            return true;
        }
        catch
        {
            await AbortAsync(key, upload);
            throw;
        }
    }

    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(_bucket, key, upload, CancellationToken.None);
        }
        catch (AmazonServiceException)
        {
            // What is left is given up at the next start.
        }
    }

    private static async Task<byte[]> PartAsync(Stream spool, long at, int length, CancellationToken cancellation)
    {
        var part = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        spool.Position = at;
        await spool.ReadExactlyAsync(part.AsMemory(0, length), cancellation);
        return part;
    }

#pragma warning disable CA5351 // S3 knows no other checksum of a request's body that all stores check; it is no protection here, only a check of the way
    private static string Md5(byte[] part, int length) => Convert.ToBase64String(MD5.HashData(part.AsSpan(0, length)));
#pragma warning restore CA5351

    private Task<Stream> OpenAtAsync(Digest digest, long at, long size, CancellationToken cancellation) => CallAsync("read", async () =>
    {
        var request = new GetObjectRequest { BucketName = _bucket, Key = KeyOf(digest) };
        if (at > 0) request.ByteRange = new ByteRange(at, size - 1);
        return (await _client.GetObjectAsync(request, cancellation)).ResponseStream;
    });

    private async Task<T> CallAsync<T>(string verb, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException problem)
        {
            throw new IOException(problem.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                ? $"The S3 store {_place} refuses this hub's key ({problem.ErrorCode}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                : $"The hub could not {verb} a blob at the S3 store {_place}: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is AmazonClientException or HttpRequestException)
        {
            throw new IOException($"The S3 store {_place} was not reached: {problem.Message}", problem);
        }
    }
}
