namespace Strata.SystemTests.Hub;

/// <summary>The hub of all tests of one class.</summary>
public class PublishingHub : IAsyncLifetime
{
    internal HubRig Rig { get; private protected set; } = null!;

    public virtual async ValueTask InitializeAsync() => Rig = await HubRig.StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Rig.DisposeAsync();
    }

    /// <summary>Names of what the hub's store holds.</summary>
    internal virtual Task<IReadOnlyCollection<string?>> KeptAsync() => Task.FromResult<IReadOnlyCollection<string?>>(
        [.. Directory.EnumerateFiles(Rig.Data, "*", SearchOption.AllDirectories).Select(Path.GetFileName)]);
}

/// <summary>A hub that keeps all at a real PostgreSQL and a real S3 store.</summary>
public sealed class PublishingHubOnServers(Servers servers) : PublishingHub
{
    private string _bucket = "";

    public override async ValueTask InitializeAsync()
    {
        (_bucket, var options) = await servers.FreshAsync();
        Rig = await HubRig.StartAsync(options, Servers.Key);
    }

    internal override async Task<IReadOnlyCollection<string?>> KeptAsync()
    {
        Assert.Empty(Directory.EnumerateFiles(Rig.Data, "*.db*", SearchOption.AllDirectories));
        return [.. (await servers.ObjectsAsync(_bucket)).Select(Path.GetFileName)];
    }
}
