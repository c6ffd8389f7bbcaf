using System.Buffers.Text;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
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
            ("a million entries", RawBundle.Bundle(config, Entries(Encoding.UTF8.GetBytes(config), 1_000_000), p => Jws.Sign(p, oem.Certificate)), "has more than 100000 entries"),
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
        foreach (var (what, bundle, user, reason) in Foreign(config, sound))
        {
            var (state, said) = await RawBundle.JudgeAsync(_rig, user, bundle);
            if (state != "error" || !said.Contains(reason, StringComparison.Ordinal)) wrong.Add($"{what}: {state}, {said}");
        }
        Assert.Empty(wrong);
        Assert.Equal(0, (await _rig.GetAsync("layers/")).GetProperty("total").GetInt32());
        Assert.Equal("done", (await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, RawBundle.Bundle(config, sound, p => Jws.Sign(p, oem.Certificate)))).State);
    }

    [Theory]
    [InlineData(-2, "expired")]
    [InlineData(2, "is valid only from")]
    public async Task Who_comes_with_a_certificate_out_of_its_time_is_told_so_at_the_door_and_nothing_that_it_signed_is_taken(int years, string reason)
    {
        var identity = new ClientIdentity(ClientRole.Oem, "demo-oem.localhost", "late");
        await File.WriteAllBytesAsync(_rig.Pki.PathOf("late.p12"), PkiFiles.User(_rig.Pki.Users, identity, "localhost", DateTimeOffset.UtcNow.AddYears(years)), TestContext.Current.CancellationToken);
        using var late = _rig.Pki.Load("late.p12");
        using var client = _rig.Client("late.p12");
        using var answer = await client.GetAsync("api/v11/layers/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var config = RawBundle.LayerConfig("lib");
        var inner = RawBundle.Pack(RawBundle.File("config.yaml", Encoding.UTF8.GetBytes(config)), RawBundle.File("lib/layer.tar.gz", RawBundle.Pack(RawBundle.File("usr/lib/a", [1]))));
        var (state, said) = await RawBundle.JudgeAsync(_rig, PkiFiles.OemUser, RawBundle.Bundle(config, inner, p => Jws.Sign(p, late.Certificate)));
        Assert.Equal("error", state);
        Assert.Contains("names none of the certificates", said, StringComparison.Ordinal);
    }

    /// <summary>Sound bundles of the wrong people.</summary>
    private IEnumerable<(string What, byte[] Bundle, string User, string Reason)> Foreign(string config, byte[] inner)
    {
        byte[] SignedBy(string file, ClientIdentity identity)
        {
            File.WriteAllBytes(_rig.Pki.PathOf(file), PkiFiles.User(_rig.Pki.Users, identity, "localhost", DateTimeOffset.UtcNow));
            var credentials = _rig.Pki.Load(file);
            return RawBundle.Bundle(config, inner, p => Jws.Sign(p, credentials.Certificate));
        }
        var foreign = SignedBy("foreign.p12", new(ClientRole.Oem, "other-oem.localhost", "foreign"));
        var both = SignedBy("both.p12", new(ClientRole.ServiceProvider, "demo-oem.localhost", "both"));
        yield return ("the role of its uploader may not publish layers", both, "both.p12", "role 'oem'");
        yield return ("signed in another role of the same owner, which the hub knows", both, PkiFiles.OemUser, "uploaded in another role");
        yield return ("signed by another OEM, which the hub does not know", foreign, PkiFiles.OemUser, "names none of the certificates");
    }

    // A tar of so many empty files is half a gigabyte, and a few megabytes packed.
    private static byte[] Entries(byte[] config, int count)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            using (var first = new MemoryStream())
            {
                using (var tar = new TarWriter(first, leaveOpen: true)) tar.WriteEntry(RawBundle.File("config.yaml", config));
                gzip.Write(first.GetBuffer(), 0, (int)first.Length - 1024); // without its end
            }
            var header = new byte[512];
            "0000644"u8.CopyTo(header.AsSpan(100));
            "0000000"u8.CopyTo(header.AsSpan(108));
            "0000000"u8.CopyTo(header.AsSpan(116));
            "00000000000"u8.CopyTo(header.AsSpan(124));
            "00000000000"u8.CopyTo(header.AsSpan(136));
            header[156] = (byte)'0';
            for (var i = 0; i < count; i++)
            {
                i.TryFormat(header, out _, "D7");
                header.AsSpan(148, 8).Fill((byte)' ');
                var sum = 0;
                foreach (var value in header) sum += value;
                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header.AsSpan(148));
                gzip.Write(header);
            }
            gzip.Write(new byte[1024]);
        }
        return packed.ToArray();
    }
}
