using System.Buffers.Text;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;

namespace Strata.SystemTests.Targets;

/// <summary>Targets that a publisher with a good certificate made to do harm. Each is refused with its reason, and the hub goes on.</summary>
public sealed class HostileTargetTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_is_forged_escapes_or_explodes_is_refused_quickly_with_its_reason_and_the_hub_goes_on()
    {
        foreach (var user in new[] { PkiFiles.OemUser, PkiFiles.ServiceProviderUser }) await _rig.GetAsync("users/me/", user); // the hub judges a signature by the certificates that it has met
        var wrong = new List<string>();
        foreach (var (what, target, status, reason) in Forged().Concat(Shaped()).Concat(Indexes()).Concat(Bases()))
        {
            var clock = Stopwatch.StartNew();
            var (answered, said) = await target.SendAsync(_rig);
            if (answered != status || !said.Contains(reason, StringComparison.Ordinal)) wrong.Add($"{what}: {answered}, {said}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{what} took {clock.Elapsed}."); // tests run on busy machines; each takes well under a second
        }
        var (provider, denied) = await new RawTarget("theirs").SendAsync(_rig, PkiFiles.ServiceProviderUser);
        if (provider != HttpStatusCode.Forbidden || !denied.Contains("Not allow", StringComparison.Ordinal)) wrong.Add($"a service provider: {provider}, {denied}");
        foreach (var length in new[] { 0, 40, 400, 1200 })
        {
            var (cut, why) = await new RawTarget("cut").SendAsync(_rig, cut: length);
            if (cut != HttpStatusCode.BadRequest || !(why.Contains("cannot be read", StringComparison.Ordinal) || why.Contains("has to be 'document'", StringComparison.Ordinal))) wrong.Add($"cut at {length}: {cut}, {why}");
        }
        Assert.Empty(wrong);
        Assert.Equal(0, (await _rig.GetAsync("targets/")).GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.Created, (await Whole("sound", RawBundle.File("usr/a", [1])).SendAsync(_rig)).Status);
        Assert.Equal("sound", Assert.Single((await _rig.GetAsync("targets/")).GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
    }

    private IEnumerable<(string What, RawTarget Target, HttpStatusCode Status, string Reason)> Forged()
    {
        var (oem, provider) = (_rig.Pki.Load(PkiFiles.OemUser).Certificate, _rig.Pki.Load(PkiFiles.ServiceProviderUser).Certificate);
        File.WriteAllBytes(_rig.Pki.PathOf("foreign.p12"), PkiFiles.User(_rig.Pki.Users, new(ClientRole.Oem, "other-oem.localhost", "foreign"), "localhost", DateTimeOffset.UtcNow));
        File.WriteAllBytes(_rig.Pki.PathOf("both.p12"), PkiFiles.User(_rig.Pki.Users, new(ClientRole.ServiceProvider, "demo-oem.localhost", "both"), "localhost", DateTimeOffset.UtcNow));
        var (foreign, both) = (_rig.Pki.Load("foreign.p12").Certificate, _rig.Pki.Load("both.p12").Certificate);
        string Seal(string header, byte[] payload, Func<byte[], byte[]> seal)
        {
            var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(payload)}";
            return $"{text}.{Base64Url.EncodeToString(seal(Encoding.ASCII.GetBytes(text)))}";
        }
        string Header(string algorithm, string more = "") => $$"""{"alg":"{{algorithm}}","kid":"{{Kid.Of(oem)}}"{{more}}}""";
        byte[] Rsa(X509Certificate2 by, byte[] text) => by.GetRSAPrivateKey()!.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        (string, Func<byte[], string>, string)[] all =
        [
            ("no signature at all", Encoding.UTF8.GetString, "A part of the signature is not"),
            ("nothing but dots", _ => new string('.', 4_000_000), "three parts"),
            ("alg none", p => Seal(Header("none"), p, _ => []), "A part of the signature is not"),
            ("alg none with a seal", p => Seal(Header("none"), p, _ => [1]), "algorithm is 'none'"),
            ("the public key as a secret", p => Seal(Header("HS256"), p, t => HMACSHA256.HashData(oem.GetPublicKey(), t)), "algorithm is 'HS256'"),
            ("two algorithms", p => Seal(Header("RS256", ",\"alg\":\"none\""), p, t => Rsa(oem, t)), "header is not JSON"),
            ("a key of its own in the header", p => Seal(Header("RS256", ",\"jwk\":{}"), p, t => Rsa(oem, t)), "'jwk'"),
            ("signed by another under this kid", p => Seal(Header("RS256"), p, t => Rsa(provider, t)), "does not fit what it covers"),
            ("changed after it was signed", p => Jws.Sign([.. p, (byte)' '], oem) is var text && text.Split('.') is var parts ? $"{parts[0]}.{Base64Url.EncodeToString(p)}.{parts[2]}" : "", "does not fit what it covers"),
            ("cut off", p => Jws.Sign(p, oem)[..^6], "does not fit what it covers"),
            ("another's kid", p => Jws.Sign(p, provider), "names none of the certificates"),
            ("another OEM's, which the hub does not know", p => Jws.Sign(p, foreign), "names none of the certificates"),
            ("signed in another role of the same owner", p => Jws.Sign(p, both), "names none of the certificates"),
            ("longer than any", p => Jws.Sign(new byte[4 << 20], oem), "The target document"),
        ];
        foreach (var (what, sign, reason) in all)
            yield return (what, new("forged") { Sign = sign }, what == "longer than any" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest, reason);
    }

    private static IEnumerable<(string What, RawTarget Target, HttpStatusCode Status, string Reason)> Shaped()
    {
        var sound = new RawTarget("shaped");
        yield return ("a part before the document", sound with { First = "elf.json" }, HttpStatusCode.BadRequest, "has to be 'document'");
        yield return ("a part that is not signed", sound with { More = [("notes.txt", [1])] }, HttpStatusCode.UnprocessableEntity, "'notes.txt' that the signed document does not name");
        yield return ("a base that is not signed", sound with { More = [("base.tar.gz", [1])] }, HttpStatusCode.UnprocessableEntity, "'base.tar.gz' that the signed document does not name");
        yield return ("a part twice", sound with { More = [("elf.json", Encoding.UTF8.GetBytes(RawTarget.EmptyElf))] }, HttpStatusCode.UnprocessableEntity, "'elf.json' twice");
        yield return ("the document twice", sound with { More = [("document", [1])] }, HttpStatusCode.UnprocessableEntity, "does not name");
        yield return ("a path for a document", sound with { Documents = [("../../elf.json", [1])] }, HttpStatusCode.UnprocessableEntity, "is not known here");
        yield return ("a path for a name", sound with { Name = "../../etc" }, HttpStatusCode.UnprocessableEntity, "is no name of a target");
        yield return ("another digest", sound with { Change = t => t.Replace(RawTarget.Digest(Encoding.UTF8.GetBytes(RawTarget.EmptyElf)), RawTarget.Digest([7]), StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "not what the signed document says");
        yield return ("fewer bytes than there are", sound with { Change = t => t.Replace($"\"size\":{RawTarget.EmptyElf.Length}", "\"size\":4", StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "not what the signed document says");
        yield return ("a document larger than any", sound with { Change = t => t.Replace($"\"size\":{RawTarget.EmptyElf.Length}", "\"size\":600000000", StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "this hub takes up to");
        yield return ("JSON that nests without end", sound with { Change = t => t.Replace("[\"usr\"]", new string('[', 500_000), StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "cannot be read");
        yield return ("a number without bounds", sound with { Change = t => t.Replace($"\"size\":{RawTarget.EmptyElf.Length}", $"\"size\":1{new string('0', 1_000_000)}", StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "cannot be read");
        yield return ("a key twice", sound with { Change = t => t.Replace("\"schemaVersion\":2", "\"schemaVersion\":2,\"name\":\"other\"", StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "Duplicate");
        yield return ("a document that is signed and not sent", sound with { Documents = sound.Documents[..1], Change = t => t.Replace("\"documents\":[", $$"""  "documents":[{"name":"files.json","digest":"{{RawTarget.Digest([1])}}","size":1},""", StringComparison.Ordinal) }, HttpStatusCode.UnprocessableEntity, "the form does not hold it");
    }

    private static IEnumerable<(string What, RawTarget Target, HttpStatusCode Status, string Reason)> Indexes()
    {
        const string Binary = """{"path":"usr/a","architecture":"amd64","machine":62,"bits":64,"byteOrder":"little","kind":"shared","needed":[],"runPath":[],"undefined":[],"defined":[]}""";
        string Elf(string line) => RawTarget.EmptyElf.Replace("\n]", $"\n{line}\n]", StringComparison.Ordinal);
        string Files(string line) => RawTarget.EmptyFiles.Replace("\n]", $"\n{line}\n]", StringComparison.Ordinal);
        (string, string, string, string)[] all =
        [
            ("no index", "elf.json", "hello", "elf.json cannot be read"),
            ("an index packed as a bomb", "files.json", Encoding.Latin1.GetString(RawBundle.Pack(CompressionLevel.SmallestSize, [RawBundle.File("a", new byte[10_000_000])])), "files.json cannot be read"),
            ("a line beyond all libraries", "elf.json", Elf(Binary.Replace("\"defined\":[]", $"\"defined\":[{{\"name\":\"{new string('a', ElfIndex.LongestLine)}\"}}]", StringComparison.Ordinal)), "longer than"),
            ("a line that nests without end", "elf.json", Elf(Binary.Replace("\"defined\":[]", "\"defined\":" + new string('[', 1_000_000), StringComparison.Ordinal)), "elf.json cannot be read"),
            ("a number without bounds", "files.json", Files("""{"path":"usr/a","kind":"file","size":1e999}"""), "files.json cannot be read"),
            ("a null among symbols", "elf.json", Elf(Binary.Replace("\"defined\":[]", "\"defined\":[null]", StringComparison.Ordinal)), "holds null"),
            ("a path that climbs", "elf.json", Elf(Binary.Replace("usr/a", "../../etc/passwd", StringComparison.Ordinal)), "'../../etc/passwd' is no path in a base"),
            ("a path from the root", "files.json", Files("""{"path":"/etc/passwd","kind":"file"}"""), "'/etc/passwd' is no path in a base"),
            ("a path said twice", "files.json", Files("""{"path":"usr/a","path":"usr/b","kind":"file"}"""), "Duplicate"),
        ];
        foreach (var (what, name, content, reason) in all)
            yield return (what, new("indexed") { Documents = [(name, Encoding.Latin1.GetBytes(content))] }, HttpStatusCode.UnprocessableEntity, reason);
    }

    private static IEnumerable<(string What, RawTarget Target, HttpStatusCode Status, string Reason)> Bases()
    {
        (string, RawTarget, string)[] all =
        [
            ("no archive", Whole("based", RawBundle.File("usr/a", [1])) with { Base = ([1, 2, 3], RawTarget.Digest([1]), 1) }, "base.tar.gz"),
            ("a path that climbs", Whole("based", RawBundle.File("../../etc/passwd", [1])), "etc/passwd"),
            ("a hard link that climbs", Whole("based", new PaxTarEntry(TarEntryType.HardLink, "usr/a") { LinkName = "../../etc/passwd" }), "passwd"),
            ("a file twice", Whole("based", RawBundle.File("usr/a", [1]), RawBundle.File("usr/a", [2])), "twice"),
            ("zeros without end", Whole("based", RawBundle.File("usr/zeros", new byte[100_000_000])), "as only a bomb does"),
            ("another content than is said", Whole("based", RawBundle.File("usr/a", [1])) is var other ? other with { Base = other.Base!.Value with { DiffId = RawTarget.Digest([9]) } } : other, "has the diff id"),
            ("another size than is said", Whole("based", RawBundle.File("usr/a", [1])) is var large ? large with { Base = large.Base!.Value with { Unpacked = 1L << 60 } } : large, "bytes unpacked"),
            ("an index of something else", Whole("based", RawBundle.File("usr/a", [1])) with { Documents = [("files.json", Encoding.UTF8.GetBytes(RawTarget.EmptyFiles))] }, "files.json is not what base.tar.gz shows"),
        ];
        foreach (var (what, target, reason) in all) yield return (what, target, HttpStatusCode.UnprocessableEntity, reason);
    }

    /// <summary>A target with its base, of which no index is sent.</summary>
    private static RawTarget Whole(string name, params TarEntry[] entries)
    {
        var archive = RawBundle.Pack(CompressionLevel.SmallestSize, entries);
        using var tar = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress)) gzip.CopyTo(tar);
        return new(name) { Documents = [], Base = (archive, RawTarget.Digest(tar.ToArray()), entries.Sum(e => e.Length)) };
    }
}
