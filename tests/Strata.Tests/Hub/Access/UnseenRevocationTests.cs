using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Tests.Artifacts.Signing;

namespace Strata.Tests.Hub.Access;

public sealed class UnseenRevocationTests
{
    private static readonly Caller Admin = new("root", ClientRole.Admin, "localhost", Guid.Empty, null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("serial")]
    [InlineData("colons")]
    [InlineData("kid")]
    public async Task A_certificate_that_never_came_is_refused_from_its_first_request_on(string form)
    {
        await using var hub = new TestHubApp();
        var certificate = TestPki.Shared.Oem.Certificate;
        var name = form switch
        {
            "kid" => Kid.Of(certificate),
            "colons" => string.Join(':', certificate.SerialNumber.ToLowerInvariant().Chunk(2).Select(c => new string(c))),
            _ => certificate.SerialNumber,
        };
        var users = hub.App.Services.GetRequiredService<UserEndpoints>();
        var answer = Assert.IsType<JsonHttpResult<RevocationDocument>>(await users.RevokeUnseenAsync(Admin, name, "lost", Cancellation));
        Assert.Contains(Kid.Of(certificate), answer.Value!.UnseenKids);
        Assert.Empty(answer.Value.Revoked);

        var check = new CallerCheck(hub.App.Services.GetRequiredService<Strata.Hub.Trust.HubTrust>(), hub.Writer, new FixedClock(TestPki.Shared.Now.AddDays(1)));
        var (caller, refusal) = await check.CheckAsync(new DefaultHttpContext { Connection = { ClientCertificate = certificate } });
        Assert.Null(caller);
        Assert.Contains("was revoked on", refusal, StringComparison.Ordinal);
        Assert.Contains("lost", refusal, StringComparison.Ordinal);
        Assert.Empty(hub.Writer.State.Users);

        // Another one is taken, and what was said once is not said twice.
        var (other, _) = await check.CheckAsync(new DefaultHttpContext { Connection = { ClientCertificate = TestPki.Shared.Sp.Certificate } });
        Assert.NotNull(other);
        var before = hub.Writer.State.Sequence;
        await users.RevokeUnseenAsync(Admin, name, "lost", Cancellation);
        Assert.Equal(before, hub.Writer.State.Sequence);
    }

    [Fact]
    public async Task Only_an_admin_may_and_only_by_what_is_a_serial_number_or_a_key_id()
    {
        await using var hub = new TestHubApp();
        var users = hub.App.Services.GetRequiredService<UserEndpoints>();
        var oem = new Caller("anna", ClientRole.Oem, "demo-oem.localhost", Guid.Empty, null);
        Assert.Equal(StatusCodes.Status403Forbidden, Status(await users.RevokeUnseenAsync(oem, "4F", null, Cancellation)));
        Assert.Equal(StatusCodes.Status422UnprocessableEntity, Status(await users.RevokeUnseenAsync(Admin, "anna!", null, Cancellation)));
        Assert.Empty(hub.Writer.State.Revocations);
    }

    private static int? Status(IResult result) => (result as IStatusCodeHttpResult)?.StatusCode;
}
