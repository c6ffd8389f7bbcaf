using System.Net;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Portal;

/// <summary>Units, models and subjects in a real browser.</summary>
[Collection(PortalCollection.Name)]
public sealed class FleetPagesTests(Browser browser, CatalogueGround ground)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_tells_what_it_shall_have_and_what_its_layers_take()
    {
        var oem = await ground.VisitorAsync(browser, "oem", PkiFiles.OemUser);
        await oem.ClickAsync("link", "Units");
        await oem.WaitForAsync("heading", "Units");
        await oem.JudgeAsync("units");
        await oem.ClickAsync("link", "unit-1");
        await oem.WaitForAsync("heading", "What it shall have");
        Assert.StartsWith("telematics\t3.0.0", Assert.Single(await oem.TextsAsync("[aria-label='What it shall have'] tbody tr")), StringComparison.Ordinal);
        Assert.Contains("1 service on 1 layer", await oem.TextAsync("section[aria-labelledby=storage]"), StringComparison.Ordinal);
        await oem.JudgeAsync("unit");
        await oem.ClickAsync("link", "pylibs 1.1.0");
        await oem.WaitForAsync("heading", "pylibs 1.1.0");
    }

    [Fact]
    public async Task An_oem_joins_services_and_units_by_a_subject_and_takes_them_apart_again()
    {
        var oem = await ground.VisitorAsync(browser, "oem", PkiFiles.OemUser);
        await oem.OpenAsync(ground.Rig.Address("portal") + "units");
        await oem.ClickAsync("link", "Subjects");
        await oem.ClickAsync("button", "New subject");
        await oem.FillAsync("Label", "night run");
        await oem.ClickAsync("button", "Make it");
        await oem.WaitForAsync("heading", "night run");
        await oem.JudgeAsync("subject-empty");
        await oem.ClickAsync("button", "Add the service");
        await oem.WaitForAsync("button", "Take out telematics");
        await oem.FillAsync("More units, by system id", "no-such-unit");
        await oem.ClickAsync("button", "Add the units");
        await oem.WaitForTextAsync("There is no unit 'no-such-unit', or it is not yours.");
        await oem.ComplaintsAsync(); // a browser notes each 422
        await oem.JudgeAsync("subject-refused");
        await oem.ClickAsync("link", "Back");
        await oem.FillAsync("More units, by system id", "unit-1");
        await oem.ClickAsync("button", "Add the units");
        await oem.WaitForAsync("button", "Take out unit-1");
        await oem.JudgeAsync("subject");
        await oem.ClickAsync(".act summary");
        await oem.ClickAsync("button", "Delete it");
        await oem.WaitForTextAsync("It brings telematics to unit-1.");
        await oem.ComplaintsAsync(); // a browser notes each 409
        await oem.ClickAsync("link", "Back");
        await oem.ClickAsync("button", "Take out unit-1");
        await oem.WaitForTextAsync("It has none.");
        await oem.ClickAsync(".act summary");
        await oem.ClickAsync("button", "Delete it");
        await oem.WaitForAsync("heading", "Subjects");
        Assert.Equal(0, await oem.CountAsync("link", "night run"));
        await oem.JudgeAsync("subjects");
    }

    [Fact]
    public async Task Each_role_meets_the_pages_that_the_policy_gives_it()
    {
        var rig = ground.Rig;
        await rig.PostAsync("unit-models/", """{"name":"hatchback","target":"small"}""");
        await rig.PostAsync("units/", """{"system_uid":"unit-of-fleet","model":"hatchback","fleet_owner":"fleet.localhost"}""");
        using var users = rig.Pki.Users;
        using var fleet = await SignedInAsync(Credentials.FromPkcs12(PkiFiles.User(users, new(ClientRole.FleetOwner, "fleet.localhost", "fleet-user"), "localhost", DateTimeOffset.UtcNow)));
        using var provider = await SignedInAsync(rig.Pki.Load(PkiFiles.ServiceProviderUser));
        foreach (var (client, path, status) in new[]
        {
            (fleet, "units", HttpStatusCode.OK), (fleet, "units/unit-of-fleet", HttpStatusCode.OK), (fleet, "units/unit-1", HttpStatusCode.NotFound),
            (fleet, "subjects", HttpStatusCode.Forbidden), (fleet, "unit-models", HttpStatusCode.Forbidden), (fleet, "users", HttpStatusCode.OK), (fleet, "audit", HttpStatusCode.OK),
            (provider, "units", HttpStatusCode.Forbidden), (provider, "units/unit-1", HttpStatusCode.Forbidden), (provider, "subjects", HttpStatusCode.Forbidden),
            (provider, "users", HttpStatusCode.OK), (provider, "audit", HttpStatusCode.OK),
        })
        {
            using var answer = await client.GetAsync(path, Cancellation);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
        }
        var seen = await fleet.GetStringAsync("units", Cancellation);
        Assert.Contains("unit-of-fleet", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("unit-1", seen, StringComparison.Ordinal);
        var audited = await provider.GetStringAsync("audit?limit=100", Cancellation);
        Assert.Contains("telematics", audited, StringComparison.Ordinal);
        Assert.DoesNotContain("layer pylibs", audited, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-oem", await provider.GetStringAsync("users", Cancellation), StringComparison.Ordinal);

        var admin = await ground.ConsoleAsync(browser);
        await admin.ClickAsync("link", "Units");
        await admin.ClickAsync("link", "Models");
        await admin.WaitForTextAsync("hatchback");
        await admin.JudgeAsync("unit-models");
        await admin.ClickAsync("link", "Subjects");
        await admin.ClickAsync("link", "all");
        await admin.WaitForAsync("heading", "all");
        Assert.Equal(0, await admin.CountAsync("main form")); // an admin reads, and an OEM joins
    }

    private async Task<HttpClient> SignedInAsync(Credentials who)
    {
        var client = ground.Rig.Browser(who);
        using var signedIn = await client.GetAsync("sign-in/certificate", Cancellation);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        return client;
    }
}
