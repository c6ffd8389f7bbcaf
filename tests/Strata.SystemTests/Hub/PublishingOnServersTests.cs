namespace Strata.SystemTests.Hub;

/// <summary>The same on PostgreSQL and an S3 store: by options alone.</summary>
[Collection(Servers.Shared)]
public sealed class PublishingOnServersTests(Servers servers) : PublishingTests
{
    private string _bucket = "";

    private protected override async Task<HubRig> StartAsync()
    {
        (_bucket, var options) = await servers.FreshAsync();
        return await HubRig.StartAsync(options, Servers.Key);
    }

    private protected override async Task<IReadOnlyCollection<string?>> KeptAsync()
    {
        Assert.Empty(Directory.EnumerateFiles(Rig.Data, "*.db*", SearchOption.AllDirectories));
        return [.. (await servers.ObjectsAsync(_bucket)).Select(Path.GetFileName)];
    }
}
