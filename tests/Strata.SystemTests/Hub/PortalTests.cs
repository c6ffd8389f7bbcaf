using System.Net;

namespace Strata.SystemTests.Hub;

/// <summary>The portal as a browser meets it.</summary>
public sealed class PortalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sign_in_link_opens_the_pages_once_and_no_other_door_serves_them()
    {
        await using var rig = await HubRig.StartAsync();
        await rig.PublishLayerAsync("lib", "1.0.0", "one");
        using var browser = rig.Browser();
        using (var before = await browser.GetAsync("layers", Cancellation)) Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);

        using (var signedIn = await browser.GetAsync(rig.Address("signIn"), Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
            var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
            foreach (var part in new[] { "secure", "httponly", "samesite=strict" }) Assert.Contains(part, cookie, StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none'", Assert.Single(signedIn.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
        Assert.Contains("lib", await browser.GetStringAsync("layers", Cancellation), StringComparison.Ordinal);
        using (var again = await browser.GetAsync(rig.Address("signIn"), Cancellation)) Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        foreach (var (door, path) in new[] { ("portal", "api/v11/layers/"), ("api", "layers"), ("blobs", "layers") })
        {
            using var elsewhere = await browser.GetAsync(rig.Address(door) + path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        }
    }
}
