using Strata.Agent.Connecting;
using Strata.Agent.Reporting;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;

namespace Strata.Agent.Obtaining;

/// <summary>Gets blobs from the hub: asks where they are, checks that they were released, downloads and verifies them.</summary>
internal sealed class BlobSource(HubLink hub, BlobDownload download, EventLog log, TimeProvider time)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>A whole and verified file with the blob; the caller removes it when it has been used.</summary>
    /// <param name="size">Bytes by its descriptor; null when none named it.</param>
    /// <param name="longest">Most bytes that are taken.</param>
    /// <exception cref="ItemRefusedException">The blob is not there, not signed as it should be, too long, or does not come even at the third try.</exception>
    /// <exception cref="ContentMismatchException">What is served is not what was announced.</exception>
    public async Task<string> FetchAsync(Digest digest, long? size, long longest, ReleaseTrust trust, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            // Asked anew each time: an address may have expired meanwhile.
            var location = Check(digest, size, longest, await hub.AskForBlobAsync(digest, cancellationToken));
            trust.Check(digest, location.SignInfo);
            try
            {
                return await download.FetchAsync(digest, location, cancellationToken);
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException and not (ContentMismatchException or ItemRefusedException))
            {
                var reason = $"blob {digest.Hex[..12]}: {Discovery.Reason(trouble)}";
                log.Write(reason);
                if (tries == Pauses.Length)
                    throw new ItemRefusedException(reason, trouble is HttpRequestException { StatusCode: not null } ? AosCodes.NotFound : AosCodes.Failed);
            }
            await Task.Delay(Pauses[tries], time, cancellationToken);
        }
    }

    private static BlobLocation Check(Digest digest, long? size, long longest, BlobUrls answer)
    {
        var location = Array.Find(answer.Items, i => i.Digest == digest.ToString())
            ?? throw new ItemRefusedException($"blob {digest.Hex[..12]}: the hub does not have it", AosCodes.NotFound);
        if (location.Urls is not [var url, ..] || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw new ItemRefusedException($"blob {digest.Hex[..12]}: its address is no https address", AosCodes.NotSupported);
        if (location.Size < 0 || location.Size > longest)
            throw new ItemRefusedException($"blob {digest.Hex[..12]}: {location.Size} bytes are more than {longest}", AosCodes.NotSupported);
        if (size is { } expected && expected != location.Size)
            throw new ItemRefusedException($"blob {digest.Hex[..12]}: {expected} bytes expected, {location.Size} offered", AosCodes.InvalidChecksum);
        return location;
    }
}
