using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Persistence;

/// <summary>What the hub knows of the blobs in its store, looked up one by one: each layer version brings half a dozen, so the snapshot does not hold them.</summary>
/// <remarks>As new as the log's last batch. All members may be called at once.</remarks>
internal interface IBlobRows
{
    /// <summary>The row; null when no such blob was added, or it was removed since.</summary>
    /// <exception cref="IOException">The database is not reached.</exception>
    BlobRow? Find(Digest digest);

    /// <summary>The digests of all, in no order.</summary>
    /// <exception cref="IOException">The database is not reached.</exception>
    IEnumerable<Digest> All();
}
