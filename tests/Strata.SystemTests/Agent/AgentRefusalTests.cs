using Strata.Artifacts.Protocol;

namespace Strata.SystemTests.Agent;

/// <summary>A hub that lies, each time about one layer of a new version: it is refused by name and the old version goes on.</summary>
public sealed class AgentRefusalTests
{
    public static TheoryData<string, string, int> Lies => new()
    {
        { "wrong SHA3", "SHA3-256 of the file is not the announced one", 10 },
        { "other content", "SHA3-256 of the file is not the announced one", 10 },
        { "other content with its own SHA3", "arrived instead", 10 },
        { "wrong size", "bytes expected", 10 },
        { "longer than announced", "More than the announced", 10 },
        { "not signed", "it is not signed", 10 },
        { "signature of another blob", "the release signature does not hold", 10 },
        { "unknown chain", "is not listed", 10 },
        { "signed by a hub certificate", "WrongPurpose", 10 },
        { "judged before the chain was valid", "NotYetValid", 10 },
        { "other algorithm", "is not known", 12 },
        { "plain http", "no https address", 12 },
        { "not there", "the hub does not have it", 5 },
        { "404", "404", 5 },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_about_a_layer_is_reported_and_the_old_version_keeps_running(string lie, string message, int aosCode)
    {
        await using var rig = await AgentRig.StartAsync();
        var (old, now) = (await rig.Hub.LayerAsync("opt/lib/shared", "old"), await rig.Hub.LayerAsync("opt/lib/shared", "new"));
        await rig.Hub.DesireAsync(("one", "1.0.0", await rig.ServiceAsync("one", old)));
        await rig.Hub.ActiveAsync("one", "1.0.0");
        var running = rig.Container("one");

        Tell(rig, lie, now.Digest.Hex);
        await rig.Hub.DesireAsync(("one", "2.0.0", await rig.ServiceAsync("one", now)));
        var error = await rig.Hub.FailureAsync("one", "2.0.0");

        Assert.Contains(message, error.Message + rig.Output, StringComparison.Ordinal);
        Assert.True(error.Message.Length <= 64, error.Message);
        Assert.Equal(aosCode, error.AosCode);
        Assert.Equal(running, rig.Container("one"));
        Assert.Equal("old", File.ReadAllText($"/proc/{running}/root/opt/lib/shared"));
        var status = rig.Hub.Statuses.Last(s => !s.IsDeltaInfo);
        Assert.Contains(status.Items!, i => (i.Version, i.State) == ("1.0.0", "installed"));
        Assert.Contains(status.Instances!, i => i.Version == "1.0.0" && i.Instances[0].State == "active");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "ingest")));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "layers")).Count());
        if (lie != "404") Assert.False(File.Exists(Path.Combine(rig.Root, "downloads", now.Digest.Hex)), "Nothing half-written is left.");
    }

    [Fact]
    public async Task A_layer_whose_content_is_not_its_diff_id_is_refused_and_the_other_service_starts()
    {
        await using var rig = await AgentRig.StartAsync();
        var (good, other) = (await rig.Hub.LayerAsync("opt/a", "a"), await rig.Hub.LayerAsync("opt/b", "b"));
        var bad = good with { DiffId = other.DiffId };
        await rig.Hub.DesireAsync(("bad", "1.0.0", await rig.ServiceAsync("bad", bad)), ("good", "1.0.0", await rig.ServiceAsync("good", good)));

        var error = await rig.Hub.FailureAsync("bad", "1.0.0");
        await rig.Hub.ActiveAsync("good", "1.0.0");

        Assert.Equal(10, error.AosCode);
        Assert.Single(rig.Containers());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Root, "ingest")));
    }

    private static void Tell(AgentRig rig, string lie, string layer)
    {
        void Say(Func<BlobLocation, BlobLocation?> change) => rig.Hub.Say = (hex, location) => hex == layer ? change(location) : location;
        void Serve(Func<byte[], byte[]?> change) => rig.Hub.Serve = (hex, content) => hex == layer ? change(content) : content;
        byte[] Flip(byte[] content) => [.. content[..^1], (byte)(content[^1] ^ 1)];
        switch (lie)
        {
            case "wrong SHA3": Say(l => l with { Sha256 = new('0', 64) }); break;
            case "other content": Serve(Flip); break;
            case "other content with its own SHA3":
                Serve(Flip);
                Say(l => l with { Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA3_256.HashData(Flip(rig.Hub.Blobs[layer]))) });
                break;
            case "wrong size": Say(l => l with { Size = l.Size + 1 }); break;
            case "longer than announced": Serve(c => [.. c, 0]); break;
            case "not signed": Say(l => l with { SignInfo = null }); break;
            case "signature of another blob":
                var other = "";
                rig.Hub.Say = (hex, location) =>
                {
                    if (hex != layer)
                    {
                        other = location.SignInfo!.Value;
                        return location;
                    }
                    return location with { SignInfo = location.SignInfo! with { Value = other } };
                };
                break;
            case "unknown chain": Say(l => l with { SignInfo = l.SignInfo! with { ChainName = "other" } }); break;
            case "signed by a hub certificate": rig.Hub.Signer = rig.Pki.Load("rsa-hub.p12"); break;
            case "judged before the chain was valid": Say(l => l with { SignInfo = l.SignInfo! with { TrustedTimestamp = "2020-01-01T00:00:00Z" } }); break;
            case "other algorithm": Say(l => l with { SignInfo = l.SignInfo! with { Alg = "RSA/SHA1/PKCS1v1_5" } }); break;
            case "plain http": Say(l => l with { Urls = [l.Urls[0].Replace("https", "http", StringComparison.Ordinal)] }); break;
            case "not there": Say(_ => null); break;
            case "404": Serve(_ => null); break;
            default: throw new ArgumentOutOfRangeException(nameof(lie), lie, null);
        }
    }
}
