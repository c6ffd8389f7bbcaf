using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.Publishing;
using Strata.Tests.Hub.Persistence;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub;

[Collection(Servers.Shared)]
public sealed class S3BlobsTests : BlobsContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Servers _servers;
    private readonly List<S3Blobs> _opened = [];

    public S3BlobsTests(Servers servers)
    {
        _servers = servers;
        foreach (var (name, value) in Servers.Key) Environment.SetEnvironmentVariable(name, value);
    }

    [Fact]
    public async Task A_key_that_the_store_does_not_know_is_refused_with_the_cure()
    {
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "wrong");
        var refusal = await Assert.ThrowsAsync<IOException>(FreshAsync);
        Assert.Contains("refuses this hub's key", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AWS_SECRET_ACCESS_KEY", refusal.Message, StringComparison.Ordinal);
    }

    internal override async Task<IBlobs> FreshAsync()
    {
        var blobs = await S3Blobs.OpenAsync(_servers.FreshBucket(), new HubFiles(_folder["data"]), new DoomedBlobs(TimeProvider.System));
        _opened.Add(blobs);
        return blobs;
    }

    public void Dispose()
    {
        _opened.ForEach(b => b.Dispose());
        _folder.Dispose();
    }
}
