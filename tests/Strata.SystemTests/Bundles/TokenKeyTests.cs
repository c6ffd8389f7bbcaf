using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary>Keys in a PKCS #11 token sign, connect and are certified; the token is SoftHSM, the hub a real one, and openssl judges the signature.</summary>
public sealed class TokenKeyTests(TokenKeyTests.Rig rig) : IClassFixture<TokenKeyTests.Rig>
{
    private const string Pin = "80417", Module = "/usr/lib/softhsm/libsofthsm2.so";
    private const int Usage = 2, Refused = 3, Unavailable = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_is_signed_and_sent_with_a_key_and_certificate_that_only_a_token_has()
    {
        var folder = await rig.BundleAsync("tools", $"pkcs11:token=strata;object=publisher?pin-source=file:{rig.Folder["pin"]}");
        var (code, output, error) = await rig.StrataAsync(["bundle", "go", "--config", Path.Combine(folder, "config.yaml"), .. rig.Hub, "--json"], $"STRATA_TOKEN_MODULE={Module}");
        Assert.True(code == 0, error);
        Assert.Equal("done", JsonDocument.Parse(output).RootElement.GetProperty("state").GetString());
        Assert.DoesNotContain(Pin, output + error, StringComparison.Ordinal);

        var script = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Bundles/verify_bundle.py");
        var names = await Tool.OutputAsync("python3", script, Path.Combine(folder, "batch.tar.gz"), rig.Folder["leaf.pem"], rig.Pki("users-root.crt"));
        Assert.Contains("tools/linux-amd64-1.0.0.tar.gz", names, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_made_in_a_token_that_wants_the_pin_at_every_use_is_certified_without_leaving_it_and_publishes_from_then_on()
    {
        await Tool.OutputAsync("env", rig.SoftHsm, "pkcs11-tool", "--module", Module, "--token-label", "strata", "--login", "--pin", Pin, "--keypairgen", "--key-type", "rsa:2048", "--id", "0d", "--label", "dora", "--always-auth");
        var key = $"pkcs11:token=strata;object=dora?module-path={Module}";
        var invited = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, ["user", "invite", "dora", .. rig.Hub, "--key", rig.Pki(PkiFiles.OemUser), "--json"])).RootElement;
        string[] enrol = ["user", "enrol", .. rig.Hub, "--token", invited.GetProperty("token").GetString()!, "--key", key, "--out", rig.Folder["dora.crt"]];
        var (code, output, error) = await rig.StrataAsync(enrol, $"STRATA_TOKEN_PIN={Pin}");
        Assert.True(code == 0, error);
        Assert.Contains($"--cert {rig.Folder["dora.crt"]}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(rig.Folder["dora.crt"], Cancellation), StringComparison.Ordinal);

        var folder = await rig.BundleAsync("dora-tools", "nobody.p12"); // the options win
        string[] go = ["bundle", "go", "--config", Path.Combine(folder, "config.yaml"), .. rig.Hub, "--key", key, "--cert", rig.Folder["dora.crt"]];
        (code, output, error) = await rig.StrataAsync(go, $"STRATA_TOKEN_PIN={Pin}");
        Assert.True(code == 0, error);
        Assert.Contains("layer dora-tools 1.0.0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("object=publisher", "99999", Refused, "refused the PIN: PIN incorrect. Correct it before you try again")]
    [InlineData("object=publisher", "", Refused, "Without its PIN no token shows the key pkcs11:token=strata;object=publisher. Put the PIN into a file")]
    [InlineData("object=nobody", Pin, Refused, "The token is there, and has no private key pkcs11:token=strata;object=nobody. Correct object or id")]
    [InlineData("token=elsewhere;object=publisher", Pin, Refused, "There is no token for pkcs11:token=elsewhere;object=publisher, or it is empty")]
    [InlineData("object=bare", Pin, Refused, "The token keeps no certificate under the name of the key pkcs11:token=strata;object=bare. Name its PEM file with --cert")]
    [InlineData("object=publisher?module-path=/nowhere.so", Pin, Refused, "The token's module '/nowhere.so' is not there.")]
    [InlineData("object=publisher?module-path=/bin/true", Pin, Unavailable, "The token's module '/bin/true' cannot be loaded.")]
    [InlineData("object=publisher?pin-source=file:/nowhere", "", Refused, "The file that pin-source names cannot be read")]
    [InlineData("objekt=publisher", Pin, Usage, "--key: The URI holds 'objekt', which is not read here; did you mean 'object'?")]
    public async Task What_is_wrong_with_a_token_is_said_with_its_cure(string key, string pin, int expected, string reason)
    {
        var text = key.StartsWith("token", StringComparison.Ordinal) ? $"pkcs11:{key}" : $"pkcs11:token=strata;{key}";
        if (!text.Contains("module-path", StringComparison.Ordinal)) text += $"{(text.Contains('?', StringComparison.Ordinal) ? '&' : '?')}module-path={Module}";
        var (code, output, error) = await rig.StrataAsync(["bundle", "list", .. rig.Hub, "--key", text], $"STRATA_TOKEN_PIN={pin}");
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Enter PKCS#11", error, StringComparison.Ordinal); // nothing asks behind our back
    }

    [Fact]
    public async Task Without_the_engine_or_with_a_foreign_certificate_nothing_is_sent_and_the_cure_is_named()
    {
        string[] list = ["bundle", "list", .. rig.Hub, "--key", $"pkcs11:token=strata;object=bare?module-path={Module}"];
        var (code, _, error) = await rig.StrataAsync([.. list, "--cert", rig.Folder["leaf.pem"]], $"STRATA_TOKEN_PIN={Pin}", "OPENSSL_ENGINES=/nowhere");
        Assert.Equal(Unavailable, code);
        Assert.Contains("apt-get install libengine-pkcs11-openssl", error, StringComparison.Ordinal);

        (code, _, error) = await rig.StrataAsync([.. list, "--cert", rig.Pki("fleet-root.crt")], $"STRATA_TOKEN_PIN={Pin}");
        Assert.Equal(Refused, code);
        Assert.Contains("is not the one of the key pkcs11:token=strata;object=bare", error, StringComparison.Ordinal);

        (code, _, error) = await rig.StrataAsync([.. list, "--cert", rig.Folder["leaf.pem"]], $"STRATA_TOKEN_PIN={Pin}");
        Assert.True(code == 0, error);
    }

    /// <summary>A hub, and a token with two keys: <c>publisher</c> with its certificate, and <c>bare</c> without.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        private HubRig _hub = null!;

        internal TestFolder Folder { get; } = new();

        internal string[] Hub => ["--hub", _hub.Api, "--ca", Pki("fleet-root.crt")];

        internal string SoftHsm => $"SOFTHSM2_CONF={Folder["softhsm.conf"]}";

        internal string Pki(string file) => _hub.Pki.PathOf(file);

        public async ValueTask InitializeAsync()
        {
            _hub = await HubRig.StartAsync();
            Directory.CreateDirectory(Folder["tokens"]);
            await File.WriteAllTextAsync(Folder["softhsm.conf"], $"directories.tokendir = {Folder["tokens"]}\n", Cancellation);
            await File.WriteAllTextAsync(Folder["pin"], $"{Pin}\n", Cancellation);
            await Tool.OutputAsync("openssl", "pkcs12", "-in", Pki(PkiFiles.OemUser), "-passin", "pass:", "-clcerts", "-nokeys", "-out", Folder["leaf.pem"]);
            await Tool.OutputAsync("openssl", "x509", "-in", Folder["leaf.pem"], "-outform", "der", "-out", Folder["leaf.der"]);
            await Tool.OutputAsync("openssl", "pkcs12", "-in", Pki(PkiFiles.OemUser), "-passin", "pass:", "-nocerts", "-nodes", "-out", Folder["key.pem"]);
            await Tool.OutputAsync("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", Folder["key.pem"], "-out", Folder["key8.pem"]);
            await Tool.OutputAsync("env", SoftHsm, "softhsm2-util", "--init-token", "--free", "--label", "strata", "--pin", Pin, "--so-pin", "12345678");
            foreach (var (label, id) in new[] { ("publisher", "0a"), ("bare", "0b") })
                await Tool.OutputAsync("env", SoftHsm, "softhsm2-util", "--import", Folder["key8.pem"], "--token", "strata", "--label", label, "--id", id, "--pin", Pin);
            await Tool.OutputAsync("env", SoftHsm, "pkcs11-tool", "--module", Module, "--token-label", "strata", "--login", "--pin", Pin, "--write-object", Folder["leaf.der"], "--type", "cert", "--id", "0a", "--label", "publisher");
        }

        public async ValueTask DisposeAsync()
        {
            await _hub.DisposeAsync();
            Folder.Dispose();
        }

        /// <summary>Runs the command as somebody who has the token.</summary>
        internal Task<(int Code, string Output, string Error)> StrataAsync(string[] arguments, params string[] environment) =>
            Tool.RunAsync("env", ["-u", "STRATA_TOKEN_PIN", "-u", "STRATA_TOKEN_MODULE", SoftHsm, .. environment, Tool.Strata, .. arguments]);

        /// <summary>A folder with one layer and its configuration.</summary>
        internal async Task<string> BundleAsync(string codename, string key)
        {
            var folder = Directory.CreateDirectory(Folder[codename]).FullName;
            Directory.CreateDirectory(Path.Combine(folder, "usr/lib"));
            Directory.CreateDirectory(Path.Combine(folder, codename));
            await File.WriteAllTextAsync(Path.Combine(folder, "usr/lib", codename), codename, Cancellation);
            await Tool.OutputAsync("tar", "--owner=0", "--group=0", "-czf", Path.Combine(folder, codename, "linux-amd64-1.0.0.tar.gz"), "-C", folder, "usr");
            await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), $$"""
                publish: {tlsKey: '{{key}}'}
                items: [{identity: {type: layer, codename: {{codename}}}, version: 1.0.0, images: [{archInfo: {architecture: amd64}, path: linux-amd64-1.0.0.tar.gz}]}]
                """, Cancellation);
            return folder;
        }
    }
}
