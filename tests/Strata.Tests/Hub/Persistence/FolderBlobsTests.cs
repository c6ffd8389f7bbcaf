using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Store;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Persistence;

public sealed class FolderBlobsTests : BlobsContract, IDisposable
{
    private readonly TestFolder _folder = new();

    internal override Task<IBlobs> FreshAsync() => Task.FromResult<IBlobs>(new FolderBlobs(new BlobStore(_folder["data"]), new DoomedBlobs(TimeProvider.System)));

    public void Dispose() => _folder.Dispose();
}
