using System.Buffers.Text;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Signing;

namespace Strata.SystemTests.Hub;

/// <summary>Bundles that a publisher with a good certificate made to do harm. Each is refused with its reason, and the hub goes on.</summary>
public sealed class HostileBundleTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_folder_that_stands_twice_does_not_end_the_hub()
    {
        var (state, reason) = await RawBundle.JudgeAsync(
            _rig, PkiFiles.ServiceProviderUser, RawBundle.ServiceConfig("app"),
            RawBundle.Folder("app/opt"), RawBundle.Folder("app/opt"), RawBundle.File("app/opt/main", [1]));
        Assert.Equal("error", state);
        Assert.Contains("twice", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_json_full_of_nulls_does_not_end_the_hub()
    {
        var claims = """{"name":null,"codename":null,"version":null,"platform":null,"archive":null}""";
        var (state, reason) = await RawBundle.JudgeAsync(
            _rig, PkiFiles.OemUser, RawBundle.LayerConfig("lib"),
            RawBundle.File("lib/layer.tar.gz", RawBundle.Pack(RawBundle.File("usr/lib/a", [1]))),
            RawBundle.File("lib/layer.json", Encoding.UTF8.GetBytes(claims)));
        Assert.Equal("error", state);
        Assert.Contains("lib/layer.json cannot be read", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_forged_escapes_or_explodes_is_refused_quickly_with_its_reason_and_the_hub_goes_on()
    {
        using var oem = _rig.Pki.Load(PkiFiles.OemUser);
        using var provider = _rig.Pki.Load(PkiFiles.ServiceProviderUser);
        var config = RawBundle.LayerConfig("lib");
        byte[] Inner(byte[] layer) => RawBundle.Pack(RawBundle.File("config.yaml", Encoding.UTF8.GetBytes(config)), RawBundle.File("lib/layer.tar.gz", layer));
        byte[] Layer(params TarEntry[] entries) => RawBundle.Bundle(config, Inner(RawBundle.Pack(entries)), p => Jws.Sign(p, oem.Certificate));
        var sound = Inner(RawBundle.Pack(RawBundle.File("usr/lib/a", [1])));
        var kid = Kid.Of(oem.Certificate);
        string Forged(string algorithm, byte[] payload, Func<byte[], byte[]> seal)
        {
            var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}"""))}.{Base64Url.EncodeToString(payload)}";
            return $"{text}.{Base64Url.EncodeToString(seal(Encoding.ASCII.GetBytes(text)))}";
        }
        var bomb = config + string.Concat(Enumerable.Range(0, 9).Select(n => $"\nl{n}: &l{n} [{(n == 0 ? "x" : string.Join(", ", Enumerable.Repeat($"*l{n - 1}", 9)))}]"));

        (string What, byte[] Bundle, string Reason)[] all =
        [
            ("alg none", RawBundle.Bundle(config, sound, p => Forged("none", p, _ => [])), "A part of the signature is not"),
            ("alg none with a seal", RawBundle.Bundle(config, sound, p => Forged("none", p, _ => [1])), "algorithm is 'none'"),
            ("the public key as a secret", RawBundle.Bundle(config, sound, p => Forged("HS256", p, t => HMACSHA256.HashData(oem.Certificate.GetPublicKey(), t))), "algorithm is 'HS256'"),
            ("another's kid", RawBundle.Bundle(config, sound, p => Jws.Sign(p, provider.Certificate)), "names none of the certificates"),
            ("signed by another under this kid", RawBundle.Bundle(config, sound, p => Forged("RS256", p, t => provider.Certificate.GetRSAPrivateKey()!.SignData(t, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))), "does not fit what it covers"),
            ("a member more", RawBundle.Bundle(config, sound, p => Jws.Sign(p, oem.Certificate), RawBundle.File("more", [1])), "exactly"),
            ("a member twice", RawBundle.Bundle(config, sound, p => Jws.Sign(p, oem.Certificate), RawBundle.File("batch.tar.gz", sound)), "exactly"),
            ("YAML that names itself", RawBundle.Bundle(bomb, RawBundle.Pack(RawBundle.File("config.yaml", Encoding.UTF8.GetBytes(bomb))), p => Jws.Sign(p, oem.Certificate)), "alias"),
            ("a path that climbs", Layer(RawBundle.File("../../etc/passwd", [1])), "etc/passwd"),
            ("a hard link that climbs", Layer(new PaxTarEntry(TarEntryType.HardLink, "usr/a") { LinkName = "../../etc/passwd" }), "passwd"),
            ("a device", Layer(new PaxTarEntry(TarEntryType.BlockDevice, "dev/sda") { DeviceMajor = 8 }), "device"),
            ("zeros without end", RawBundle.Bundle(config, Inner(RawBundle.Pack(CompressionLevel.SmallestSize, [RawBundle.File("usr/lib/zeros", new byte[200_000_000])])), p => Jws.Sign(p, oem.Certificate)), "as only a bomb does"),
        ];
        var wrong = new List<string>();
        foreach (var (what, bundle, reason) in all)
        {
            var clock = Stopwatch.StartNew();
            var (state, said) = await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, bundle);
            if (state != "error" || !said.Contains(reason, StringComparison.Ordinal)) wrong.Add($"{what}: {state}, {said}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{what} took {clock.Elapsed}."); // tests run on busy machines; each takes well under a second
        }
        Assert.Empty(wrong);
        Assert.Equal(0, (await _rig.GetAsync("layers/")).GetProperty("total").GetInt32());
        Assert.Equal("done", (await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, RawBundle.Bundle(config, sound, p => Jws.Sign(p, oem.Certificate)))).State);
    }
}
