using System.Net;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Portal;

/// <summary>Who gets in, as whom, and for how long.</summary>
public sealed class SigningInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_signs_its_user_in_with_the_rights_of_the_role_until_they_sign_out()
    {
        await using var rig = await HubRig.StartAsync();
        var bundle = await rig.UploadAsync(await rig.LayerFolderAsync("lib", "1.0.0", "one"u8.ToArray()));
        using var oem = rig.Browser(rig.Pki.Load(PkiFiles.OemUser));
        using var provider = rig.Browser(rig.Pki.Load(PkiFiles.ServiceProviderUser));
        foreach (var (browser, name) in new[] { (oem, "OEM"), (provider, "Service provider") })
        {
            using var signedIn = await browser.GetAsync("sign-in/certificate", Cancellation);
            Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
            using var used = await browser.GetAsync(signedIn.RequestMessage!.RequestUri, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, used.StatusCode);
            Assert.Contains($"{name} of", await browser.GetStringAsync("layers", Cancellation), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(oem, $"bundles/{bundle}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(provider, $"bundles/{bundle}"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(provider, "units"));

        foreach (var origin in new[] { null, "https://elsewhere.example" })
            Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(oem, "sign-out", origin));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(oem, "layers"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(oem, "sign-out", rig.Address("portal").TrimEnd('/')));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(oem, "layers"));
    }

    [Fact]
    public async Task A_sign_in_that_began_in_another_browser_or_without_a_certificate_is_refused()
    {
        await using var rig = await HubRig.StartAsync();
        using var nobody = rig.Browser();
        using var refused = await nobody.GetAsync("sign-in/certificate", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        // This door serves nothing else: every way on leads back to the portal.
        var said = await refused.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains($"class=\"brand\" href=\"{rig.Address("portal")}\"", said, StringComparison.Ordinal);
        Assert.Contains($"href=\"{rig.Address("portal")}sign-in\"", said, StringComparison.Ordinal);
        using var lurer = rig.Handler(rig.Pki.Load(PkiFiles.OemUser));
        lurer.AllowAutoRedirect = false;
        using var client = new HttpClient(lurer);
        using var code = await client.GetAsync($"{rig.Address("portalCertificate")}?start={new string('0', 64)}", Cancellation);
        using var victim = rig.Browser();
        using var lured = await victim.GetAsync(code.Headers.Location, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, lured.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(victim, "layers"));
    }

    [Fact]
    public async Task The_next_link_stands_in_the_hubs_folder_once_one_was_used()
    {
        await using var rig = await HubRig.StartAsync();
        using var first = rig.Browser();
        using var second = rig.Browser();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, rig.Address("signIn")));
        var ready = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(rig.Data, "hub.json"), Cancellation)).RootElement;
        var next = ready.GetProperty("signIn").GetString()!;
        Assert.NotEqual(rig.Address("signIn"), next);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, next));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, "layers"));
    }

    [Fact]
    public async Task A_link_that_is_laid_into_the_hubs_folder_signs_in_once_and_within_ten_minutes()
    {
        await using var rig = await HubRig.StartAsync();
        async Task<string> LinkAsync() => System.Text.Json.JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "hub", "sign-in", "--data", rig.Data, "--json")).RootElement.GetProperty("link").GetString()!;
        using var first = rig.Browser();
        using var second = rig.Browser();
        var link = await LinkAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, link));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, "layers"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(second, link));
        var late = await LinkAsync();
        File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(Path.Combine(rig.Data, "sign-in"))), DateTime.UtcNow.AddMinutes(-11));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(second, late));
        Assert.Empty(Directory.GetFiles(Path.Combine(rig.Data, "sign-in")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, rig.Address("signIn"))); // that of hub.json is good as before
    }

    [Fact]
    public async Task A_revoked_certificate_ends_the_sessions_that_it_began()
    {
        await using var rig = await HubRig.StartAsync();
        using var oem = rig.Browser(rig.Pki.Load(PkiFiles.OemUser));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(oem, "sign-in/certificate"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(oem, "layers"));
        var me = (await rig.GetAsync("users/")).GetProperty("items")[0].GetProperty("serial").GetString();
        await rig.PostAsync($"users/{me}/revoke/", "{}");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(oem, "layers"));
    }

    [Fact]
    public async Task A_page_that_fails_says_so_without_a_word_of_the_inside_and_the_hub_goes_on()
    {
        await using var rig = await HubRig.StartAsync();
        await rig.PublishLayerAsync("lib", "1.0.0", "one");
        using var browser = rig.Browser();
        await StatusAsync(browser, rig.Address("signIn"));
        var page = $"layers/{(await rig.GetAsync("layers/")).GetProperty("items")[0].GetProperty("id").GetString()}/1.0.0";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, page));
        foreach (var blob in Directory.GetFiles(Path.Combine(rig.Data, "blobs/sha256"))) File.Delete(blob);
        using var failed = await browser.GetAsync(page, Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        var said = await failed.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("The hub failed", said, StringComparison.Ordinal);
        foreach (var inside in new[] { "Exception", "sha256", rig.Data }) Assert.DoesNotContain(inside, said, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", Assert.Single(failed.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "layers"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient browser, string path, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await browser.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
