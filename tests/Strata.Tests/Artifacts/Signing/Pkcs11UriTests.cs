using Strata.Artifacts.Signing;
using Xunit;

namespace Strata.Tests.Artifacts.Signing;

public sealed class Pkcs11UriTests
{
    [Fact]
    public void A_uri_gives_the_key_to_the_engine_and_keeps_the_query_to_itself()
    {
        var uri = Good("pkcs11:object=my%20key;token=strata;id=%01%ff;type=private?pin-source=file:/run/pin%20one&module-path=/usr/lib/m.so");
        Assert.Equal("pkcs11:token=strata;object=my%20key;id=%01%ff", uri.Text);
        Assert.Equal("pkcs11:token=strata", uri.Token);
        Assert.Equal(("/run/pin one", "/usr/lib/m.so", false), (uri.PinFile, uri.ModulePath, uri.HoldsPin));
    }

    [Theory]
    [InlineData("pkcs11:token=a?pin-source=/run/pin", "/run/pin")]
    [InlineData("pkcs11:token=a?pin-source=file:///run/pin", "/run/pin")]
    [InlineData("pkcs11:token=a?pin-source=file:/run/pin", "/run/pin")]
    public void A_pin_source_is_an_absolute_path_in_each_of_its_forms(string text, string path) => Assert.Equal(path, Good(text).PinFile);

    [Fact]
    public void A_pin_is_never_part_of_what_is_shown()
    {
        var uri = Good("pkcs11:token=a?pin-value=12%3b34");
        Assert.True(uri.HoldsPin);
        Assert.DoesNotContain("12", $"{uri} {uri with { }} {uri.Text} {uri.Token} {uri.Reusable}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkcs11:token=a?pin-value=12&8041")]
    [InlineData("pkcs11:token=a?pin-value=12&8041=")]
    [InlineData("pkcs11:token=a?pin-value:8041")]
    [InlineData("pkcs11:token=a?pin-valu=8041")]
    [InlineData("pkcs11:token=a?8041")]
    [InlineData("pkcs11:token=a?pin-value=80 8041")]
    [InlineData("pkcs11:token=a?pin-source=8041")]
    [InlineData("pkcs11:token=a?pin-value=8041&pin-value=8041")]
    [InlineData("pkcs11:token=a;pin-value=8041")]
    [InlineData("pkcs11:token=a;pin-value:8041")]
    public void No_part_of_a_pin_is_in_what_is_said_of_a_wrong_uri(string text)
    {
        var (uri, problem) = Pkcs11Uri.Read(text);
        Assert.Null(uri);
        Assert.DoesNotContain("80", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_be_used_again_keeps_where_the_pin_and_the_module_are_and_leaves_the_pin_out()
    {
        Assert.Equal(
            "pkcs11:token=it%27s;object=b?pin-source=file:/run/pin%20one&module-path=/usr/lib/m.so",
            Good("pkcs11:object=b;token=it's?module-path=/usr/lib/m.so&pin-source=file:/run/pin%20one").Reusable);
        Assert.Equal("pkcs11:token=a", Good("pkcs11:token=a?pin-value=8041").Reusable);
    }

    [Theory]
    [InlineData("pkcs11:", "names neither a token nor a key")]
    [InlineData("pkcs11:type=private", "names neither a token nor a key")]
    [InlineData("pkcs11:token=a;type=cert", "a key is private")]
    [InlineData("pkcs11:token=a;token=b", "holds token twice")]
    [InlineData("pkcs11:token=", "token has no value")]
    [InlineData("pkcs11:token=a b", "must be written as % and two hex digits")]
    [InlineData("pkcs11:token=a%2", "must be written as % and two hex digits")]
    [InlineData("pkcs11:token=ä", "must be written as % and two hex digits")]
    [InlineData("pkcs11:tokn=a", "did you mean 'token'?")]
    [InlineData("pkcs11:slot-id=1", "'slot-id', which is not read here; known are token")]
    [InlineData("pkcs11:token=a?pin-value=1&pin-source=/p", "both pin-source and pin-value")]
    [InlineData("pkcs11:token=a?pin-source=|cat%20pin", "is no file; write pin-source=file:/PATH")]
    [InlineData("pkcs11:token=a?pin-source=pin", "is no file; write pin-source=file:/PATH")]
    public void What_is_no_uri_of_a_key_is_refused_with_the_reason(string text, string reason)
    {
        Assert.True(Pkcs11Uri.IsMeantBy(text));
        var (uri, problem) = Pkcs11Uri.Read(text);
        Assert.Null(uri);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_uri_of_any_length_is_not_read_to_its_end() =>
        Assert.Contains("more than 1024", Pkcs11Uri.Read("pkcs11:token=" + new string('a', 2000)).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("aos-user-oem.p12")]
    [InlineData("/home/me/pkcs11/key.p12")]
    public void A_file_is_no_uri(string text) => Assert.False(Pkcs11Uri.IsMeantBy(text));

    private static Pkcs11Uri Good(string text)
    {
        var (uri, problem) = Pkcs11Uri.Read(text);
        Assert.Null(problem);
        return uri!;
    }
}
