using Strata.Hub.Portal.OpenId;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Portal;

public sealed class OpenIdSettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_left_out_has_its_default_and_the_secret_comes_from_beside_the_file()
    {
        File.WriteAllText(_folder["secret"], "hush\n");
        var (settings, mistakes) = Read("""{"issuer": "https://login.example.com/realm", "clientId": "strata", "clientSecretFile": "secret", "users": [{"claim": "groups", "value": "a", "role": "admin"}]}""");
        Assert.Empty(mistakes);
        Assert.Equal(("hush", "preferred_username"), (settings!.ClientSecret, settings.NameClaim));
        Assert.Equal(["profile"], settings.Scopes);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var (settings, mistakes) = Read("""
            {"issuer": "http://login.example.com", "clientSecretFile": "nowhere", "users": [
              {"claim": "groups", "value": "a", "role": "oem"}, {"value": "b", "role": "king", "owner": "Example"}]}
            """);
        Assert.Null(settings);
        foreach (var part in new[] { "issuer: 'http://login.example.com'", "clientId is missing", "users[0].owner is missing", "users[1].claim is missing", "users[1].role: 'king'", "users[1].owner: 'Example'", "nowhere" })
            Assert.Contains(mistakes, m => m.Contains(part, StringComparison.Ordinal));
        Assert.Equal(7, mistakes.Count);
    }

    [Theory]
    [InlineData("{\n  \"issuers\": \"https://a/\"}", ":2:", "issuers")]
    [InlineData("{\"issuer\": \"https://a/\",\n \"issuer\": \"https://b/\"}", ":2:", "issuer")]
    [InlineData("{\"users\": null}", ":1:", "users")]
    [InlineData("{\"users\": [null]}", "", "null")]
    [InlineData("null", "", "object")]
    [InlineData("users: []", ":1:", "invalid")]
    public void What_is_no_such_file_is_refused_with_its_place(string text, string place, string said)
    {
        var (settings, mistakes) = Read(text);
        Assert.Null(settings);
        Assert.Contains(place, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.Contains(said, mistakes[0], StringComparison.OrdinalIgnoreCase);
    }

    private (OpenIdSettings? Settings, IReadOnlyList<string> Mistakes) Read(string text)
    {
        File.WriteAllText(_folder["openid.json"], text);
        return OpenIdSettings.Read(_folder["openid.json"]);
    }
}
