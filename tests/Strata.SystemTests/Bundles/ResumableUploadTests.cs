using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary>Uploads against a hub in Python, written from the protocol, that is killed and started again; and the vendor's command line.</summary>
public sealed class ResumableUploadTests : IAsyncLifetime
{
    private const int Refused = 3;
    private readonly TestFolder _folder = new();
    private Process? _hub;
    private string _port = "0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ = new TestPki(_folder["pki"]);
        await Tool.OutputAsync("openssl", "pkcs12", "-in", _folder["pki/hub.p12"], "-passin", "pass:", "-clcerts", "-nodes", "-out", _folder["hub.pem"]);
        await BundleAsync(8_000_000);
    }

    /// <summary>What has a bundle's form; the hub of these tests looks no further.</summary>
    private async Task BundleAsync(int bytes)
    {
        Directory.CreateDirectory(_folder["inside"]);
        foreach (var name in new[] { "config.yaml", "package.sign" }) await File.WriteAllTextAsync(_folder[$"inside/{name}"], name, Cancellation);
        await File.WriteAllBytesAsync(_folder["inside/batch.tar.gz"], RandomNumberGenerator.GetBytes(bytes), Cancellation);
        await Tool.OutputAsync("tar", "-czf", _folder["batch.tar.gz"], "-C", _folder["inside"], "config.yaml", "batch.tar.gz", "package.sign");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_upload_survives_the_end_of_the_client_and_of_the_hub_and_arrives_whole()
    {
        await StartAsync("slow");
        using (var client = Tool.Start(Tool.Strata, Upload()))
        {
            await UntilAsync(() => Kept() > 500_000);
            client.Kill(); // SIGKILL: nothing can be tidied up
            await client.WaitForExitAsync(Cancellation);
        }
        Assert.True(File.Exists(_folder["batch.tar.gz.upload"]));

        using var again = Tool.Start(Tool.Strata, Upload());
        var (output, error) = (again.StandardOutput.ReadToEndAsync(Cancellation), again.StandardError.ReadToEndAsync(Cancellation));
        await UntilAsync(() => Calls().Count(c => c.StartsWith("PATCH", StringComparison.Ordinal)) > 1); // it went on, and is in the middle of it
        var before = Kept();
        await UntilAsync(() => Kept() > before + 300_000);
        await KillAsync();
        await AskedInVainAsync();
        await StartAsync();
        await again.WaitForExitAsync(Cancellation);
        Assert.True(again.ExitCode == 0, await error);
        Assert.Contains("Going on at ", await error, StringComparison.Ordinal);

        using var bundle = JsonDocument.Parse(await output);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_folder["batch.tar.gz"], Cancellation)))}";
        Assert.Equal(digest, bundle.RootElement.GetProperty("digest").GetString());
        Assert.False(File.Exists(_folder["batch.tar.gz.upload"]));
        var calls = Calls();
        Assert.Single(calls, c => c.StartsWith("POST", StringComparison.Ordinal)); // one upload, taken up twice
        Assert.True(calls.Count(c => c.StartsWith("PATCH", StringComparison.Ordinal)) >= 3);
        Assert.Single(calls, "PATCH 0");
    }

    [Fact]
    public async Task A_changed_bundle_begins_anew_and_a_hub_without_resumption_gets_it_in_one_piece()
    {
        await StartAsync("slow");
        using (var client = Tool.Start(Tool.Strata, Upload()))
        {
            await UntilAsync(() => Kept() > 300_000);
            client.Kill();
            await client.WaitForExitAsync(Cancellation);
        }
        await KillAsync();
        await BundleAsync(300_000);
        await StartAsync("one-piece");
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, Upload());
        Assert.True(code == 0, error);
        Assert.DoesNotContain("Going on", error, StringComparison.Ordinal);
        Assert.Contains($"\"fileSize\":{new FileInfo(_folder["batch.tar.gz"]).Length},", output, StringComparison.Ordinal);
        Assert.Contains("POST /api/v11/deployment-bundles/upload/", await File.ReadAllLinesAsync(_folder["kept/log"], Cancellation));
    }

    [Fact]
    public async Task A_bundle_that_is_refused_at_once_ends_in_a_refusal_also_for_who_does_not_wait()
    {
        await StartAsync("refusing");
        await LayerFolderAsync();
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, "bundle", "go", "--no-wait", "--config", _folder["work/config.yaml"]);
        Assert.Equal((Refused, true), (code, output.StartsWith("error: bundle ", StringComparison.Ordinal)));
        Assert.Contains("It is wrong.", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_is_watched_to_its_end_over_a_connection_that_breaks()
    {
        await StartAsync();
        var (_, uploaded, _) = await Tool.RunAsync(Tool.Strata, Upload());
        using var bundle = JsonDocument.Parse(uploaded);
        string[] hub = ["--hub", $"https://localhost:{_port}/", "--key", _folder["pki/aos-user-oem.p12"]];
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ["bundle", "watch", bundle.RootElement.GetProperty("id").GetString()!, .. hub]);
        Assert.Equal(Refused, code);
        Assert.StartsWith("error: bundle ", output, StringComparison.Ordinal);
        Assert.Contains("received  It arrived.", error, StringComparison.Ordinal);
        Assert.Contains("verified  warning: It is odd.", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', error);
        Assert.Equal(1, error.Split("It arrived.").Length - 1);
        Assert.Contains("LOG after 1", await File.ReadAllLinesAsync(_folder["kept/log"], Cancellation));
    }

    [Fact]
    public async Task Scripts_of_the_vendors_signer_find_its_verbs_lines_files_and_exit_codes()
    {
        await StartAsync();
        await LayerFolderAsync();
        var (code, output, error) = await SignerAsync("validate");
        Assert.Equal((0, "Starting CONFIG VALIDATION process...\nValidating config... VALID\n", ""), (code, output, error));
        (code, output, error) = await SignerAsync(); // signs when no verb is given
        Assert.True(code == 0, error);
        Assert.Contains($"Service package created: {_folder["work/batch.tar.gz"]}", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["work/batch.tar.gz"]));
        (code, output, error) = await Tool.RunAsync(Tool.Strata, [.. Upload("work/batch.tar.gz"), "--dry-run"]);
        Assert.True(code == 0, error);
        Assert.Contains("\"dryRun\":true", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), c => c.StartsWith("POST", StringComparison.Ordinal));
        (code, output, error) = await SignerAsync("go", "--skip-check-version");
        Assert.True(code == 0, error);
        Assert.EndsWith("Uploading... DONE\nService successfully uploaded!\n", output, StringComparison.Ordinal);

        File.Delete(_folder["work/tools/linux-amd64-1.0.0.tar.gz"]);
        (code, output, error) = await SignerAsync("sign");
        Assert.Equal(1, code);
        Assert.EndsWith("Validating config... ERROR\n", output, StringComparison.Ordinal);
        Assert.StartsWith("Process failed with error: config.yaml:2:", error, StringComparison.Ordinal);
        (code, output, error) = await SignerAsync("--version");
        Assert.True(code == 0, error);
        Assert.Equal(await Tool.OutputAsync(Tool.Strata, "--version"), output);
        File.Delete(_folder["work/config.yaml"]);
        (code, _, error) = await SignerAsync("go");
        Assert.Equal((1, "Process failed with error: Config file config.yaml not found. Exiting...\n"), (code, error));
    }

    /// <summary>A folder with a layer to be signed.</summary>
    private async Task LayerFolderAsync()
    {
        Directory.CreateDirectory(_folder["work/tools"]);
        foreach (var name in new[] { "aos-user-oem.p12", "fleet-root.crt" }) File.Copy(_folder[$"pki/{name}"], _folder[$"work/{name}"]);
        await Tool.OutputAsync("tar", "-czf", _folder["work/tools/linux-amd64-1.0.0.tar.gz"], "-C", "/bin", "true");
        await File.WriteAllTextAsync(_folder["work/config.yaml"], $$"""
            publish: {tlsKey: aos-user-oem.p12, domain: 'localhost:{{_port}}'}
            items: [{identity: {type: layer, codename: tools}, version: 1.0.0, images: [{archInfo: {architecture: amd64}, path: linux-amd64-1.0.0.tar.gz}]}]
            """, Cancellation);
    }

    /// <summary>Waits until the hub that ended is asked once more.</summary>
    private async Task AskedInVainAsync()
    {
        using var away = new TcpListener(IPAddress.Loopback, int.Parse(_port, CultureInfo.InvariantCulture));
        away.Start();
        using var asked = await away.AcceptTcpClientAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private Task<(int Code, string Output, string Error)> SignerAsync(params string[] arguments) =>
        Tool.RunAsync("sh", ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", _folder["work"], Tool.Strata, "aos-signer", .. arguments]);

    private string[] Upload(string file = "batch.tar.gz") => ["bundle", "upload", _folder[file], "--config", _folder["none.yaml"], "--hub", $"https://localhost:{_port}/", "--key", _folder["pki/aos-user-oem.p12"], "--json"];

    private string[] Calls() => File.Exists(_folder["kept/log"]) ? File.ReadAllLines(_folder["kept/log"]) : [];

    private long Kept() => !Directory.Exists(_folder["kept"]) ? 0
        : Directory.EnumerateFiles(_folder["kept"]).Where(f => !Path.HasExtension(f) && Path.GetFileName(f) != "log").Select(f => new FileInfo(f).Length).DefaultIfEmpty().Max();

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20, Cancellation))
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "It did not come so far.");
    }

    private async Task StartAsync(params string[] options)
    {
        var script = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Bundles/tus_hub.py");
        _hub = Tool.Start("python3", [script, _folder["kept"], _port, _folder["hub.pem"], _folder["hub.pem"], _folder["pki/users-root.crt"], .. options]);
        _port = (await _hub.StandardOutput.ReadLineAsync(Cancellation)) ?? throw new InvalidOperationException(await _hub.StandardError.ReadToEndAsync(Cancellation));
        Assert.True(int.Parse(_port, CultureInfo.InvariantCulture) > 0);
    }

    private async Task KillAsync()
    {
        if (_hub is null) return;
        _hub.Kill();
        await _hub.WaitForExitAsync(CancellationToken.None);
        _hub.Dispose();
        _hub = null;
    }
}
