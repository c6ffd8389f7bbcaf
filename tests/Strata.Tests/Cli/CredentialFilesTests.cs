using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Tests.Cli;

public sealed class CredentialFilesTests
{
    [Theory]
    [InlineData("pkcs11:token=strata;object=oem?pin-value=8041", "The URI holds the token's PIN")]
    [InlineData("pkcs11:token=strata?8041", "not read behind its ?")]
    public void A_pin_on_the_command_line_is_refused_and_not_repeated(string key, string reason)
    {
        var refused = Assert.Throws<CommandFailure>(() => new CredentialFiles("/nowhere", "/nowhere").Named(key, "--key", null));
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.StartsWith($"--key: The URI holds", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("8041", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_a_token_is_shown_without_where_its_pin_is() =>
        Assert.Equal("pkcs11:token=strata;object=oem", new CredentialFiles("/nowhere", "/nowhere").Named("pkcs11:token=strata;object=oem?pin-source=file:/run/pin", "--key", null).ToString());
}
