using System.Net;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Portal;

/// <summary>Users and audit in a real browser.</summary>
[Collection(PortalCollection.Name)]
public sealed class AccessPagesTests(Browser browser, CatalogueGround ground)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_oem_invites_somebody_who_enrols_and_takes_the_certificate_back()
    {
        var (rig, oem) = (ground.Rig, await ground.VisitorAsync(browser, "oem", PkiFiles.OemUser));
        await oem.ClickAsync("link", "Users");
        await oem.WaitForAsync("heading", "Certificates");
        await oem.ClickAsync("button", "Invite a user");
        await oem.FillAsync("Name", "anna");
        await oem.ClickAsync("button", "Make an invitation");
        await oem.WaitForAsync("heading", "Invitation for anna");
        var token = await oem.TextAsync("code.token");
        Assert.True(token.Length > 40, token);
        await oem.JudgeAsync("invited");
        await oem.ClickAsync("link", "Back to the users");
        await oem.WaitForAsync("heading", "Invitations");
        Assert.DoesNotContain(token, await oem.TextAsync("body"), StringComparison.Ordinal);

        using var folder = new TestFolder();
        var key = folder["anna.p12"];
        await Tool.OutputAsync(Tool.Strata, "user", "enrol", "--hub", rig.Api, "--token", token, "--ca", rig.Pki.PathOf(PkiFiles.FleetRoot), "--out", key);
        using var anna = new HttpClient(rig.Handler(Credentials.FromPkcs12(await File.ReadAllBytesAsync(key, Cancellation)))) { BaseAddress = new(rig.Api) };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(anna));

        await oem.FillAsync("Name, owner or serial number", "ANNA");
        await oem.PressAsync("Enter");
        await oem.WaitForTextAsync("1–1 of 1");
        await oem.JudgeAsync("users");
        await oem.ClickAsync("td details summary");
        await oem.FillAsync("Reason, told to who tries to use it", "left the company");
        await oem.JudgeAsync("users-revoking");
        await oem.ClickAsync("button", "Take this certificate no more");
        await oem.WaitForTextAsync("left the company");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(anna));

        await oem.ClickAsync("button", "Invite a user");
        await oem.FillAsync("Name", "bert");
        await oem.ClickAsync("button", "Make an invitation");
        await oem.ClickAsync("link", "Back to the users");
        await oem.ClickAsync("button", "Withdraw the invitation of bert");
        await oem.WaitForAsync("heading", "Invitations");
        Assert.Equal(0, await oem.CountAsync("button", "Withdraw the invitation of bert"));
    }

    [Fact]
    public async Task The_audit_is_filtered_and_its_pages_stay_where_they_are_while_lines_come_in()
    {
        var oem = await ground.VisitorAsync(browser, "oem", PkiFiles.OemUser);
        await oem.ClickAsync("link", "Audit");
        await oem.WaitForAsync("heading", "Audit");
        await oem.JudgeAsync("audit");
        await oem.SelectAsync("Change", "layer published");
        await oem.FillAsync("Text", "PYLIBS");
        await oem.ClickAsync("button", "Show");
        await oem.WaitForAsync("link", "Clear");
        Assert.Equal(["layer pylibs 2.0.0 was published", "layer pylibs 1.1.0 was published", "layer pylibs 1.0.0 was published"], await oem.TextsAsync("tbody th"));

        await oem.OpenAsync(ground.Rig.Address("portal") + "audit?limit=4");
        var first = await NumbersAsync(oem);
        Assert.Equal(4, first.Length);
        await ground.Rig.PostAsync("subjects/", """{"label":"comes in meanwhile"}""");
        await oem.ClickAsync("link", "Older");
        await oem.WaitForAsync("link", "Newest");
        var second = await NumbersAsync(oem);
        Assert.Equal((4, true), (second.Length, second.Max() < first.Min()));
        await oem.ClickAsync("link", "Newest");
        await oem.WaitForTextAsync("comes in meanwhile");

        Assert.Equal(400, (await oem.OpenAsync(ground.Rig.Address("portal") + "audit?since=yesterday")).Status);
        Assert.Contains("since: a time as", await oem.TextAsync(".obstacle"), StringComparison.Ordinal);
        await oem.ComplaintsAsync(); // a browser notes each 400
    }

    private static async Task<long[]> NumbersAsync(Visitor visitor) =>
        [.. (await visitor.TextsAsync("td[data-name=Number]")).Select(n => long.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("api/v11/users/me/", Cancellation);
        return answer.StatusCode;
    }
}
