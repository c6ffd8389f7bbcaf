using Strata.Artifacts.Hashing;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>What became of an upload.</summary>
internal abstract record Receipt
{
    private Receipt() { }

    /// <summary>It is kept, and will be judged.</summary>
    public sealed record Received(BundleRow Bundle) : Receipt;

    /// <summary>It came before, under the same name: this is what became of it.</summary>
    public sealed record Repeated(BundleRow Bundle) : Receipt;

    /// <summary>Another upload came before under the same name.</summary>
    public sealed record Conflict(BundleRow Bundle) : Receipt;
}

/// <summary>Takes bundles in. What it has answered for survives a power cut; judging comes later.</summary>
internal sealed class BundleInbox(HubOptions options, HubFiles files, UploadRoom room, BundleQueue queue, HubWriter writer, TimeProvider clock)
{
    private const int WriteBuffer = 256 * 1024; // a body comes in pieces of a few kilobytes

    /// <summary>Keeps <paramref name="content"/>, whole or not at all.</summary>
    /// <param name="length">Bytes that the sender says will come; null when it does not say.</param>
    /// <param name="idempotencyKey">The uploader's own name for this upload: it is taken once.</param>
    /// <exception cref="ContentTooLargeException">It is longer than the hub takes.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full.</exception>
    public async Task<Receipt> ReceiveAsync(Caller caller, Stream content, long? length, string? idempotencyKey, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        var arriving = files.Arriving(id);
        try
        {
            room.Promise(arriving, caller.Owner, length ?? 0);
            ContentHashes hashes;
            await using (var bounded = new BoundedStream(content, options.MaxBundleBytes, "The bundle", leaveOpen: true))
            await using (var hashed = new HashingStream(bounded))
            await using (var file = new FileStream(arriving, FileMode.CreateNew, FileAccess.Write, FileShare.None, WriteBuffer))
            {
                await hashed.CopyToAsync(file, cancellation);
                file.Flush(flushToDisk: true);
                hashes = hashed.Current();
            }
            room.Release(arriving);
            return await KeepAsync(id, arriving, hashes, caller, idempotencyKey);
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            throw new SpaceExhaustedException(options.Data, null, full);
        }
        finally
        {
            File.Delete(arriving);
            room.Release(arriving);
        }
    }

    /// <summary>Makes a whole, flushed file a bundle.</summary>
    /// <param name="id">The bundle's id.</param>
    /// <param name="file">Moved, unless the same upload was there before.</param>
    public async Task<Receipt> KeepAsync(Guid id, string file, ContentHashes hashes, Caller caller, string? idempotencyKey)
    {
        if (Earlier(writer.State, caller, idempotencyKey) is { } known) return Judge(known, hashes);
        files.Keep(id, file);
        CrashPoints.Pass(CrashPoint.UploadKept);
        var received = new BundleReceived(id, hashes.Sha256, hashes.Size, caller.Kid, caller.Owner, clock.GetUtcNow()) { Role = caller.Role, OwnerId = caller.OwnerId, IdempotencyKey = idempotencyKey };
        var receipt = await writer.CommitAsync(
            state => Earlier(state, caller, idempotencyKey) is { } meanwhile ? new Decision<Receipt?>(Judge(meanwhile, hashes)) : new Decision<Receipt?>(null, received), CancellationToken.None);
        if (receipt is not null)
        {
            File.Delete(files.Bundle(id));
            return receipt;
        }
        CrashPoints.Pass(CrashPoint.UploadLogged);
        queue.Put(id, caller.Owner, hashes.Size);
        return new Receipt.Received(writer.State.Bundles[id]);
    }

    private static BundleRow? Earlier(HubState state, Caller caller, string? key) =>
        key is null ? null : state.Bundles.Values.FirstOrDefault(b => b.IdempotencyKey == key && b.Owner == caller.Owner);

    private static Receipt Judge(BundleRow known, ContentHashes hashes) =>
        known.Digest == hashes.Sha256 ? new Receipt.Repeated(known) : new Receipt.Conflict(known);
}
