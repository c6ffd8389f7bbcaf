using System.Net;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>A second hub that follows the log of the first over a real PostgreSQL.</summary>
[Collection(Servers.Shared)]
public sealed class FollowingHubTests(Servers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follower_shows_what_the_writer_takes_in_also_after_the_database_was_cut_and_writes_nothing_itself()
    {
        var (_, options) = await servers.FreshAsync();
        await using var writer = await HubRig.StartAsync(options, Servers.Key);
        await using var follower = await HubRig.StartAsync(["--follow", .. options[1..]], Servers.Key, writer.Pki);

        Assert.Empty((await follower.GetAsync("layers/", PkiFiles.ServiceProviderUser)).GetProperty("items").EnumerateArray()); // whom the writer has never met

        Assert.Equal(0, (await writer.PublishLayerAsync("lib", "1.0.0", "one")).Code);
        await HubRig.UntilAsync(() => follower.GetAsync("search/?q=lib"), found => found.GetProperty("items").GetArrayLength() > 0);
        var layer = Assert.Single((await follower.GetAsync("layers/")).GetProperty("items").EnumerateArray());
        var version = await follower.GetAsync($"layers/{layer.GetProperty("id").GetString()}/versions/1.0.0/");
        Assert.Equal("released", version.GetProperty("lifecycle").GetProperty("state").GetString());

        await servers.CutPostgresAsync();
        Assert.Equal("lib", (await follower.GetAsync("layers/")).GetProperty("items")[0].GetProperty("codename").GetString()); // it knows what it knew
        await HubRig.UntilAsync(async () => JsonSerializer.SerializeToElement((await writer.PublishLayerAsync("lib", "1.1.0", "two")).Code), code => code.GetInt32() == 0);
        await HubRig.UntilAsync(() => follower.GetAsync("layers/"), list => list.GetProperty("items")[0].GetProperty("versions").GetArrayLength() == 2);

        using var client = follower.Client(PkiFiles.ServiceProviderUser);
        using var body = new StringContent("""{"codename":"app"}""", Encoding.UTF8, "application/json");
        using var refused = await client.PostAsync(new Uri("api/v11/services/", UriKind.Relative), body, Cancellation);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        Assert.Contains("hub that it follows", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var units = new HttpClient(follower.Handler(null));
        using var discovery = await units.GetAsync(new Uri(follower.Discovery), Cancellation);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, discovery.StatusCode);
        Assert.Contains("1.1.0", (await writer.GetAsync("layers/")).ToString(), StringComparison.Ordinal);
    }
}
