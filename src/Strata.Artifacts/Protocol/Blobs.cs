namespace Strata.Artifacts.Protocol;

/// <summary>Asks where blobs can be had. The answer carries the same correlation id and has to come within 10 s.</summary>
/// <param name="Digests">At most 16.</param>
public sealed record RequestBlobUrls(string CorrelationId, string[] Digests) : Message;

/// <summary>Where the blobs are.</summary>
public sealed record BlobUrls(string CorrelationId, BlobLocation[] Items) : Message;

/// <summary>One blob.</summary>
/// <param name="Digest">SHA-256 of the plain blob, OCI spelling.</param>
/// <param name="Urls">At least one; AosCore uses the first.</param>
/// <param name="Sha256">Hex of the SHA3-256 of the file as served, despite its name (facts, trap 2).</param>
/// <param name="Size">Bytes of the file as served.</param>
public sealed record BlobLocation(string Digest, string[] Urls, string Sha256, long Size, SignInfo? SignInfo = null);

/// <summary>The release signature over a plain blob.</summary>
/// <param name="ChainName">Name of a chain in the desired status.</param>
/// <param name="Alg">All three parts: <c>RSA/SHA256/PKCS1v1_5</c>.</param>
/// <param name="Value">Base64 of the signature, at most 512 bytes.</param>
/// <param name="TrustedTimestamp">The time at which the chain is judged.</param>
public sealed record SignInfo(string ChainName, string Alg, string Value, string TrustedTimestamp);

/// <summary>Alerts of a unit; the hub reads download progress and acknowledges the rest.</summary>
public sealed record Alerts(AlertItem[] Items) : Message;

/// <summary>One alert, with the fields of <c>downloadProgressAlert</c> and of plain messages.</summary>
public sealed record AlertItem(
    string Timestamp,
    string Tag,
    string? Message = null,
    string? Digest = null,
    string? Url = null,
    long? DownloadedBytes = null,
    long? TotalBytes = null,
    string? State = null,
    string? Reason = null);
