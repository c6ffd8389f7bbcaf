using System.Net;
using System.Net.Sockets;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub;

/// <summary>A hub that cannot start says so in one sentence, without a stack trace, and leaves with a documented code.</summary>
public sealed class HubStartTests : IDisposable
{
    private const int Failed = 1, Usage = 2, Refused = 3;
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_port_in_use_is_named_with_a_remedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await StartsNotAsync(Failed, [$":{port}", "name another port"], Pki(), "--api-port", $"{port}");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named_with_a_remedy() =>
        await StartsNotAsync(Failed, ["192.0.2.1", "--bind"], Pki(), "--bind", "192.0.2.1", "--api-port", "0");

    [Fact]
    public async Task A_change_log_that_is_none_is_named_with_a_remedy()
    {
        Directory.CreateDirectory(_folder["data"]);
        await File.WriteAllTextAsync(_folder["data/hub.db"], new string('x', 5000), TestContext.Current.CancellationToken);
        await StartsNotAsync(Failed, ["data/hub.db", "Restore it from a backup"], Pki());
    }

    [Fact]
    public async Task A_file_in_place_of_the_data_folder_is_named()
    {
        await File.WriteAllTextAsync(_folder["data"], "", TestContext.Current.CancellationToken);
        await StartsNotAsync(Failed, ["data is a file; name a folder"], Pki());
    }

    [Fact]
    public async Task A_folder_that_is_no_PKI_is_refused() => await StartsNotAsync(Refused, ["users-root.crt", "strata pki init"], _folder["nothing"]);

    [Theory]
    [InlineData("aos-user-oem.p12", "release.p12", "was not issued under a root trusted here")]
    [InlineData("aos-user-oem.p12", "hub.p12", "was not issued under a root trusted here")]
    [InlineData("hub.p12", "release.p12", "was not issued for this use")]
    [InlineData("release.p12", "hub.p12", "was not issued for this use")]
    public async Task A_certificate_in_the_place_of_another_is_refused(string certificate, string place, string words)
    {
        var pki = Pki();
        File.Copy(Path.Combine(pki, certificate), Path.Combine(pki, place), overwrite: true);
        await StartsNotAsync(Refused, [place, words, "Units would refuse it"], pki);
    }

    [Fact]
    public async Task An_empty_argument_is_a_usage_error() => await StartsNotAsync(Usage, ["empty"], "");

    private string Pki()
    {
        _ = new TestPki(_folder["pki"]);
        return _folder["pki"];
    }

    private async Task StartsNotAsync(int expected, string[] words, string pki, params string[] options)
    {
        // A port that is taken meanwhile would be another reason not to start, and one that it held would stop the hub of another test.
        var ports = new[] { "--api-port", "--units-port", "--blobs-port", "--portal-port", "--portal-mtls-port" }.Except(options).SelectMany(port => new[] { port, "0" });
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ["hub", "--data", _folder["data"], "--pki", pki, .. ports, .. options]);
        Assert.True(code == expected, $"{code} instead of {expected}: {error}");
        Assert.Empty(output);
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
