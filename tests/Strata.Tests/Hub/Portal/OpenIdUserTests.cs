using System.Security.Claims;
using Strata.Artifacts.Signing;
using Strata.Hub.Portal.OpenId;

namespace Strata.Tests.Hub.Portal;

public sealed class OpenIdUserTests
{
    private static readonly OpenIdSettings Settings = new()
    {
        Issuer = "https://login.example.com/",
        Users =
        [
            new("groups", "platform", "oem", "oem.example"),
            new("groups", "apps", "sp", "sp.example"),
            new("email", "chief@example.com", "admin"),
        ],
    };

    [Fact]
    public void The_first_rule_that_fits_counts() =>
        Assert.Equal(new OpenIdUser("ann", "42", ClientRole.Oem, "oem.example"), Of(("sub", "42"), ("preferred_username", "ann"), ("groups", "apps"), ("groups", "platform")).User);

    [Fact]
    public void Whose_name_is_not_sent_goes_by_the_subject_and_a_long_one_is_cut()
    {
        Assert.Equal("42", Of(("sub", "42"), ("groups", "apps")).User!.Name);
        Assert.Equal(64, Of(("sub", "42"), ("preferred_username", new string('x', 1000)), ("groups", "apps")).User!.Name.Length);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void An_address_counts_only_when_the_provider_has_verified_it(string? verified, bool isUser)
    {
        List<(string, string)> claims = [("sub", "1"), ("email", "chief@example.com")];
        if (verified is not null) claims.Add(("email_verified", verified));
        var (user, missing) = Of([.. claims]);
        Assert.Equal(isUser, user is not null);
        Assert.Equal(isUser ? "localhost" : null, user?.Owner);
        Assert.Equal(isUser, missing.Count == 0);
    }

    [Theory]
    [InlineData("Apps")]
    [InlineData("apps ")]
    [InlineData("apps,platform")]
    [InlineData("[\"apps\"]")]
    public void A_value_fits_whole_or_not_at_all(string value) => Assert.Null(Of(("sub", "1"), ("groups", value)).User);

    [Fact]
    public void A_stranger_learns_what_was_looked_at_and_no_rule()
    {
        var missing = string.Join('\n', Of(("sub", "1"), ("groups", "canteen")).Missing);
        Assert.Contains("'groups' is 'canteen'", missing, StringComparison.Ordinal);
        Assert.Contains("did not send the claim 'email'", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("platform", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("chief", missing, StringComparison.Ordinal);
    }

    private static (OpenIdUser? User, IReadOnlyList<string> Missing) Of(params (string Type, string Value)[] claims) =>
        OpenIdUser.Of(Settings, [.. claims.Select(c => new Claim(c.Type, c.Value))], "localhost");
}
