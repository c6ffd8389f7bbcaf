using System.Threading.Channels;
using Strata.Artifacts.Hashing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.State;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Takes bundles in. What it has answered for survives a power cut; judging comes later.</summary>
internal sealed class BundleInbox(HubOptions options, HubFiles files, HubWriter writer, TimeProvider clock)
{
    private readonly Channel<Guid> _waiting = Channel.CreateUnbounded<Guid>(new() { SingleReader = true });

    /// <summary>Ids of bundles to judge, oldest first.</summary>
    public ChannelReader<Guid> Waiting => _waiting.Reader;

    /// <summary>Keeps <paramref name="content"/>, whole or not at all.</summary>
    /// <exception cref="ContentTooLargeException">It is longer than the hub takes.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full.</exception>
    public async Task<BundleRow> ReceiveAsync(Caller caller, Stream content, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        var arriving = files.Arriving(id);
        try
        {
            ContentHashes hashes;
            await using (var bounded = new BoundedStream(content, options.MaxBundleBytes, "The bundle", leaveOpen: true))
            await using (var hashed = new HashingStream(bounded))
            await using (var file = new FileStream(arriving, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await hashed.CopyToAsync(file, cancellation);
                file.Flush(flushToDisk: true);
                hashes = hashed.Current();
            }
            files.Keep(id);
            var received = new BundleReceived(id, hashes.Sha256, hashes.Size, caller.Kid, caller.Owner, clock.GetUtcNow()) { Role = caller.Role, OwnerId = caller.OwnerId };
            await writer.CommitAsync(_ => new Decision<bool>(true, received), CancellationToken.None);
            Queue(id);
            return writer.State.Bundles[id];
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            throw new SpaceExhaustedException(options.Data, null, full);
        }
        finally
        {
            File.Delete(arriving);
        }
    }

    /// <summary>Has a kept bundle judged.</summary>
    public void Queue(Guid id) => _waiting.Writer.TryWrite(id);
}
