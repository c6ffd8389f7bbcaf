using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary>The <c>pki</c> and <c>bundle</c> commands as processes, judged by openssl and Python.</summary>
public sealed class BundleCommandTests(BundleCommandTests.MadeOnce made) : IClassFixture<BundleCommandTests.MadeOnce>, IAsyncLifetime
{
    private const int Refused = 3, Unavailable = 4, Cancelled = 130;
    private const string Layer = """
        schemaVersion: 2
        publish: {tlsKey: aos-user-oem.p12}
        items:
          - identity: {type: layer, codename: pylibs}
            version: 1.0.0
            images:
              - archInfo: {architecture: amd64}
                path: aos-pylibs-layer/linux-amd64-1.0.0.tar.gz
        """;

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Tool.OutputAsync("cp", "-a", made.Folder["pki"], _folder["pki"]);
        Directory.CreateDirectory(_folder["pki/aos-pylibs-layer"]);
        await File.WriteAllBytesAsync(_folder["pki/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz"], new byte[5_000_000], Cancellation);
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer, Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_certificate_verifies_with_openssl_for_its_purpose_and_no_other_root()
    {
        await Tool.OutputAsync(Tool.Strata, "pki", "unit", _folder["pki"], "unit-1");
        foreach (var (file, root, purpose) in new[]
        {
            ("aos-user-oem.p12", "users-root.crt", "sslclient"),
            ("aos-user-sp.p12", "users-root.crt", "sslclient"),
            ("hub.p12", "fleet-root.crt", "sslserver"),
            ("units/unit-1.p12", "fleet-root.crt", "sslclient"),
            ("release.p12", "fleet-root.crt", "any"),
        })
        {
            await PemAsync(file);
            string[] verify = ["verify", "-x509_strict", "-purpose", purpose, "-untrusted", _folder["chain.pem"], _folder["leaf.pem"]];
            await Tool.OutputAsync("openssl", [.. verify[..1], "-CAfile", _folder[$"pki/{root}"], .. verify[1..]]);
            var other = root == "users-root.crt" ? "fleet-root.crt" : "users-root.crt";
            Assert.NotEqual(0, (await Tool.RunAsync("openssl", [.. verify[..1], "-CAfile", _folder[$"pki/{other}"], .. verify[1..]])).Code);
        }
        foreach (var secret in Directory.EnumerateFiles(_folder["pki"], "*", SearchOption.AllDirectories).Where(f => f.EndsWith(".key", StringComparison.Ordinal) || f.EndsWith(".p12", StringComparison.Ordinal)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
    }

    [Fact]
    public async Task Keys_are_never_overwritten()
    {
        var before = await File.ReadAllBytesAsync(_folder["pki/users-root.key"], Cancellation);
        Assert.Equal(Refused, (await Tool.RunAsync(Tool.Strata, "pki", "init", _folder["pki"])).Code);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["pki/users-root.key"], Cancellation));
    }

    [Fact]
    public async Task A_signed_bundle_is_accepted_by_a_verifier_that_shares_no_code_with_ours()
    {
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
        await PemAsync("aos-user-oem.p12");
        var script = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Bundles/verify_bundle.py");
        var names = await Tool.OutputAsync("python3", script, _folder["pki/batch.tar.gz"], _folder["leaf.pem"], _folder["pki/users-root.crt"]);
        Assert.Equal(["aos-pylibs-layer/linux-amd64-1.0.0.tar.gz", "config.yaml"], names.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Every_mistake_in_the_files_is_named_and_nothing_is_left()
    {
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer
            + "\n      - archInfo: {architecture: arm64}\n        path: aos-pylibs-layer"
            + "\n      - archInfo: {architecture: arm}\n        path: missing.tar.gz\n", Cancellation);
        await File.WriteAllBytesAsync(_folder["pki/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz"], [], Cancellation);
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
        Assert.Equal((Refused, ""), (code, output));
        Assert.Contains("for 3 reasons", error, StringComparison.Ordinal);
        Assert.Contains("is empty; no unit takes a layer of 0 bytes", error, StringComparison.Ordinal);
        Assert.Contains("'aos-pylibs-layer' is a folder; the payload must be a file.", error, StringComparison.Ordinal);
        Assert.Contains("'missing.tar.gz' is not there; looked for", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["pki"], "batch*"));
    }

    [Fact]
    public async Task A_missing_certificate_and_a_key_that_cannot_sign_are_named()
    {
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer.Replace("aos-user-oem", "nobody", StringComparison.Ordinal), Cancellation);
        Assert.Contains("publish.tlsKey names 'nobody.p12', which is not there", await RefusedAsync(), StringComparison.Ordinal);
        await Tool.OutputAsync(Tool.Strata, "pki", "unit", _folder["pki"], "unit-1");
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer.Replace("aos-user-oem", "units/unit-1", StringComparison.Ordinal), Cancellation);
        Assert.Contains("has no RSA key; it can connect and cannot sign", await RefusedAsync(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["pki/aos-user-oem.p12"], "no certificate", Cancellation);
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer, Cancellation);
        Assert.Contains("It must be PKCS #12 with an empty password", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_hub_would_refuse_at_once_is_refused_before_it_is_sent()
    {
        string[] upload = ["bundle", "upload", "--config", _folder["pki/config.yaml"], "--hub", "https://localhost:1/"];
        foreach (var (file, reason) in new[] { ("pki/config.yaml", "is no signed bundle, and was not sent."), ("pki/aos-pylibs-layer", "is a folder; name the bundle in it") })
        {
            var (code, _, error) = await Tool.RunAsync(Tool.Strata, [.. upload, _folder[file]]);
            Assert.Equal(Refused, code);
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(_folder["pki/config.yaml"], Layer.Replace("aos-user-oem", "aos-user-sp", StringComparison.Ordinal), Cancellation);
        Assert.Contains("is of the role 'sp': pylibs cannot be signed with it. Use a certificate of the role 'oem'.", await RefusedAsync(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["pki/batch.tar.gz"]));
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_named_with_its_port()
    {
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "bundle", "upload", "--config", _folder["pki/config.yaml"], "--hub", "https://localhost:1/");
        Assert.Equal(Unavailable, code);
        Assert.Contains("Nothing answers at localhost:1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_while_signing_it_leaves_nothing_and_the_next_run_works()
    {
        await using (var big = File.Create(_folder["pki/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz"])) big.SetLength(1L << 30);
        using var process = Tool.Start(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
        while (!File.Exists(_folder["pki/batch.tar.gz.part"])) await Task.Delay(5, Cancellation);
        await Tool.OutputAsync("kill", "-INT", $"{process.Id}");
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(Cancelled, process.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_folder["pki"], "batch*"));
        await using (var small = File.Create(_folder["pki/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz"])) small.SetLength(1000);
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
    }

    private async Task<string> RefusedAsync()
    {
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, "bundle", "sign", "--config", _folder["pki/config.yaml"]);
        Assert.Equal(Refused, code);
        return error;
    }

    /// <summary>Makes leaf.pem and chain.pem of a p12, with openssl.</summary>
    private async Task PemAsync(string p12)
    {
        await Tool.OutputAsync("openssl", "pkcs12", "-in", _folder[$"pki/{p12}"], "-passin", "pass:", "-clcerts", "-nokeys", "-out", _folder["leaf.pem"]);
        await Tool.OutputAsync("openssl", "pkcs12", "-in", _folder[$"pki/{p12}"], "-passin", "pass:", "-cacerts", "-nokeys", "-out", _folder["chain.pem"]);
    }

    /// <summary>Keys take seconds to make, so all tests share one set.</summary>
    public sealed class MadeOnce : IAsyncLifetime
    {
        internal TestFolder Folder { get; } = new();

        public async ValueTask InitializeAsync() => await Tool.OutputAsync(Tool.Strata, "pki", "init", Folder["pki"]);

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
