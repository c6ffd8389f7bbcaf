using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Tests.Artifacts.Signing;
using Xunit;
using TarEntry = Strata.Artifacts.Tar.TarEntry;

namespace Strata.Tests.Artifacts.Bundles;

public sealed class BundleTests
{
    private static readonly TestPki Pki = TestPki.Shared;
    private static readonly byte[] Config = "schemaVersion: 2\n"u8.ToArray();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_put_in_comes_out_and_the_publisher_is_known()
    {
        var bundle = await BundleAsync(Config, ("service/amd64/run.py", "print(1)"), ("service/amd64/a", ""), ("b.tar.gz", "layer"));
        var verified = (await VerifyAsync(bundle)) is Verdict.Trusted trusted ? trusted.Bundle : throw new InvalidOperationException("refused");
        Assert.Equal(new ClientIdentity(ClientRole.Oem, "demo-oem.localhost", "oem-user"), verified.Publisher);
        Assert.Equal(Config, verified.Config.ToArray());
        Assert.Equal(["b.tar.gz=layer", "service/amd64/a=", "service/amd64/run.py=print(1)"], await EntriesAsync(verified, bundle));
    }

    [Fact]
    public async Task The_same_content_and_key_give_the_same_bytes() =>
        Assert.Equal(await BundleAsync(Config, ("a", "1"), ("b", "2")), await BundleAsync(Config, ("b", "2"), ("a", "1")));

    [Fact]
    public async Task The_outer_archive_has_exactly_three_members_that_another_reader_finds()
    {
        var bundle = await BundleAsync(Config, ("a", "1"));
        using var gzip = new GZipStream(new MemoryStream(bundle), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry) names.Add(entry.Name);
        Assert.Equal(["config.yaml", "batch.tar.gz", "package.sign"], names);
    }

    [Fact]
    public async Task A_bundle_changed_by_one_byte_anywhere_is_refused_unless_it_still_unpacks_to_the_same_bytes()
    {
        var bundle = await BundleAsync(Config, ("service/amd64/run.py", "print(1)"));
        var tar = Unpacked(bundle);
        var same = 0;
        foreach (var at in Enumerable.Range(0, bundle.Length))
        {
            var changed = bundle.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            if (await VerifyAsync(changed) is not Verdict.Trusted) continue;
            Assert.Equal(tar, Unpacked(changed)); // gzip has a few bytes that carry no content: its time, hints, spare codes
            same++;
        }
        Assert.InRange(same, 0, 20);
    }

    [Fact]
    public async Task A_member_changed_in_a_soundly_packed_bundle_is_refused()
    {
        var bundle = await BundleAsync(Config, ("a", "content"));
        var members = Members(bundle);
        await Gen.Int[0, 2].SelectMany(which => Gen.Int[0, members[which].Content.Length - 1].SelectMany(at => Gen.Byte[1, 255].Select(flip => (which, at, flip))))
            .SampleAsync(async change =>
            {
                var content = members[change.which].Content.ToArray();
                content[change.at] ^= change.flip;
                var changed = Pack(members.Select((m, i) => i == change.which ? (m.Name, content) : m));
                return await VerifyAsync(changed) is Verdict.Refused || Encoding.Latin1.GetString(content).Trim() == Encoding.Latin1.GetString(members[2].Content);
            }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Bundles_packed_by_other_tools_are_read_in_any_order()
    {
        var members = Members(await BundleAsync(Config, ("a", "1")));
        foreach (var order in new[] { members, [.. members.AsEnumerable().Reverse()] })
            foreach (var format in new[] { TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.Ustar, TarEntryFormat.V7 })
            {
                var packed = Pack(order.Select(m => ("./" + m.Name, m.Content)), format);
                Assert.True(await VerifyAsync(packed) is Verdict.Trusted, $"{format}");
            }
    }

    [Fact]
    public async Task Three_members_once_each_and_nothing_else()
    {
        var members = Members(await BundleAsync(Config, ("a", "1")));
        Assert.Contains("holds no batch.tar.gz", await DetailAsync(Pack(members.Where(m => m.Name != "batch.tar.gz"))), StringComparison.Ordinal);
        Assert.Contains("File 'config.yaml'", await DetailAsync(Pack([.. members, members[0]])), StringComparison.Ordinal);
        Assert.Contains("File 'extra'", await DetailAsync(Pack([.. members, ("extra", [1])])), StringComparison.Ordinal);
        Assert.Contains("cannot be read", await DetailAsync([1, 2, 3, 4, 5]), StringComparison.Ordinal);
        Assert.Contains("more than the 16384 allowed", await DetailAsync(Pack([("package.sign", new byte[20000])])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_expired_and_unborn_signers_are_told_apart()
    {
        var bundle = await BundleAsync(Config, ("a", "1"));
        Assert.Equal(Refusal.UnknownSigner, Reason(await VerifyAsync(bundle, signer: Pki.Sp)));
        Assert.Equal(Refusal.SignerOutOfTime, Reason(await VerifyAsync(bundle, days: 500)));
        Assert.Equal(Refusal.SignerOutOfTime, Reason(await VerifyAsync(bundle, days: -5)));
        var verifier = new BundleVerifier([Pki.Fleet.Certificate], new FixedClock(Pki.Now));
        Assert.Equal(Refusal.SignerNotTrusted, Reason(await verifier.VerifyAsync(new MemoryStream(bundle), [Pki.Oem.Certificate], _cancellation)));
    }

    [Fact]
    public async Task A_signature_over_other_records_is_refused()
    {
        var members = Members(await BundleAsync(Config, ("a", "1")));
        foreach (var (payload, reason) in new[]
        {
            ("""{"data":[]}""", Refusal.Malformed),
            ("""{"data":[{"name":"batch.tar.gz","hash":"00","size":1}]}""", Refusal.Malformed),
            ("""{"data":[{"name":"a","hash":"00","size":1},{"name":"b","hash":"00","size":1}]}""", Refusal.ContentMismatch),
            ("""{"data":[{"name":"a"},{"name":"b"}]}""", Refusal.Malformed),
            ("""[]""", Refusal.Malformed),
        })
        {
            var signature = Encoding.ASCII.GetBytes(Jws.Sign(Encoding.UTF8.GetBytes(payload), Pki.Oem.Certificate));
            Assert.Equal(reason, Reason(await VerifyAsync(Pack([members[0], members[1], ("package.sign", signature)]))));
        }
    }

    [Fact]
    public async Task An_inner_configuration_that_differs_is_refused_while_reading()
    {
        var inner = Pack([("config.yaml", "schemaVersion: 2 #\n"u8.ToArray()), ("a", [1])]);
        var bundle = Sign(Config, inner);
        var verified = ((Verdict.Trusted)await VerifyAsync(bundle)).Bundle;
        Assert.Contains("not the one beside it", (await Assert.ThrowsAsync<ContentMismatchException>(() => EntriesAsync(verified, bundle))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_twice_and_a_path_that_escapes_are_refused_while_reading()
    {
        foreach (var (names, fault) in new[] { (new[] { "config.yaml", "a", "a" }, ArchiveFault.Duplicate), (["config.yaml", "../a"], ArchiveFault.Escapes) })
        {
            var bundle = Sign(Config, Pack(names.Select(n => (n, n == "config.yaml" ? Config : [1]))));
            var verified = ((Verdict.Trusted)await VerifyAsync(bundle)).Bundle;
            Assert.Equal(fault, (await Assert.ThrowsAsync<ArchiveRefusedException>(() => EntriesAsync(verified, bundle))).Fault);
        }
    }

    [Fact]
    public async Task A_folder_that_stands_twice_is_refused_while_reading()
    {
        var inner = new MemoryStream();
        using (var tar = new TarWriter(inner, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "config.yaml") { DataStream = new MemoryStream(Config) });
            for (var i = 0; i < 2; i++) tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "app/opt"));
        }
        var bundle = Sign(Config, inner.ToArray());
        var verified = ((Verdict.Trusted)await VerifyAsync(bundle)).Bundle;
        Assert.Equal(ArchiveFault.Duplicate, (await Assert.ThrowsAsync<ArchiveRefusedException>(() => EntriesAsync(verified, bundle))).Fault);
    }

    [Fact]
    public async Task Another_bundle_in_place_of_the_verified_one_is_noticed_at_the_end()
    {
        var verified = ((Verdict.Trusted)await VerifyAsync(await BundleAsync(Config, ("a", "1")))).Bundle;
        var other = await BundleAsync(Config, ("a", "2"));
        await Assert.ThrowsAsync<ContentMismatchException>(() => EntriesAsync(verified, other));
    }

    private async Task<byte[]> BundleAsync(byte[] config, params (string Name, string Text)[] files)
    {
        var contents = files.Select(f =>
        {
            var bytes = Encoding.UTF8.GetBytes(f.Text);
            return new BundleContent(new TarEntry { Name = f.Name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = bytes.Length, Uid = 7, ModifiedAt = 9 }, () => new MemoryStream(bytes));
        });
        using var output = new MemoryStream();
        await new BundleWriter(Pki.Oem.Certificate).WriteAsync(config, contents, new MemoryStream(), output, null, _cancellation);
        return output.ToArray();
    }

    private static byte[] Sign(byte[] config, byte[] inner)
    {
        static string Record(string name, byte[] content) =>
            $$"""{"name":"{{name}}","hash":"{{Convert.ToHexStringLower(SHA3_512.HashData(content))}}","size":{{content.Length}}}""";
        var payload = $$"""{"data":[{{Record("batch.tar.gz", inner)}},{{Record("config.yaml", config)}}]}""";
        return Pack([("config.yaml", config), ("batch.tar.gz", inner), ("package.sign", Encoding.ASCII.GetBytes(Jws.Sign(Encoding.UTF8.GetBytes(payload), Pki.Oem.Certificate)))]);
    }

    private Task<Verdict> VerifyAsync(byte[] bundle, Credentials? signer = null, int days = 0) =>
        new BundleVerifier([Pki.Users.Certificate], new FixedClock(Pki.Now.AddDays(days)))
            .VerifyAsync(new MemoryStream(bundle), [(signer ?? Pki.Oem).Certificate], _cancellation);

    private async Task<string> DetailAsync(byte[] bundle) => Assert.IsType<Verdict.Refused>(await VerifyAsync(bundle)).Detail;

    private static Refusal Reason(Verdict verdict) => Assert.IsType<Verdict.Refused>(verdict).Reason;

    private async Task<List<string>> EntriesAsync(VerifiedBundle verified, byte[] bundle)
    {
        await using var reader = await BundleReader.OpenAsync(verified, new MemoryStream(bundle), null, _cancellation);
        var found = new List<string>();
        while (await reader.NextAsync(_cancellation) is { } entry)
        {
            using var text = new StreamReader(reader.Content, leaveOpen: true);
            found.Add($"{entry.Name}={await text.ReadToEndAsync(_cancellation)}");
        }
        return found;
    }

    private static byte[] Unpacked(byte[] gzip)
    {
        var tar = new MemoryStream();
        new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress).CopyTo(tar);
        return tar.ToArray();
    }

    private static List<(string Name, byte[] Content)> Members(byte[] bundle)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(bundle), CompressionMode.Decompress));
        var members = new List<(string, byte[])>();
        while (tar.GetNextEntry(copyData: true) is { } entry) members.Add((entry.Name, ((MemoryStream)entry.DataStream!).ToArray()));
        return members;
    }

    private static byte[] Pack(IEnumerable<(string Name, byte[] Content)> members, TarEntryFormat format = TarEntryFormat.Pax)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip, format))
            foreach (var (name, content) in members)
            {
                System.Formats.Tar.TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    _ => new V7TarEntry(TarEntryType.V7RegularFile, name),
                };
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        return output.ToArray();
    }
}
